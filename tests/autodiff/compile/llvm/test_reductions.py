"""Reductions: bits of NumPy's sums on contiguous arrays, NaN in extremes, every layout of axes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from llvmlite import ir

from autodiff.compile.llvm import engine, math
from autodiff.compile.llvm.arrays import broadcast, contiguous
from autodiff.compile.llvm.reductions import reduce_elements

Call = Callable[..., Any]


def reduced(
    call: Call, x: np.ndarray, axes: tuple[int, ...], kind: str, dtype: Any = None
) -> np.ndarray:
    dtype = dtype or x.dtype
    kept = [1 if axis in axes else n for axis, n in enumerate(x.shape)]
    out = np.empty(kept, dtype)
    steps = [0 if axis in axes else s // out.itemsize for axis, s in enumerate(out.strides)]
    target = contiguous(1, dtype, kept).with_strides(steps)
    source = contiguous(0, x.dtype, x.shape)

    def emit(builder: Any, value: Any) -> Any:
        wide = ir.IntType(64)
        return builder.zext(value, wide) if x.dtype.kind == "b" != np.dtype(dtype).kind else value

    call(lambda m: reduce_elements(m, "f", x.shape, axes, kind, [source], target, emit), x, out)
    return out


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("n", [1, 7, 8, 9, 15, 16, 127, 128, 129, 136, 1000, 4099])
def test_a_sum_along_the_last_axis_has_the_bits_of_numpy(
    call: Call, rng: np.random.Generator, n: int, dtype: type
) -> None:
    x = np.exp(3 * rng.standard_normal((3, n))).astype(dtype)
    assert reduced(call, x, (1,), "sum").tobytes() == x.sum(1).tobytes()


@pytest.mark.parametrize("axes", [a for k in range(4) for a in combinations(range(3), k)])
def test_sums_along_any_axes_have_the_bits_of_numpy(
    call: Call, rng: np.random.Generator, axes: tuple[int, ...]
) -> None:
    x = rng.standard_normal((5, 6, 140))
    assert reduced(call, x, axes, "sum").tobytes() == x.sum(axes, keepdims=True).tobytes()


@pytest.mark.parametrize("kind", ["max", "min", "prod"])
@pytest.mark.parametrize("axes", [(0,), (1,), (2,), (0, 2), (0, 1, 2)])
def test_extremes_and_products_are_those_of_numpy(
    call: Call, rng: np.random.Generator, axes: tuple[int, ...], kind: str
) -> None:
    x = rng.uniform(0.5, 1.5, (3, 4, 37))
    expected = getattr(np, kind)(x, axes, keepdims=True)
    # NumPy's order of products is its own affair: 444 roundings of 1e-16.
    np.testing.assert_allclose(
        reduced(call, x, axes, kind), expected, rtol=1e-13 if kind == "prod" else 0
    )
    whole = rng.integers(-9, 9, (3, 4, 37))
    assert np.array_equal(
        reduced(call, whole, axes, kind), getattr(np, kind)(whole, axes, keepdims=True)
    )


@pytest.mark.parametrize("place", [0, 3, 8, 36])
@pytest.mark.parametrize("kind", ["max", "min"])
def test_extremes_are_nan_where_an_element_is(
    call: Call, rng: np.random.Generator, kind: str, place: int
) -> None:
    x = rng.standard_normal((2, 37))
    x[1, place] = np.nan
    x[0, place] = np.inf
    for axes in ((0,), (1,)):
        expected = getattr(np, kind)(x, axes, keepdims=True)
        np.testing.assert_array_equal(reduced(call, x, axes, kind), expected)


@pytest.mark.parametrize("dtype", [bool, np.uint8])
def test_extremes_of_other_dtypes_are_refused(call: Call, dtype: type) -> None:
    with pytest.raises(TypeError, match="max is for floats"):
        reduced(call, np.ones((2, 3), dtype), (0,), "max")


def test_any_all_and_counts(call: Call, rng: np.random.Generator) -> None:
    x = rng.uniform(size=(40, 5)) < 0.05
    for axes in ((0,), (1,), (0, 1)):
        assert np.array_equal(reduced(call, x, axes, "any"), x.any(axes, keepdims=True))
        assert np.array_equal(reduced(call, ~x, axes, "all"), (~x).all(axes, keepdims=True))
        counted = reduced(call, x, axes, "sum", np.int64)
        assert np.array_equal(counted, x.sum(axes, keepdims=True))


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_a_sum_over_nothing_is_zero(call: Call, shape: tuple[int, int]) -> None:
    for axes in ((0,), (1,), (0, 1)):
        out = reduced(call, np.empty(shape), axes, "sum")
        assert np.array_equal(out, np.zeros_like(out))


def test_signed_zeros_survive_as_in_numpy(call: Call) -> None:
    x = np.full((2, 9), -0.0)
    for axes in ((0,), (1,), (0, 1)):
        expected = x.sum(axes, keepdims=True)
        assert np.array_equal(np.signbit(reduced(call, x, axes, "sum")), np.signbit(expected))


@pytest.mark.usefixtures("host_is_x86")
@pytest.mark.parametrize(("kind", "code"), [("sum", "vaddpd"), ("max", "vcmp")])
def test_the_eight_partial_results_stay_in_registers(kind: str, code: str) -> None:
    if "+avx," not in engine.host().features:
        pytest.skip("looks for AVX instructions, which this processor lacks")
    module, dtype = ir.Module(), np.float64
    reduce_elements(
        module, "f", (128,), (0,), kind, [contiguous(0, dtype, (128,))],
        contiguous(1, dtype, (1,)).with_strides((0,)), lambda builder, x: x,
    )  # fmt: skip
    text = engine.assembly(module)
    assert code in text
    assert "(%rsp)" not in text


@pytest.mark.parametrize("axes", [(0,), (1,), (0, 1)])
@pytest.mark.parametrize("name", ["tanh", "sin"])
def test_an_expression_is_reduced_without_an_array_in_between(
    call: Call, rng: np.random.Generator, name: str, axes: tuple[int, ...]
) -> None:
    shape, dtype = (30, 170), np.float64
    x, y = rng.standard_normal(shape), rng.standard_normal(170)
    kept = [1 if axis in axes else n for axis, n in enumerate(shape)]
    out = np.empty(kept)
    target = contiguous(2, dtype, kept)
    target = target.with_strides([0 if k in axes else s for k, s in enumerate(target.strides)])
    sources = [contiguous(0, dtype, shape), broadcast(1, dtype, (170,), shape)]

    def emit(builder: Any, x: Any, y: Any) -> Any:
        return builder.fmul(math.call(builder, name, x), y)

    call(lambda m: reduce_elements(m, "f", shape, axes, "sum", sources, target, emit), x, y, out)
    expected = (getattr(np, name)(x) * y).sum(axes, keepdims=True)
    # Functions that differ by 3 units in the last place, summed in the same order.
    np.testing.assert_allclose(out, expected, rtol=0, atol=3 * 2.2e-16 * np.abs(y).sum() * 30)
