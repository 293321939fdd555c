"""Splines against SciPy's and differences."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest
import scipy.interpolate

from autodiff import grad
from autodiff.scipy.interpolate import CubicSpline
from autodiff.test_util import check_grads

RNG = onp.random.default_rng(2)
KNOTS = onp.array([0.0, 0.4, 1.1, 1.5, 2.3])
POINTS = onp.array([[-0.3, 0.2, 1.1], [1.3, 2.0, 2.6]])


@pytest.mark.parametrize("bc_type", ["not-a-knot", "natural", "clamped"])
@pytest.mark.parametrize(("shape", "axis"), [((5,), 0), ((3, 5, 2), 1), ((2, 5), -1)])
def test_values_are_scipys(bc_type: str, shape: tuple[int, ...], axis: int) -> None:
    y = RNG.normal(size=shape)
    for options in ({}, {"extrapolate": False}):
        ours = CubicSpline(KNOTS, y, axis, bc_type, **options)
        expected = scipy.interpolate.CubicSpline(KNOTS, y, axis, bc_type, **options)
        for nu in range(4):
            onp.testing.assert_allclose(ours(POINTS, nu), expected(POINTS, nu), atol=1e-12)
        onp.testing.assert_allclose(ours.c, expected.c, atol=1e-12)


@pytest.mark.parametrize(("shape", "axis"), [((5,), 0), ((2, 5), 1)])
def test_derivatives_in_values_and_points(shape: tuple[int, ...], axis: int) -> None:
    y = RNG.normal(size=shape)
    check_grads(lambda y, q: CubicSpline(KNOTS, y, axis)(q), (0, 1))(y, POINTS[1])
    slope = grad(lambda q: CubicSpline(KNOTS, onp.sin(KNOTS))(q))(1.3)
    assert slope == pytest.approx(CubicSpline(KNOTS, onp.sin(KNOTS))(1.3, nu=1))


def test_traced_knots_and_periodic_splines_are_refused() -> None:
    def of_knots(x: Any) -> Any:
        return CubicSpline(x, onp.sin(KNOTS))(1.3)

    with pytest.raises(NotImplementedError, match="knots"):
        grad(of_knots)(KNOTS)
    with pytest.raises(NotImplementedError, match="periodic"):
        CubicSpline(KNOTS, onp.zeros(5), bc_type="periodic")
