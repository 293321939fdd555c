"""Gather and scatter-add of rows by index, beside NumPy's take and add.at."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autodiff.compile.llvm.gathers import Rows, add_rows, take_rows

Call = Callable[..., Any]


def rows_of(table: np.ndarray, index: np.ndarray) -> Rows:
    outer, size, inner = table.shape
    return Rows(outer, size, inner, index.size, table.dtype, index.dtype)


@pytest.mark.parametrize("index_dtype", [np.int64, np.int32])
@pytest.mark.parametrize("shape", [(1, 9, 1), (3, 9, 1), (2, 9, 4), (2, 9, 0)])
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64])
def test_take_and_add_at_are_those_of_numpy(
    call: Call, rng: np.random.Generator, shape: tuple, index_dtype: type, dtype: type
) -> None:
    table = (100 * rng.standard_normal(shape)).astype(dtype)
    index = rng.integers(-9, 9, 31).astype(index_dtype)
    expected = np.take(table, index, 1)
    out = np.empty_like(expected)
    rows = rows_of(table, index)
    status = call(lambda m: take_rows(m, "f", rows), table, index, out, result=ctypes.c_int32)
    assert status == 0
    assert out.tobytes() == expected.tobytes()

    summed = table.copy()
    np.add.at(summed, (slice(None), index), out)
    status = call(lambda m: add_rows(m, "f", rows), table, index, out, result=ctypes.c_int32)
    assert status == 0
    assert table.tobytes() == summed.tobytes()


@pytest.mark.parametrize("bad", [5, -6, 2**40])
@pytest.mark.parametrize("define", [take_rows, add_rows])
def test_an_index_out_of_bounds_is_reported_before_anything_is_written(
    call: Call, bad: int, define: Callable[..., Any]
) -> None:
    table, index, out = np.zeros((1, 5, 2)), np.array([0, 4, -5, bad]), np.ones((1, 4, 2))
    rows = rows_of(table, index)
    assert call(lambda m: define(m, "f", rows), table, index, out, result=ctypes.c_int32) == 1
    assert not table.any()
    assert (out == 1).all()


def test_no_indices_is_no_work(call: Call) -> None:
    table, index, out = np.zeros((1, 0, 2)), np.empty(0, np.int64), np.empty((1, 0, 2))
    rows = rows_of(table, index)
    assert call(lambda m: take_rows(m, "f", rows), table, index, out, result=ctypes.c_int32) == 0
