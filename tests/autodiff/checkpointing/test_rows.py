"""Rows: plain ones in one array, traced ones recorded."""

from __future__ import annotations

import numpy as onp

from autodiff import grad
from autodiff.checkpointing.rows import Rows


def test_rows_keep_shape_and_dtype() -> None:
    rows = Rows(2)
    rows.put(0, [onp.float32(1.0), onp.array([1, 2]), None])
    rows.put(1, [onp.float32(2.0), onp.array([3, 4]), None])
    numbers, pairs, nothing = rows.stacked()
    assert numbers.dtype == onp.float32
    onp.testing.assert_array_equal(numbers, [1.0, 2.0])
    onp.testing.assert_array_equal(pairs, [[1, 2], [3, 4]])
    assert nothing is None


def test_rows_may_be_traced_from_any_one_on() -> None:
    def fun(x: float) -> float:
        rows = Rows(3)
        for n, value in enumerate((2.0, x * x, 5.0)):
            rows.put(n, [value])
        (stack,) = rows.stacked()
        assert stack.shape == (3,)
        return stack[0] * stack[1] * stack[2]

    assert grad(fun)(3.0) == 60.0


def test_without_outputs_there_are_no_stacks() -> None:
    rows = Rows(1)
    rows.put(0, [])
    assert rows.stacked() == []
