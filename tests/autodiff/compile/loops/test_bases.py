"""Equal nests over different rows become one."""

from __future__ import annotations

from typing import Any

import numpy as onp

import autodiff.numpy as np
from autodiff.compile.loops.bases import with_bases
from autodiff.compile.loops.loop_program import loop_program
from autodiff.compile.loops.nest import Linear, Nest, Piece, Scalar, Store
from autodiff.compile.loops.steps import NestStep
from autodiff.compile.lowering import lower
from autodiff.compile.passes import optimized
from autodiff.compile.recording import record

FLOAT = onp.dtype(float)


def copied(source: int, target: int, roots: tuple[int, ...] = (7, 9)) -> NestStep:
    """a1[i + target] = a0[2 i + source] + a0[2 i + source - 1] for i below 5."""
    loads = [
        Scalar("load", (), FLOAT, (0, Linear((2,), offset))) for offset in (source, source - 1)
    ]
    total = Scalar("add", (0, 1), FLOAT, None, FLOAT)
    store = Store(1, Linear((1,), target), 2)
    return NestStep(Nest((5,), (Piece(((0, 5),), (*loads, total), (store,)),), 2), roots)


def test_nests_that_differ_in_where_they_begin_are_equal_then() -> None:
    first, second = with_bases(copied(1, 0)), with_bases(copied(41, 30))
    assert isinstance(first, NestStep)
    assert isinstance(second, NestStep)
    assert first.nest == second.nest == copied(1, 0).nest
    assert (first.bases, second.bases) == ((), (40, 30))


def test_offsets_that_arguments_do_not_share_stay() -> None:
    assert with_bases(copied(3, 2)) == NestStep(copied(1, 0).nest, (7, 9), (2, 2))


def test_loops_that_run_backwards_begin_at_the_last_element() -> None:
    backwards = Store(1, Linear((-1,), 34), 2)
    nest = Nest((5,), (Piece(((0, 5),), copied(1, 0).nest.pieces[0].scalars, (backwards,)),), 2)
    moved = with_bases(NestStep(nest, (7, 9)))
    assert isinstance(moved, NestStep)
    assert moved.bases == (0, 30)
    assert moved.nest.pieces[0].stores[0].element == Linear((-1,), 4)


def test_arguments_never_begin_before_an_array() -> None:
    fun = lambda x: [np.roll(x[2 * k], 3) for k in range(4)]  # noqa: E731
    loops = loop_program(optimized(lower(record(fun, onp.ones((8, 9))))))
    steps = [step for step in loops.steps if isinstance(step, NestStep)]
    assert [step.bases for step in steps] == [(), (18, 0), (36, 0), (54, 0)]
    assert len({step.nest for step in steps}) == 1


def test_rows_of_an_array_take_one_nest_and_the_listing_says_where_they_begin() -> None:
    def fun(x: Any) -> Any:
        return [np.tanh(x[k]) for k in range(6)]

    loops = loop_program(optimized(lower(record(fun, onp.ones((6, 5))))))
    nests = {step.nest for step in loops.steps if isinstance(step, NestStep)}
    assert len(loops.steps) == 6
    assert len(nests) == 1
    assert "# a0 = %0[25:], a1 = %" in str(loops)
