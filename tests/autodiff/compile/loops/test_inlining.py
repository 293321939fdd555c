"""What an element is: loads through views, and cuts where the counter decides what is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff.compile import record
from autodiff.compile.ir import Program
from autodiff.compile.loops.inlining import Inliner, NeedStoreError, SplitError
from autodiff.compile.loops.loop_program import NestStep, loop_program
from autodiff.compile.loops.memory_views import places_of
from autodiff.compile.loops.nest import Linear, Nest, Piece, Scalar
from autodiff.compile.loops.ranges import integer_ranges
from autodiff.compile.loops.storing import Memory, stored_values
from autodiff.compile.lowering import lower
from autodiff.compile.passes import optimized

V = onp.arange(10.0)
X = onp.arange(20.0).reshape(4, 5)


def _program(fun: Callable[..., Any], *args: Any) -> Program:
    return optimized(lower(record(fun, *args)))


def _nest(fun: Callable[..., Any], *args: Any) -> Nest:
    """The only step of a program, its arguments beginning at element 0."""
    (step,) = loop_program(_program(fun, *args)).steps
    assert isinstance(step, NestStep)
    bases = step.bases or (0,) * len(step.roots)

    def whole(piece: Piece) -> Piece:
        return replace(piece, scalars=tuple(_from_base(s, bases) for s in piece.scalars))

    return replace(step.nest, pieces=tuple(map(whole, step.nest.pieces)))


def _from_base(scalar: Scalar, bases: Sequence[int]) -> Scalar:
    if scalar.op != "load":
        return scalar
    argument, element = scalar.detail
    return replace(scalar, detail=(argument, element.plus(bases[argument])))


def _boxes(fun: Callable[..., Any], *args: Any) -> list[Any]:
    return [piece.box for piece in _nest(fun, *args).pieces]


def _loads(nest: Nest) -> list[list[str]]:
    return [[str(s.detail[1]) for s in piece.scalars if s.op == "load"] for piece in nest.pieces]


def test_views_disappear_into_the_index() -> None:
    assert _loads(_nest(lambda x: x.T[1:, ::-1] * 2, X)) == [["-5*i0 + i1 + 16"]]
    nest = _nest(lambda v: v[::-2] * v[:5], V)
    assert _loads(nest) == [["-2*i0 + 9", "i0"]]
    nest = _nest(lambda x: np.broadcast_to(x[0], (3, 5)) + x[1:], X)
    assert _loads(nest) == [["i1", "5*i0 + i1 + 5"]]


def test_shifts_cut_the_innermost_axis() -> None:
    nest = _nest(lambda v: np.roll(v, 3) * 2, V)
    assert [piece.box for piece in nest.pieces] == [((0, 3),), ((3, 10),)]
    assert _loads(nest) == [["i0 + 7"], ["i0 - 3"]]
    assert _boxes(lambda v: np.roll(v, 3) * np.roll(v, -1), V) == [((0, 3),), ((3, 9),), ((9, 10),)]
    assert _boxes(lambda v: np.roll(v, 3) * np.roll(v, 3), V) == [((0, 3),), ((3, 10),)]


def test_shifts_along_other_axes_wrap_outside_of_the_innermost_loop() -> None:
    nest = _nest(lambda x: np.roll(x, 1, 0) - x, X)
    assert len(nest.pieces) == 1
    (wrapped,) = [s for s in nest.pieces[0].scalars if s.op == "wrapped"]
    assert wrapped.detail == (Linear((1, 0), -1), 4)


def test_joins_cut_at_their_seams() -> None:
    fun = lambda v, x: np.concatenate([v, x[0], v[:2]]) * 2  # noqa: E731
    assert _boxes(fun, V, X) == [((0, 10),), ((10, 15),), ((15, 17),)]
    backwards = lambda v, x: np.concatenate([v, x[0]])[::-1] * 2  # noqa: E731
    assert _boxes(backwards, V, X) == [((0, 5),), ((5, 15),)]


def test_edges_cut_on_both_sides() -> None:
    assert _boxes(lambda v: np.pad(v, (2, 1)) * 2, V) == [((0, 2),), ((2, 12),), ((12, 13),)]


def test_what_is_common_is_computed_once() -> None:
    (piece,) = _nest(lambda v: (v * 2 + 1) * (v * 2 - 1), V).pieces
    assert [s.op for s in piece.scalars].count("multiply") == 2
    assert [s.op for s in piece.scalars].count("load") == 1


def _inliner(program: Program, *box: tuple[int, int]) -> Inliner:
    strides = stored_values(program)
    memory = Memory(strides, places_of(program, strides), integer_ranges(program))
    return Inliner(program, memory, box, lambda k: k)


PROGRAM = _program(lambda v: v * 2, V)


def test_ranges_of_coordinates() -> None:
    inliner = _inliner(PROGRAM, (2, 5), (0, 7))
    assert inliner.range_of(Linear((1, 0))) == (2, 4)
    assert inliner.range_of(Linear((3, -2), 1)) == (6 - 12 + 1, 12 + 1)
    assert inliner.range_of(Linear((0, 0), -4)) == (-4, -4)


@pytest.mark.parametrize(
    ("at", "limit", "wanted"),
    [
        (Linear((1,)), 5, True),
        (Linear((1,)), 2, False),
        (Linear((1,), 10), 3, False),
        (Linear((-1,), 4), 3, True),
        (Linear((1,)), 3, 3),
        (Linear((1,)), 4, 4),
        (Linear((2,)), 7, 4),
        (Linear((-1,), 4), 1, 4),
        (Linear((-2,), 8), 3, 3),
    ],
)
def test_the_box_is_cut_before_the_first_counter_that_differs(
    at: Linear, limit: int, wanted: Any
) -> None:
    """For counters 2, 3, 4: a bool, or where the box is to be cut."""
    inliner = _inliner(PROGRAM, (2, 5))
    truth = [at.counters[0] * i + at.offset < limit for i in (2, 3, 4)]
    if isinstance(wanted, bool):
        assert inliner.below(at, limit, 0) is wanted
        assert truth == [wanted] * 3
    else:
        with pytest.raises(SplitError) as error:
            inliner.below(at, limit, 0)
        assert (error.value.axis, error.value.at) == (0, wanted)
        halves = truth[: wanted - 2], truth[wanted - 2 :]
        assert all(half and len(set(half)) == 1 for half in halves)


def test_two_counters_in_one_comparison_need_memory() -> None:
    with pytest.raises(NeedStoreError):
        _inliner(PROGRAM, (0, 5), (0, 5)).below(Linear((1, 1)), 3, 0)


def test_a_shift_of_what_was_reshaped_is_stored_first() -> None:
    """Its index is a sum of two counters, which no cut of the box makes simple."""
    program = _program(lambda v: np.reshape(np.roll(v * 2, 3), (2, 5)).T * 2, V)
    assert len(loop_program(program).steps) == 2
