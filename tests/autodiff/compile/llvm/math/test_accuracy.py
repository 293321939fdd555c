"""Elementary functions: within 2.6 units in the last place, and NumPy's values at the ends.

The reference is NumPy in long double, whose 64 bits of fraction on x86 leave a float64 result
settled to a thousandth of a unit; float32 needs float64 only.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from function_code import elementary, program_of

from autodiff.compile.llvm import math
from autodiff.compile.llvm.executable import executable

POINTS = 3000
ONE_ARGUMENT = [name for name in math.FUNCTIONS if name != "logaddexp"]
DTYPES = [np.float64, np.float32]
WITHIN = {"exp": 1.1, "log": 1.0, "log1p": 1.0, "log2": 1.0, "log10": 1.0, "sin": 1.5, "cos": 1.5}
"""Units in the last place that a function keeps; the others keep 2.6."""


@pytest.fixture(params=DTYPES, ids=["float64", "float32"])
def dtype(request: pytest.FixtureRequest) -> Any:
    if request.param is np.float64 and np.finfo(np.longdouble).nmant < 63:
        pytest.skip("long double is no wider than float64 here, so there is no reference")
    return request.param


def compute(name: str, *arrays: np.ndarray) -> np.ndarray:
    """The compiled function of arrays of one length and dtype."""
    ones = [
        np.ones(x.shape, x.dtype) for x in arrays
    ]  # which no function warns of when it is recorded
    return executable(program_of(elementary(name), *ones))(*map(np.ascontiguousarray, arrays))[0]


def reference(name: str, *arrays: np.ndarray) -> np.ndarray:
    wide = np.longdouble if arrays[0].dtype == np.float64 else np.float64
    with np.errstate(all="ignore"):
        values = [x.astype(wide) for x in arrays]
        if name == "sigmoid":
            small = np.exp(-abs(values[0]))
            return np.where(values[0] >= 0, 1, small) / (1 + small)
        return getattr(np, name)(*values)


def units(out: np.ndarray, exact: np.ndarray) -> np.ndarray:
    """Error in units in the last place of the exact value rounded; 0 where both are special."""
    with np.errstate(all="ignore"):
        rounded = exact.astype(out.dtype)
        error = np.abs(out - exact) / np.spacing(np.abs(rounded)).astype(exact.dtype)
    same = (out == rounded) | (np.isnan(out) & np.isnan(rounded))
    finite = np.isfinite(out) & np.isfinite(rounded)
    return np.where(finite, error, np.where(same, 0, np.inf))


def ordinary(rng: np.random.Generator, dtype: Any) -> np.ndarray:
    """Where functions bend: around 0 and 1, over many magnitudes, up to overflow, near n pi / 2."""
    magnitude, sign = np.exp(rng.uniform(-40, 8, POINTS)), rng.choice([-1, 1], POINTS)
    near_one = 1 + rng.uniform(-1, 1, POINTS) * np.exp(rng.uniform(-30, 0, POINTS))
    turns = np.round(rng.uniform(-6e5, 6e5, POINTS)) * (np.pi / 2)
    parts = [rng.uniform(-1, 1, POINTS), rng.uniform(-20, 20, POINTS), rng.uniform(0, 3, POINTS)]
    parts += [rng.uniform(-760, 760, POINTS), magnitude * sign, near_one, turns]
    return np.concatenate(parts).astype(dtype)


def any_bits(rng: np.random.Generator, dtype: Any) -> np.ndarray:
    """Every exponent alike, subnormals and NaN among them; huge arguments of sin and cos."""
    kind = np.uint64 if dtype is np.float64 else np.uint32
    return rng.integers(0, np.iinfo(kind).max, POINTS, dtype=kind, endpoint=True).view(dtype)


def special(dtype: Any) -> np.ndarray:
    info = np.finfo(dtype)
    positive = [0, np.inf, np.nan, 1, info.tiny, info.tiny / 2, info.smallest_subnormal]
    positive += [info.max, info.eps, 2.0**20, np.nextafter(dtype(2.0**20), dtype(np.inf))]
    # Around where exp, exp2 and sinh leave the range, and tanh and expm1 saturate.
    positive += [88.72, 88.73, 89.4, 89.42, 103.9, 104.1, 127.9, 128, 149, 149.9, 150.1]
    positive += [709.78, 709.79, 710.47, 710.48, 745.1, 745.2, 1023.9, 1024, 1074.9, 1075.1]
    positive += [9, 10, 11, 19, 20, 22, 36.7, 37.5, 40, 708.4, 740]
    with np.errstate(over="ignore"):
        values = np.array(positive, dtype=np.float64).astype(dtype)
    return np.concatenate([values, -values])


@pytest.mark.parametrize("name", ONE_ARGUMENT)
def test_results_are_within_a_few_units_in_the_last_place(
    rng: np.random.Generator, name: str, dtype: Any
) -> None:
    x = np.concatenate([ordinary(rng, dtype), any_bits(rng, dtype), special(dtype)])
    error = units(compute(name, x), reference(name, x))
    worst = int(np.argmax(error))
    assert error[worst] <= WITHIN.get(name, 2.6), x[worst]


@pytest.mark.parametrize("name", ONE_ARGUMENT)
def test_signs_of_zeros_are_those_of_numpy(rng: np.random.Generator, name: str, dtype: Any) -> None:
    x = np.concatenate([special(dtype), any_bits(rng, dtype)])
    out, exact = compute(name, x), reference(name, x)
    known = ~np.isnan(exact)
    assert np.array_equal(np.signbit(out[known]), np.signbit(exact[known]))


def test_powers_of_two_and_ten_have_exact_logarithms(dtype: Any) -> None:
    info = np.finfo(dtype)
    twos = np.arange(info.minexp - info.nmant, info.maxexp, dtype=dtype)
    powers = np.ldexp(dtype(1), twos.astype(int))
    assert np.array_equal(compute("log2", powers), twos)
    assert np.array_equal(compute("exp2", twos), powers)
    tens = np.arange(0, 11 if dtype is np.float32 else 23, dtype=dtype)
    assert np.array_equal(compute("log10", dtype(10) ** tens), tens)


@pytest.mark.parametrize("name", ["sin", "cos"])
def test_a_huge_neighbour_changes_no_result(
    rng: np.random.Generator, name: str, dtype: Any
) -> None:
    x = rng.uniform(-50, 50, 256).astype(dtype)
    alone = compute(name, x)
    x[::5] = 1e30
    beside = compute(name, x)
    others = np.arange(256) % 5 != 0
    assert alone[others].tobytes() == beside[others].tobytes()
    assert np.all(units(beside, reference(name, x)) <= 1.5)


@pytest.mark.parametrize("length", [1, 3, 8, 37])
def test_vectors_and_single_numbers_have_the_same_bits(
    rng: np.random.Generator, dtype: Any, length: int
) -> None:
    x = rng.uniform(0.1, 50, 64).astype(dtype)
    for name in ("exp", "log", "tanh", "sin"):
        whole = compute(name, x)
        assert compute(name, x[:length]).tobytes() == whole[:length].tobytes()


def test_logaddexp_is_as_accurate_as_its_larger_argument_allows(
    rng: np.random.Generator, dtype: Any
) -> None:
    x = np.concatenate([ordinary(rng, dtype), special(dtype)])
    y = np.concatenate([(x + rng.uniform(-3, 3, x.size)).astype(dtype), x, rng.permutation(x)])
    x = np.tile(x, 3)
    out, exact = compute("logaddexp", x, y), reference("logaddexp", x, y)
    with np.errstate(all="ignore"):
        rounded = exact.astype(dtype)
        largest = np.maximum(np.maximum(abs(x), abs(y)), 1)
        close = np.abs(out - exact) <= 2 * np.spacing(largest)
    same = (out == rounded) | (np.isnan(out) & np.isnan(rounded))
    assert np.all(close | same)
