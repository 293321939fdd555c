"""Numbers as integers: rounding, range, words."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sciopt.hyperopt.kernels import fixed_point, integers_of, values, values_wide

SCALE = 2.0**48

# The first call compiles: no deadline.
EXACT = settings(deadline=None, derandomize=True)


@EXACT
@given(st.floats(-16000, 16000))
def test_fix_takes_the_nearest_integer(x: float) -> None:
    integer, fits = fixed_point.fix(x, SCALE)
    assert fits
    assert abs(Fraction(int(integer)) - Fraction(x) * 2**48) <= Fraction(1, 2)


@pytest.mark.parametrize("x", [np.nan, np.inf, -np.inf, 2.0**14, -(2.0**14), 1e300])
def test_fix_refuses_what_has_no_integer(x: float) -> None:
    assert fixed_point.fix(x, SCALE) == (0, False)


@EXACT
@given(st.floats(-2e8, 2e8))
def test_fix_wide_takes_the_nearest_integer(x: float) -> None:
    high, low, fits = fixed_point.fix_wide(x, 2.0**76)
    assert fits
    assert int(low) < 2**42
    integer = (((int(high) + 2**63) % 2**64 - 2**63) << 42) + int(low)
    assert abs(Fraction(integer) - Fraction(x) * 2**76) <= Fraction(1, 2)
    value = fixed_point.value_wide(np.uint64(high), np.uint64(low), 2.0**-76)
    assert value == pytest.approx(integer / 2**76, rel=1e-15)


@pytest.mark.parametrize("x", [np.nan, np.inf, -np.inf, 2.0**28, -(2.0**28)])
def test_fix_wide_refuses_what_has_no_integer(x: float) -> None:
    assert not fixed_point.fix_wide(x, 2.0**76)[2]


def test_arrays_there_and_back(rng: np.random.Generator) -> None:
    numbers = rng.standard_normal(50)
    integers, found = np.empty(50, np.int64), np.empty(50)
    assert integers_of(numbers, SCALE, integers)
    values(integers, SCALE, found)
    assert np.abs(found - numbers).max() <= 0.5 / SCALE
    numbers[7] = np.nan
    assert not integers_of(numbers, SCALE, integers)


def test_wide_values() -> None:
    high = np.array([0, 3, 2**64 - 1], np.uint64)
    low = np.array([5, 2**41, 2**42 - 7], np.uint64)
    found = np.empty(3)
    values_wide(high, low, 2.0**42, found)
    assert found.tolist() == [5 / 2**42, 3.5, -7 / 2**42]
