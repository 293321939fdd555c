"""Inflow, obstacle and coefficients."""

from __future__ import annotations

import numpy as np
import pytest

from autodiff.test_util import check_grads
from sciopt.errors import ConfigError
from sciopt.fluid.controls import Domain, buoyancy, inflow, obstacle, theta_of, viscosity
from sciopt.fluid.physics import Grid

CHANNEL = Domain(Grid((12, 20), ("free-slip", "channel")), steps=10)


def test_an_inflow_keeps_its_flux_if_asked_to(rng):
    profile = rng.random(12)
    free, kept = (inflow(CHANNEL, 1.5, keep_flux=keep) for keep in (False, True))
    np.testing.assert_array_equal(free.value(profile), profile)
    assert kept.value(profile).mean() == pytest.approx(1.5, rel=1e-14)
    np.testing.assert_allclose(np.diff(kept.value(profile)), np.diff(profile), atol=1e-15)
    check_grads(kept.value)(profile)


def test_an_inflow_lies_along_the_other_axis_and_refines_with_both():
    control = inflow(CHANNEL, np.linspace(1, 2, 12), bounds=(0, 3), effort_weight=1.0)
    finer = Domain(Grid((24, 60), CHANNEL.boundary), steps=20)
    refined = control.refine(np.full(12, 2.0), finer)
    # Three times the cells along the stream, in half the time.
    np.testing.assert_allclose(refined, np.full(24, 3.0), rtol=1e-14)
    assert control.penalties(control.start) == {"effort of inflow": 0.0}
    assert inflow(CHANNEL, 1.0, along=0).start.shape == (20,)
    with pytest.raises(ConfigError, match="inflow: it starts at 2, outside"):
        inflow(CHANNEL, 2.0, bounds=(0, 1))


def test_the_wing_examples_occlusion():
    theta, allowed = np.full((40, 60), -1.0), np.zeros((40, 60))
    theta[15:25, 15:25] = 0.0
    allowed[10:30, 10:30] = 1
    control = obstacle(Domain(Grid((40, 60))), allowed, theta, effort_weight=2.0)
    occlusion = control.value(theta)
    assert occlusion[20, 20] == 0.5
    assert occlusion[12, 12] == pytest.approx(1 / (1 + np.exp(2.0)), rel=1e-14)
    assert occlusion[5].max() == occlusion[:, 35].max() == 0
    assert control.penalties(theta)["effort of obstacle"] == pytest.approx(
        2 * np.mean(occlusion**2)
    )
    check_grads(control.value)(theta[:, :])


def test_theta_of_an_occlusion_goes_round(rng):
    occlusion = rng.uniform(0.01, 0.99, (8, 8))
    control = obstacle(Domain(Grid((8, 8))), np.ones((8, 8)), theta_of(occlusion))
    np.testing.assert_allclose(control.value(control.start), occlusion, rtol=1e-13)
    solid = control.value(theta_of(np.array([[0.0, 1.0]] * 8).repeat(4, 1)))
    assert 0 < solid.min() < 0.005 and 0.995 < solid.max() < 1  # noqa: PT018


def test_coefficients_are_positive_on_a_logarithmic_scale():
    control = viscosity(CHANNEL, 0.1, (0.01, 1.0), effort_weight=3.0)
    assert control.value(control.start) == pytest.approx(0.1)
    assert control.value(control.low) == pytest.approx(0.01)
    assert control.value(control.high) == pytest.approx(1.0)
    doubled = control.start + np.log(2.0)
    penalty = control.penalties(doubled)["effort of viscosity"]
    assert penalty == pytest.approx(3 * np.log(2) ** 2)
    assert buoyancy(CHANNEL, 0.1).low == -np.inf
    check_grads(control.value)(control.start)


def test_coefficients_count_in_the_new_cells_and_steps():
    finer = Domain(Grid((24, 40), CHANNEL.boundary), steps=20)  # twice of all
    v, b = viscosity(CHANNEL, 0.1), buoyancy(CHANNEL, 0.1)
    # cells^2 per step: 4 / 2; cells per step^2: 2 / 4.
    assert v.value(v.refine(v.start, finer)) == pytest.approx(0.2)
    assert b.value(b.refine(b.start, finer)) == pytest.approx(0.05)


def test_what_is_not_positive_or_crosses_is_refused():
    with pytest.raises(ConfigError, match="viscosity: must start above 0, got 0"):
        viscosity(CHANNEL, 0.0)
    with pytest.raises(ConfigError, match="viscosity: its lower bound is above"):
        viscosity(CHANNEL, 0.1, (1.0, 0.01))
