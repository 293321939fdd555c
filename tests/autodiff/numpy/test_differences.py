"""diff, trapezoid, gradient: exact on polynomials, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, make_jvp

X = onp.array([0.0, 0.5, 0.8, 1.7, 2.0])


def test_the_tangent_of_a_gradient_is_the_gradient_of_the_tangent() -> None:
    for options in ({}, {"edge_order": 2}):
        value, tangent = make_jvp(lambda f, o=options: np.gradient(f, X, **o))(X**2)(X)
        onp.testing.assert_allclose(tangent, onp.gradient(X, X, **options), rtol=1e-14)
        onp.testing.assert_allclose(value, onp.gradient(X**2, X, **options), atol=1e-14)
    onp.testing.assert_allclose(value, 2 * X, atol=1e-14)  # edge_order 2 is exact for parabolas


def test_places_of_samples_have_derivatives() -> None:
    # The slope of f = 3 x does not change when all places move; stretching them divides it.
    slope = lambda places: np.gradient(3 * X, places)  # noqa: E731
    onp.testing.assert_allclose(make_jvp(slope)(X)(onp.ones(5))[1], 0, atol=1e-14)
    onp.testing.assert_allclose(make_jvp(slope)(X)(X)[1], -3, rtol=1e-14)


def test_wrong_arguments_of_gradient_are_named() -> None:
    with pytest.raises(ValueError, match="edge_order"):
        grad(lambda f: np.sum(np.gradient(f, edge_order=3)))(X)
    with pytest.raises(ValueError, match="3 entries"):
        grad(lambda f: np.sum(np.gradient(f, edge_order=2)))(X[:2])
    with pytest.raises(ValueError, match="must be 5 numbers"):
        grad(lambda f: np.sum(np.gradient(f, X[:3])))(X)
    with pytest.raises(TypeError, match="spacing"):
        grad(lambda f: np.sum(np.gradient(f, 1.0, 2.0)))(X)


def test_the_trapezoidal_rule_has_its_weights_as_gradient() -> None:
    gradient = grad(lambda y: np.trapezoid(y, X))(X**2)
    onp.testing.assert_allclose(gradient, [0.25, 0.4, 0.6, 0.6, 0.15], rtol=1e-14)
    assert grad(lambda dx: np.trapezoid(X, dx=dx))(0.5) == pytest.approx(4.0)


def test_differences_telescope(rng: Any) -> None:
    x = rng.standard_normal((2, 5))
    gradient = grad(lambda x: np.sum(np.diff(x)))(x)
    onp.testing.assert_array_equal(gradient, [[-1, 0, 0, 0, 1]] * 2)
    assert grad(lambda a: np.sum(np.diff(x, axis=0, prepend=a)))(0.5) == -5.0
    with pytest.raises(ValueError, match="n >= 0"):
        grad(lambda x: np.sum(np.diff(x, -1)))(x)
