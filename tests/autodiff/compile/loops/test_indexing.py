"""Index arrays: which element of the array each element of the result is, as NumPy has it."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest
from loop_interpreter import interpret

import autodiff.numpy as np
from autodiff.compile import record
from autodiff.compile.loops.indexing import entries_of, is_supported, result_shape, slots_of
from autodiff.compile.loops.loop_program import loop_program
from autodiff.compile.lowering import lower
from autodiff.compile.operations import Group, Slot
from autodiff.compile.passes import optimized

X = onp.arange(120.0).reshape(2, 3, 4, 5)
P, Q, R = onp.array([1, 0, -1]), onp.array([[0], [-2]]), onp.array([2, -3, 1])

INDICES: dict[str, Any] = {
    "the first axis": P,
    "the last axis": (Ellipsis, R),
    "in the middle": (slice(None), Q),
    "two neighbours": (slice(None), Q, R),
    "two apart": (P, slice(None), R),
    "two apart, a slice between that steps": (P, slice(None, None, -2), R, slice(1, 4)),
    "three": (P, Q, R),
    "with a new axis": (None, P, None, slice(1)),
    "a new axis between": (P, None, R),
    "a number beside": (1, slice(None), R),
    "a number next to it": (slice(None), 2, R),
    "a number behind": (P, slice(None), slice(None), -1),
    "with dots": (P, Ellipsis, R),
    "dots first": (Ellipsis, R, 0),
    "all four": (P, 1, R, Q),
}


@pytest.mark.parametrize("name", INDICES)
def test_every_kind_of_index(name: str) -> None:
    index = INDICES[name]
    entries = index if isinstance(index, tuple) else (index,)
    arrays = [e for e in entries if isinstance(e, onp.ndarray)]

    def fun(x: Any, *given: Any) -> Any:
        rest = iter(given)
        made = tuple(next(rest) if isinstance(e, onp.ndarray) else e for e in entries)
        return x[made] * 1.5

    program = optimized(lower(record(fun, X, *arrays)))
    assert "gather" in [value.op for value in program.values]
    (got,) = interpret(loop_program(program), (X, *arrays))
    onp.testing.assert_array_equal(got, fun(X, *arrays))


def test_forms() -> None:
    form = Group(tuple, (0, 1, 2), (Slot(1), Group(slice, (0, 1, 2), (None, None, None)), Slot(2)))
    assert slots_of(form) == [1, 2]
    assert entries_of(Slot(1)) == [Slot(1)]
    assert result_shape([(2, 3, 4), (5,), (2, 1)], form, (2, 3, 4)) == (2, 5, 3)


def test_masks_and_what_is_no_index_array_are_not_supported() -> None:
    program = optimized(lower(record(lambda x, k, b: (x, k, b), X, P, P > 0)))
    values = program.values
    assert is_supported(Slot(1), values)
    assert not is_supported(Slot(2), values)  # truth values
    assert not is_supported(Group(tuple, (0,), (True,)), values)
    inside = Group(slice, (0, 1, 2), (None, Slot(1), None))
    assert not is_supported(Group(tuple, (0,), (inside,)), values)


def test_a_computed_index_is_checked_and_read() -> None:
    program = optimized(lower(record(lambda x, k: np.take(x, (k + 1) % 3, 1) * 2, X, P)))
    (got,) = interpret(loop_program(program), (X, P))
    onp.testing.assert_array_equal(got, onp.take(X, (P + 1) % 3, 1) * 2)
