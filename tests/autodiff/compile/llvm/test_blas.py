"""Matrix products through SciPy's BLAS, equal to NumPy's.

Matrices of small integers have exact products, so these must be equal to the last bit whatever
order a BLAS adds in; what it rounds is BLAS's affair and the same library's as SciPy's.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
from llvmlite import ir

from autodiff.compile.llvm import blas
from autodiff.compile.llvm.arrays import INT64, POINTER, store_at

Call = Callable[..., Any]
DTYPES = [np.dtype(np.float64), np.dtype(np.float32)]


def whole(rng: np.random.Generator, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    return rng.integers(-8, 9, shape).astype(dtype)


def with_product(emit: Callable[[Any, Any, Any, Any], None]) -> Callable[[Any], Any]:
    """Defines a function of three pointers with the code that `emit` gives."""

    def add(module: Any) -> Any:
        kind = ir.FunctionType(ir.VoidType(), [POINTER] * 3)
        function = ir.Function(module, kind, "f")
        builder = ir.IRBuilder(function.append_basic_block())
        emit(builder, *function.args)
        builder.ret_void()
        return function

    return add


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("shape", [(5, 3, 4), (1, 1, 1), (32, 64, 32), (4, 0, 3), (1, 7, 2)])
def test_gemm_is_the_product_of_row_major_matrices(
    call: Call, rng: np.random.Generator, dtype: np.dtype, shape: tuple[int, int, int]
) -> None:
    m, k, n = shape
    for transpose, accumulate in product(product([False, True], repeat=2), [False, True]):
        a, b = whole(rng, (m, k), dtype), whole(rng, (k, n), dtype)
        c = whole(rng, (m, n), dtype)
        expected = a @ b + (c if accumulate else 0)
        stored = [np.ascontiguousarray(x.T) if flip else x for x, flip in zip((a, b), transpose)]

        def emit(builder: Any, *pointers: Any, how: tuple = (transpose, accumulate)) -> None:
            flips, add = how
            blas.gemm(builder, dtype, shape, *pointers, transpose=flips, accumulate=add)

        call(with_product(emit), *stored, c)
        assert c.tobytes() == expected.astype(dtype).tobytes()


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("shape", [(5, 3), (1, 6), (6, 1), (4, 0), (0, 4)])
def test_gemv_is_the_product_with_a_vector(
    call: Call, rng: np.random.Generator, dtype: np.dtype, shape: tuple[int, int]
) -> None:
    for transpose, accumulate in product([False, True], repeat=2):
        a = whole(rng, shape, dtype)
        matrix = a.T if transpose else a
        x, y = whole(rng, matrix.shape[1:], dtype), whole(rng, matrix.shape[:1], dtype)
        expected = matrix @ x + (y if accumulate else 0)

        def emit(builder: Any, *pointers: Any, how: tuple = (transpose, accumulate)) -> None:
            blas.gemv(builder, dtype, shape, *pointers, transpose=how[0], accumulate=how[1])

        call(with_product(emit), a, x, y)
        assert y.tobytes() == expected.astype(dtype).tobytes()


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_dot_is_the_inner_product(call: Call, rng: np.random.Generator, dtype: np.dtype) -> None:
    x, y, out = whole(rng, (33,), dtype), whole(rng, (33,), dtype), np.empty(1, dtype)

    def emit(builder: Any, x: Any, y: Any, _: Any) -> None:
        value = blas.dot(builder, dtype, 33, x, y)
        store_at(builder, builder.function.args[2], dtype, ir.Constant(INT64, 0), value)

    call(with_product(emit), x, y, out)
    assert out[0] == x @ y


def test_rounded_products_are_as_accurate_as_those_of_numpy(
    call: Call, rng: np.random.Generator
) -> None:
    a, b, c = rng.standard_normal((40, 60)), rng.standard_normal((60, 30)), np.empty((40, 30))

    def emit(builder: Any, *pointers: Any) -> None:
        blas.gemm(builder, DTYPES[0], (40, 60, 30), *pointers)

    call(with_product(emit), a, b, c)
    # Two orders of adding 60 products: at most 60 roundings of each term.
    np.testing.assert_allclose(c, a @ b, rtol=0, atol=60 * 2.2e-16 * np.abs(a).max() * 60)


def test_every_routine_has_an_address() -> None:
    assert len(blas.symbols()) == 6
    assert all(isinstance(address, int) and address for address in blas.symbols().values())
    assert ctypes.sizeof(ctypes.c_int) == 4  # what cython_blas calls int
