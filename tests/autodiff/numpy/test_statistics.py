"""Spread, weighted averages, covariance: corners and refusals."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, make_jvp, make_vjp


@pytest.mark.parametrize("fun", [np.std, np.var, lambda x: np.std(x, axis=0, keepdims=True)])
def test_the_spread_of_equal_values_has_zero_gradient(fun: Any) -> None:
    x = onp.full(4, 2.5)
    vjp, value = make_vjp(fun)(x)
    onp.testing.assert_array_equal(vjp(onp.ones_like(value)), onp.zeros(4))
    assert not make_jvp(fun)(x)(onp.arange(4.0))[1].any()
    assert onp.isfinite(grad(lambda x: np.sum(grad(lambda x: np.sum(fun(x)))(x)))(x)).all()


def test_a_traced_mean_given_to_var_has_a_derivative() -> None:
    x = onp.array([1.0, 2.0, 6.0])
    gradient = grad(lambda m: np.var(x, mean=m))(onp.array([2.0]))
    onp.testing.assert_allclose(gradient, [-2.0])


def test_equal_values_under_a_mask_have_no_spread_gradient() -> None:
    x, mask = onp.array([2.0, 2.0, 7.0]), onp.array([True, True, False])
    onp.testing.assert_array_equal(grad(lambda x: np.std(x, where=mask))(x), 0)


def test_weights_of_an_average_have_derivatives() -> None:
    x, w = onp.array([1.0, 4.0]), onp.array([1.0, 3.0])
    gradient = grad(lambda w: np.average(x, weights=w))(w)
    onp.testing.assert_allclose(gradient, (x - 3.25) / 4)


def test_weights_that_do_not_fit_are_refused() -> None:
    x = onp.ones((2, 3))
    with pytest.raises(ZeroDivisionError, match="sum to zero"):
        grad(lambda x: np.sum(np.average(x, 1, [1.0, -1.0, 0.0])))(x)
    with pytest.raises(TypeError, match="axis"):
        grad(lambda x: np.average(x, weights=onp.ones(3)))(x)
    with pytest.raises(ValueError, match=r"\(2,\) do not fit"):
        grad(lambda x: np.sum(np.average(x, 1, onp.ones(2))))(x)


def test_correlations_do_not_change_with_scale(rng: Any) -> None:
    x = rng.standard_normal((2, 5))
    slope = grad(lambda s: np.corrcoef(x * s)[0, 1])(2.0)
    assert abs(slope) < 1e-15
    assert grad(lambda x: np.corrcoef(x)[0, 0])(x) == pytest.approx(onp.zeros((2, 5)), abs=1e-15)
