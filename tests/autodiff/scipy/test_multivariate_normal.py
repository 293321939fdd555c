"""The multivariate normal distribution against SciPy, Autograd and differences."""

from __future__ import annotations

from typing import Any

import autograd
import numpy as onp
import pytest
import scipy.stats
from autograd.scipy.stats import multivariate_normal as theirs

import autodiff.numpy as np
from autodiff import grad
from autodiff.scipy.stats import multivariate_normal
from autodiff.test_util import check_grads

RNG = onp.random.default_rng(7)
X, MEAN = RNG.normal(size=(4, 3)), RNG.normal(size=3)
FACTOR = RNG.normal(size=(3, 3))
COV = FACTOR @ FACTOR.T + onp.eye(3)


@pytest.mark.parametrize(
    ("x", "mean", "cov"),
    [
        (X, MEAN, COV),
        (X[0], None, COV),
        (X[:1], MEAN, [1.0, 2.0, 0.5]),
        (X, MEAN, 0.7),
        (0.3, 0.1, 2.0),
        (X[0], None, 2.0),
        (RNG.normal(size=(2, 2, 3)), MEAN, COV),
    ],
)
def test_values_are_scipys(x: Any, mean: Any, cov: Any) -> None:
    for kind in ("pdf", "logpdf"):
        expected = getattr(scipy.stats.multivariate_normal, kind)(x, mean, cov)
        got = getattr(multivariate_normal, kind)(x, mean=mean, cov=cov)
        assert onp.shape(got) == onp.shape(expected)
        onp.testing.assert_allclose(got, expected, rtol=1e-11)
    if onp.ndim(cov) == 2:
        expected = scipy.stats.multivariate_normal.entropy(mean, cov)
        assert multivariate_normal.entropy(mean, cov) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("kind", ["pdf", "logpdf"])
def test_gradients_of_two_orders_equal_autograds(kind: str) -> None:
    ours = lambda *a: np.sum(getattr(multivariate_normal, kind)(*a))  # noqa: E731
    other = lambda *a: autograd.numpy.sum(getattr(theirs, kind)(*a))  # noqa: E731
    weights = RNG.normal(size=(3, 3))
    for k, weight in enumerate((X, MEAN, weights + weights.T)):
        first, expected_first = grad(ours, k), autograd.grad(other, k)
        onp.testing.assert_allclose(
            first(X, MEAN, COV), expected_first(X, MEAN, COV), rtol=1e-10, atol=1e-13
        )
        for j in range(3):
            got = grad(lambda *a, first=first, w=weight: np.sum(w * first(*a)), j)(X, MEAN, COV)
            expected = autograd.grad(
                lambda *a, first=expected_first, w=weight: autograd.numpy.sum(w * first(*a)), j
            )(X, MEAN, COV)
            onp.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-12)


def test_derivatives_agree_with_differences_where_the_covariance_stays_symmetric() -> None:
    fun = lambda x, mean, factor: multivariate_normal.logpdf(  # noqa: E731
        x, mean=mean, cov=np.dot(factor, factor.T) + onp.eye(3)
    )
    check_grads(fun, (0, 1, 2))(X, MEAN, FACTOR)
    check_grads(lambda s: multivariate_normal.logpdf(X, MEAN, s))(0.7)
    check_grads(lambda s: multivariate_normal.entropy(cov=s))(onp.array([0.7, 1.2]))


def test_singular_covariances_have_a_density_in_their_subspace() -> None:
    cov = onp.diag([1.0, 2.0, 0.0])
    inside, outside = onp.array([0.3, 0.1, 0.0]), onp.array([0.3, 0.1, 0.2])
    expected = scipy.stats.multivariate_normal.logpdf(inside, None, cov, allow_singular=True)
    fun = lambda x: multivariate_normal.logpdf(x, None, cov, allow_singular=True)  # noqa: E731
    assert fun(inside) == pytest.approx(expected)
    assert fun(outside) == -onp.inf
    onp.testing.assert_allclose(grad(fun)(inside), [-0.3, -0.05, 0.0], atol=1e-14)
    with pytest.raises(NotImplementedError, match="covariance"):
        grad(lambda c: multivariate_normal.logpdf(inside, None, c, allow_singular=True))(cov)
    with pytest.raises(onp.linalg.LinAlgError):
        multivariate_normal.logpdf(inside, None, -COV)
