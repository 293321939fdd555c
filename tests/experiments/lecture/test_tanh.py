"""Derivatives of tanh up to the sixth."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from experiments.lecture import tanh


def test_seven_orders_equal_the_polynomials_in_tanh() -> None:
    found = tanh.compute(points=41)
    assert found.derivatives.shape == (7, 41)
    assert max(found.differences) < 1e-13  # six times a few roundings, amplified by cancellation


def test_values_at_zero_are_the_tangent_numbers() -> None:
    found = tanh.compute(points=3)
    assert found.derivatives[:, 1] == pytest.approx([0, 1, 0, -2, 0, 16, 0], abs=1e-12)


def test_each_is_the_slope_of_the_one_before() -> None:
    x = np.linspace(-1.0, 1.0, 2001)
    rows = tanh.by_hand(x)
    for row, slope in pairwise(rows):
        middle = (row[2:] - row[:-2]) / (x[2:] - x[:-2])
        np.testing.assert_allclose(middle, slope[1:-1], atol=1e-4 * abs(slope).max())
