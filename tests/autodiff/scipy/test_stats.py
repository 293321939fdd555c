"""Distributions against SciPy, Autograd and central differences."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

import autograd
import numpy as onp
import pytest
import scipy.stats

import autodiff.numpy as np
from autodiff import elementwise_grad, grad
from autodiff.scipy import stats
from autodiff.test_util import check_grads

CONTINUOUS: dict[str, dict[str, float]] = {
    "norm": {},
    "t": {"df": 3.5},
    "beta": {"a": 2.3, "b": 1.7},
    "gamma": {"a": 2.2},
    "chi2": {"df": 3.2},
    "uniform": {},
    "expon": {},
    "laplace": {},
    "cauchy": {},
    "lognorm": {"s": 0.7},
    "logistic": {},
    "chi": {"df": 2.6},
    "rayleigh": {},
    "maxwell": {},
    "halfnorm": {},
    "halfcauchy": {},
    "gumbel_r": {},
    "gumbel_l": {},
    "weibull_min": {"c": 1.6},
    "invweibull": {"c": 1.6},
    "pareto": {"b": 2.2},
    "lomax": {"c": 1.8},
    "invgamma": {"a": 2.2},
    "levy": {},
    "fisk": {"c": 1.7},
    "gompertz": {"c": 0.8},
    "hypsecant": {},
    "moyal": {},
    "nakagami": {"nu": 1.3},
    "powerlaw": {"a": 1.6},
    "betaprime": {"a": 2.3, "b": 1.7},
    "f": {"dfn": 3.5, "dfd": 4.2},
}
KINDS = ["pdf", "logpdf", "cdf", "logcdf", "sf", "logsf"]
DISCRETE_KINDS = [kind.replace("pdf", "pmf") for kind in KINDS]
POINTS = onp.array([-3.0, 0.1, 0.35, 0.6, 0.9, 2.4])
LATTICES: dict[str, dict[str, float]] = {
    "poisson": {"mu": 1.7},
    "binom": {"n": 4, "p": 0.3},
    "bernoulli": {"p": 0.3},
}
COUNTS = onp.array([-1.0, 0, 1, 1.5, 2, 4, 5])


def fun_of(name: str, kind: str) -> Callable[..., Any]:
    return getattr(getattr(stats, name), kind)


@pytest.mark.parametrize("kind", [*KINDS, "ppf", "isf"])
@pytest.mark.parametrize("name", CONTINUOUS)
def test_values_are_scipys_on_and_off_the_support(name: str, kind: str) -> None:
    x = onp.array([0.02, 0.4, 0.5, 0.97]) if kind in ("ppf", "isf") else POINTS
    for options in ({}, {"loc": 0.2, "scale": 1.3}, {"scale": -1.0}):
        expected = getattr(getattr(scipy.stats, name), kind)(x, **CONTINUOUS[name], **options)
        got = fun_of(name, kind)(x, **CONTINUOUS[name], **options)
        onp.testing.assert_allclose(got, expected, rtol=1e-11, atol=1e-300)


@pytest.mark.parametrize("kind", DISCRETE_KINDS)
@pytest.mark.parametrize("name", LATTICES)
def test_values_on_integers_are_scipys(name: str, kind: str) -> None:
    for options in ({}, {"loc": 1}):
        expected = getattr(getattr(scipy.stats, name), kind)(COUNTS, **LATTICES[name], **options)
        got = fun_of(name, kind)(COUNTS, **LATTICES[name], **options)
        onp.testing.assert_allclose(got, expected, rtol=1e-11)


@pytest.mark.parametrize("kind", [*KINDS, "ppf", "isf"])
@pytest.mark.parametrize("name", CONTINUOUS)
def test_derivatives_in_every_keyword_agree_with_differences(name: str, kind: str) -> None:
    x = onp.array([0.3, 0.7])
    if name == "pareto" and kind not in ("ppf", "isf"):
        x = x + 2.0  # its support begins at one
    shapes = CONTINUOUS[name]
    fun = lambda x, loc, scale, *given: fun_of(name, kind)(  # noqa: E731
        x, loc=loc, scale=scale, **dict(zip(shapes, given))
    )
    arguments = (x, 0.1, 1.2, *shapes.values())
    check_grads(fun, tuple(range(len(arguments))))(*arguments)


@pytest.mark.parametrize("kind", DISCRETE_KINDS)
@pytest.mark.parametrize("name", LATTICES)
def test_derivatives_in_probabilities_and_means(name: str, kind: str) -> None:
    shapes = dict(LATTICES[name])
    key, value = shapes.popitem()
    k = onp.array([0.0, 1.0])
    check_grads(
        lambda p: (
            np.where(k <= 0, 1.0, 0.5)
            * np.maximum(fun_of(name, kind)(k, **shapes, **{key: p}), -50.0)
        )
    )(value)


AUTOGRADS = [
    ("norm", KINDS, (0.4, 0.2, 1.3)),
    ("t", ["pdf", "logpdf"], (0.4, 3.5, 0.2, 1.3)),
    ("beta", ["pdf", "logpdf"], (0.4, 2.3, 1.7)),
    ("gamma", ["pdf", "logpdf"], (0.4, 2.3)),
    ("chi2", ["pdf", "logpdf"], (0.4, 3.0)),
]


@pytest.mark.parametrize(("name", "kinds", "args"), AUTOGRADS)
def test_gradients_of_two_orders_equal_autograds(
    name: str, kinds: list[str], args: tuple[float, ...]
) -> None:
    theirs = import_module(f"autograd.scipy.stats.{name}")
    for kind in kinds:
        for k in range(len(args) if name in ("norm", "t") else 1):
            ours_first, their_first = (
                grad(fun_of(name, kind), k),
                autograd.grad(getattr(theirs, kind), k),
            )
            assert ours_first(*args) == pytest.approx(their_first(*args), rel=1e-10)
            ours, expected = grad(ours_first, k)(*args), autograd.grad(their_first, k)(*args)
            assert ours == pytest.approx(expected, rel=1e-9)


def test_autograds_lattice_and_simplex_gradients() -> None:
    theirs = import_module("autograd.scipy.stats")
    k = onp.array([0.0, 2.0, 3.0])
    for kind in ("pmf", "logpmf", "cdf"):
        ours = grad(lambda mu, kind=kind: np.sum(fun_of("poisson", kind)(k, mu)))(1.3)
        expected = autograd.grad(
            lambda mu, kind=kind: autograd.numpy.sum(getattr(theirs.poisson, kind)(k, mu))
        )(1.3)
        assert ours == pytest.approx(expected, rel=1e-10)
    x, alpha = onp.array([0.2, 0.3, 0.5]), onp.array([1.4, 0.8, 2.0])
    for kind in ("pdf", "logpdf"):
        for argnum in (0, 1):
            ours = grad(fun_of("dirichlet", kind), argnum)(x, alpha)
            expected = autograd.grad(getattr(theirs.dirichlet, kind), argnum)(x, alpha)
            onp.testing.assert_allclose(ours, expected, rtol=1e-10)


def test_dirichlet_takes_points_without_their_last_entry() -> None:
    alpha = onp.array([1.4, 0.8, 2.0])
    x = onp.array([0.2, 0.3])
    assert stats.dirichlet.pdf(x, alpha) == pytest.approx(scipy.stats.dirichlet.pdf(x, alpha))
    with pytest.raises(ValueError, match="rows"):
        stats.dirichlet.pdf(x[:1], alpha)


def test_float32_stays_float32() -> None:
    x = onp.array([0.3, 0.7], onp.float32)
    for name, shapes in CONTINUOUS.items():
        singles = {key: onp.float32(value) for key, value in shapes.items()}
        for kind in ("pdf", "logpdf", "cdf"):
            fun = partial(fun_of(name, kind), **singles)
            assert fun(x).dtype == onp.float32, (name, kind)
            assert elementwise_grad(fun)(x).dtype == onp.float32


def test_random_numbers_are_plain() -> None:
    drawn = []

    def loss(scale: Any) -> Any:
        drawn.append(stats.norm.rvs(scale=scale, size=3, random_state=1))
        return scale * 2.0

    assert grad(loss)(1.5) == 2.0
    assert type(drawn[0]) is onp.ndarray
    onp.testing.assert_array_equal(
        drawn[0], scipy.stats.norm.rvs(scale=1.5, size=3, random_state=1)
    )


def test_misspelt_and_missing_parameters_are_named() -> None:
    with pytest.raises(TypeError, match=r"norm.pdf takes \(x, loc, scale\).*mean"):
        stats.norm.pdf(1.0, mean=2.0)
    with pytest.raises(TypeError, match="df"):
        stats.t.pdf(1.0)
