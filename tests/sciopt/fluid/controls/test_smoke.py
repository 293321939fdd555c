from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import expit

from autodiff import compiled, grad
from autodiff.test_util import check_duality, check_grads, taylor_order
from sciopt.fluid.controls import Domain, initial_smoke
from sciopt.fluid.controls.smoke import logistic_of_mean
from sciopt.fluid.physics import Grid
from sciopt.fluid.smoke import initial_smoke as drawn

DOMAIN = Domain(Grid((22, 20)))


@pytest.mark.parametrize("spread", [0.1, 3.0, 40.0])
@pytest.mark.parametrize("mean", [1e-6, 0.03, 0.5, 0.98])
def test_the_mean_is_kept_however_far_apart_the_logits_are(spread, mean, rng):
    z = spread * rng.standard_normal((1, 30, 30))
    s = logistic_of_mean(z, np.array([mean]))
    # Forty logits apart, neighbouring floats of c change the mean by this.
    assert s.mean() == pytest.approx(mean, rel=1e-9, abs=1e-15)
    assert s.min() >= 0 and s.max() <= 1  # noqa: PT018


def test_two_clusters_of_logits_do_not_mislead_newton():
    z = np.full((1, 10, 10), -30.0)
    z[0, :5] = 30.0
    s = logistic_of_mean(z, np.array([0.7]))
    assert s.mean() == pytest.approx(0.7, rel=1e-12)
    np.testing.assert_allclose(s[0, 5:], 0.4, rtol=1e-10)


def test_the_shift_is_the_root_that_brent_finds(rng):
    z = 2 * rng.standard_normal((2, 12, 12))
    means = np.array([0.2, 0.6])
    for field, mean, found in zip(z, means, logistic_of_mean(z, means)):
        c = brentq(lambda c, f=field, m=mean: expit(f + c).mean() - m, -20, 20, xtol=1e-14)
        np.testing.assert_allclose(found, expit(field + c), rtol=0, atol=1e-13)


def test_the_derivative_is_that_of_the_implicit_function(rng):
    means = np.array([0.2, 0.6])
    z = rng.standard_normal((2, 6, 7))
    weights = rng.standard_normal(z.shape)
    check_grads(lambda z: logistic_of_mean(z, means), order=1)(z)
    check_duality(lambda z: logistic_of_mean(z, means), z)
    order = taylor_order(
        lambda z: np.sum(0) + (weights * logistic_of_mean(z, means)).sum(),
        z,
        rng.standard_normal(z.shape),
        largest=0.1,
    )
    assert order == pytest.approx(2, abs=0.1)
    slope = grad(lambda z: (weights * logistic_of_mean(z, means)).sum())
    np.testing.assert_allclose(compiled(slope)(z), slope(z), rtol=1e-13, atol=1e-16)
    assert abs(slope(z).sum()) < 1e-14, "a shift of all logits changes nothing"


def test_it_starts_near_the_smoke_with_its_masses():
    smoke = np.stack([drawn("bands", DOMAIN.shape), 0.5 * drawn("columns", DOMAIN.shape)])
    control = initial_smoke(DOMAIN, smoke)
    value = control.value(control.start)
    np.testing.assert_allclose(value.mean(axis=(1, 2)), smoke.mean(axis=(1, 2)), rtol=1e-12)
    assert np.abs(value - smoke).max() < 0.1
    assert (
        np.abs(initial_smoke(DOMAIN, smoke, softness=1e-4).value(control.start) - value).max() == 0
    )


def test_a_denser_smoke_is_its_own_fullness():
    smoke = 2.2 * drawn("bands", DOMAIN.shape)[None]
    control = initial_smoke(DOMAIN, smoke)
    value = control.value(10 * control.start)
    assert value.max() == pytest.approx(2.2, rel=1e-2)
    assert value.mean() == pytest.approx(smoke.mean(), rel=1e-12)


def test_a_dye_that_is_nowhere_stays_nowhere():
    smoke = np.stack([drawn("bands", DOMAIN.shape), np.zeros(DOMAIN.shape)])
    control = initial_smoke(DOMAIN, smoke)
    slope = grad(lambda z: control.value(z).sum())(control.start)
    assert control.value(control.start)[1].max() < 1e-8
    assert np.isfinite(slope).all()


def test_penalties_and_refining():
    smoke = drawn("bands", DOMAIN.shape)[None]
    control = initial_smoke(DOMAIN, smoke, effort_weight=1.0, smoothness_weight=1.0)
    effort = control.penalties(control.start)["effort of initial smoke"]
    assert effort == pytest.approx(np.mean((control.value(control.start) - smoke) ** 2))
    finer = Domain(Grid((44, 40)))
    start = control.refine(control.start, finer)
    fine = initial_smoke(finer, drawn("bands", finer.shape)[None], start)
    averaged = fine.value(fine.start).reshape(1, 22, 2, 20, 2).mean(axis=(2, 4))
    assert np.sqrt(np.mean((averaged - control.value(control.start)) ** 2)) < 0.1
