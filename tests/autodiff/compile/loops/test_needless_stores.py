"""Stores that nothing reads are left out, with the steps that then do nothing."""

from __future__ import annotations

import numpy as onp

from autodiff.compile.ir import Program, Value
from autodiff.compile.loops.needless_stores import without_needless_stores
from autodiff.compile.loops.nest import Linear, Nest, Piece, Scalar, Store
from autodiff.compile.loops.steps import NestStep

FLOAT = onp.dtype(float)
VALUES = tuple(Value("input", (), (("index", k),), (4, 3), FLOAT, (24, 8)) for k in range(5))
AT = Linear((3, 1))


def copied(source: int, *targets: int) -> NestStep:
    """a1 = a2 = ... = a0."""
    load = Scalar("load", (), FLOAT, (0, AT))
    stores = tuple(Store(k, AT, 0) for k in range(1, len(targets) + 1))
    piece = Piece(((0, 4), (0, 3)), (load,), stores)
    return NestStep(Nest((4, 3), (piece,), 1 + len(targets)), (source, *targets))


def test_what_is_read_later_or_leaves_stays() -> None:
    steps = [copied(0, 1, 2), copied(2, 3)]
    program = Program(VALUES, (1, 3))
    found = without_needless_stores(program, steps)
    assert [step.writes for step in found] == [{1, 2}, {3}]


def test_what_nothing_reads_goes_and_arguments_are_numbered_anew() -> None:
    (found,) = without_needless_stores(Program(VALUES, (3,)), [copied(0, 1, 2, 3)])
    assert isinstance(found, NestStep)
    assert found.roots == (0, 3)
    assert found.nest.arguments == 2
    assert [store.argument for store in found.nest.pieces[0].stores] == [1]


def test_steps_without_stores_go() -> None:
    assert without_needless_stores(Program(VALUES, (2,)), [copied(0, 1), copied(0, 2)]) == [
        *without_needless_stores(Program(VALUES, (2,)), [copied(0, 2)])
    ]


def test_axes_that_are_crossed_evenly_become_one() -> None:
    (found,) = without_needless_stores(Program(VALUES, (1,)), [copied(0, 1)])
    assert isinstance(found, NestStep)
    assert str(found.nest).splitlines() == [
        "for i0 in 0:12",
        "  s0 = load a0[i0] : float64",
        "  a1[i0] = s0",
    ]
