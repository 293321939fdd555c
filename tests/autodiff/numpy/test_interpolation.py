"""interp: kinks, ends, periods."""

from __future__ import annotations

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import elementwise_grad, grad

XP, FP = onp.array([0.0, 1.0, 3.0]), onp.array([0.0, 2.0, -2.0])


def test_the_derivative_is_the_slope_on_the_right_and_zero_outside() -> None:
    slopes = elementwise_grad(lambda x: np.interp(x, XP, FP))
    x = onp.array([-1.0, 0.0, 0.5, 1.0, 2.0, 4.0])
    onp.testing.assert_array_equal(slopes(x), [0, 2, 2, -2, -2, 0])


def test_values_share_by_distance_and_ends_hold() -> None:
    gradient = grad(lambda f: np.interp(1.5, XP, f))(FP)
    onp.testing.assert_allclose(gradient, [0, 0.75, 0.25])
    onp.testing.assert_array_equal(grad(lambda f: np.interp(9.0, XP, f))(FP), [0, 0, 1])
    assert grad(lambda right: np.interp(9.0, XP, FP, right=right))(5.0) == 1.0


def test_moving_all_places_is_moving_the_point() -> None:
    in_places = grad(lambda s: np.interp(1.5, XP + s, FP))(0.0)
    assert in_places == -grad(lambda x: np.interp(x, XP, FP))(1.5) == 2.0


def test_a_period_joins_the_ends() -> None:
    fun = lambda x: np.interp(x, XP, FP, period=4.0)  # noqa: E731
    assert grad(fun)(3.5) == grad(fun)(-0.5) == 2.0
    with pytest.raises(ValueError, match="period"):
        grad(lambda x: np.interp(x, XP, FP, period=0))(1.0)


def test_places_and_values_must_match() -> None:
    with pytest.raises(ValueError, match="one length"):
        grad(lambda x: np.interp(x, XP, FP[:2]))(1.0)
