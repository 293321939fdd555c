"""Reductions: bits of NumPy's sums on contiguous arrays, NaN in extremes, every layout of axes."""

from __future__ import annotations

import math
import re
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from function_code import elementary, module_of, program_of

import autodiff.numpy as anp
from autodiff.compile.llvm import engine
from autodiff.compile.llvm.executable import executable

KINDS: dict[str, Any] = {
    name: getattr(anp, name) for name in ("sum", "prod", "max", "min", "any", "all")
}


def reduced(x: np.ndarray, axes: tuple[int, ...], kind: str) -> np.ndarray:
    fun = lambda x: KINDS[kind](x, axis=axes, keepdims=True)  # noqa: E731
    (found,) = executable(program_of(fun, x))(x)
    return found


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("n", [1, 7, 8, 9, 15, 16, 127, 128, 129, 136, 1000, 4099])
def test_a_sum_along_the_last_axis_has_the_bits_of_numpy(
    rng: np.random.Generator, n: int, dtype: type
) -> None:
    x = np.exp(3 * rng.standard_normal((3, n))).astype(dtype)
    assert reduced(x, (1,), "sum").tobytes() == x.sum(1).tobytes()


@pytest.mark.parametrize("axes", [a for k in range(4) for a in combinations(range(3), k)])
def test_sums_along_any_axes_have_the_bits_of_numpy(
    rng: np.random.Generator, axes: tuple[int, ...]
) -> None:
    x = rng.standard_normal((5, 12, 140))  # of all axes more than what is summed in one loop
    assert reduced(x, axes, "sum").tobytes() == x.sum(axes, keepdims=True).tobytes()


@pytest.mark.parametrize("n", [8, 9, 100, 8192])
def test_short_sums_of_everything_are_as_exact(rng: np.random.Generator, n: int) -> None:
    x = rng.standard_normal(n)
    # Eight partial sums of at most 1024 terms: half an ulp of each of their partial results.
    error = n / 8 * 2.2e-16 * np.abs(x).sum()
    assert reduced(x, (0,), "sum")[0] == pytest.approx(math.fsum(x), abs=error)


@pytest.mark.parametrize("kind", ["max", "min", "prod"])
@pytest.mark.parametrize("axes", [(0,), (1,), (2,), (0, 2), (0, 1, 2)])
def test_extremes_and_products_are_those_of_numpy(
    rng: np.random.Generator, axes: tuple[int, ...], kind: str
) -> None:
    x = rng.uniform(0.5, 1.5, (3, 4, 37))
    expected = getattr(np, kind)(x, axes, keepdims=True)
    # NumPy's order of products is its own affair: 444 roundings of 1e-16.
    np.testing.assert_allclose(
        reduced(x, axes, kind), expected, rtol=1e-13 if kind == "prod" else 0
    )
    whole = rng.integers(-9, 9, (3, 4, 37))
    assert np.array_equal(reduced(whole, axes, kind), getattr(np, kind)(whole, axes, keepdims=True))


@pytest.mark.parametrize("place", [0, 3, 8, 36])
@pytest.mark.parametrize("kind", ["max", "min"])
def test_extremes_are_nan_where_an_element_is(
    rng: np.random.Generator, kind: str, place: int
) -> None:
    x = rng.standard_normal((2, 37))
    x[1, place] = np.nan
    x[0, place] = np.inf
    for axes in ((0,), (1,)):
        expected = getattr(np, kind)(x, axes, keepdims=True)
        np.testing.assert_array_equal(reduced(x, axes, kind), expected)


def test_any_all_and_counts(rng: np.random.Generator) -> None:
    x = rng.uniform(size=(40, 5)) < 0.05
    for axes in ((0,), (1,), (0, 1)):
        assert np.array_equal(reduced(x, axes, "any"), x.any(axes, keepdims=True))
        assert np.array_equal(reduced(~x, axes, "all"), (~x).all(axes, keepdims=True))
        assert np.array_equal(reduced(x, axes, "sum"), x.sum(axes, keepdims=True))


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_a_sum_over_nothing_is_zero(shape: tuple[int, int]) -> None:
    for axes in ((0,), (1,), (0, 1)):
        out = reduced(np.empty(shape), axes, "sum")
        assert np.array_equal(out, np.zeros_like(out))


def test_signed_zeros_survive_as_in_numpy() -> None:
    x = np.full((2, 9), -0.0)
    for axes in ((0,), (1,), (0, 1)):
        expected = x.sum(axes, keepdims=True)
        assert np.array_equal(np.signbit(reduced(x, axes, "sum")), np.signbit(expected))


@pytest.mark.usefixtures("host_is_x86")
@pytest.mark.parametrize(("kind", "code"), [("sum", "vaddpd"), ("max", "vcmp")])
def test_the_eight_partial_results_stay_in_registers(kind: str, code: str) -> None:
    if "+avx," not in engine.host().features:
        pytest.skip("looks for AVX instructions, which this processor lacks")
    text = engine.assembly(module_of(lambda x: KINDS[kind](x, axis=1), np.ones((5, 128))))
    nest = re.search(r"^loops0:(.*?)^\.Lfunc_end", text, re.M | re.S)
    assert nest
    assert code in nest[1]
    assert "(%rsp)" not in nest[1]


@pytest.mark.parametrize("axes", [(0,), (1,), (0, 1)])
@pytest.mark.parametrize("name", ["tanh", "sin"])
def test_an_expression_is_reduced_without_an_array_in_between(
    rng: np.random.Generator, name: str, axes: tuple[int, ...]
) -> None:
    x, y = rng.standard_normal((30, 170)), rng.standard_normal(170)
    function = elementary(name)
    program = program_of(lambda x, y: anp.sum(function(x) * y, axes, keepdims=True), x, y)
    run = executable(program)
    assert run.workspace == 0
    (out,) = run(x, y)
    expected = (getattr(np, name)(x) * y).sum(axes, keepdims=True)
    # Functions that differ by 3 units in the last place, summed in the same order.
    np.testing.assert_allclose(out, expected, rtol=0, atol=3 * 2.2e-16 * np.abs(y).sum() * 30)
