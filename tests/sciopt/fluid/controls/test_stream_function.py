from __future__ import annotations

import numpy as np
import pytest

from autodiff.test_util import check_grads
from sciopt.errors import ConfigError
from sciopt.fluid import reference
from sciopt.fluid.controls import Domain, stream_function
from sciopt.fluid.controls.stream_function import (
    divergence,
    refine_stream_function,
    velocity_of,
)
from sciopt.fluid.controls.velocity import refine_velocity

BOUNDARIES = [
    ("periodic", "periodic"),
    ("free-slip", "periodic"),
    ("free-slip", "no-slip"),
]


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_the_discrete_divergence_is_round_off(boundary, rng):
    domain = Domain((12, 9), boundary)
    control = stream_function(domain)
    velocity = control.value(rng.standard_normal(control.size))
    assert np.abs(velocity).max() > 1
    assert np.abs(divergence(velocity, domain)).max() < 1e-14


def test_the_lectures_projection_has_nothing_to_take_out(rng):
    control = stream_function(Domain((10, 8)))
    velocity = control.value(rng.standard_normal(control.size))
    np.testing.assert_allclose(reference.project(velocity, 10), velocity, rtol=0, atol=1e-14)


def test_divergence_by_loops_with_mirrored_walls(rng):
    domain = Domain((4, 5), ("free-slip", "periodic"))
    u, v = rng.standard_normal((2, 4, 5))
    expected = np.empty((4, 5))
    for i in range(4):
        for j in range(5):
            above = u[i - 1, j] if i > 0 else -u[0, j]
            below = u[i + 1, j] if i < 3 else -u[3, j]
            expected[i, j] = (below - above) / 2 + (v[i, (j + 1) % 5] - v[i, j - 1]) / 2
    found = divergence(np.stack([u, v]), domain)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-15)


@pytest.mark.parametrize(
    ("boundary", "expected"),
    [
        (("periodic", "periodic"), (0.5, -2.0)),
        (("free-slip", "periodic"), (0.0, -2.0)),
        (("free-slip", "no-slip"), (0.0, 0.0)),
    ],
)
def test_the_drift_is_the_mean_flow_where_something_can_flow(boundary, expected, rng):
    control = stream_function(Domain((8, 8), boundary))
    parameter = np.append(np.zeros(64), [0.5, -2.0])
    velocity = control.value(parameter)
    np.testing.assert_allclose(velocity.mean(axis=(1, 2)), expected, rtol=0, atol=1e-15)


@pytest.mark.parametrize("boundary", BOUNDARIES[:2])
def test_prolonging_psi_and_prolonging_its_velocity_agree(boundary):
    differences = []
    for cells in (16, 32, 64):
        coarse, fine = Domain((cells, cells), boundary, 10), Domain((2 * cells,) * 2, boundary, 20)
        x = (np.arange(cells) + 0.5) / cells
        psi = cells**2 * np.sin(2 * np.pi * x)[:, None] * np.sin(2 * np.pi * x)
        parameter = np.append(psi.ravel(), [0.0, 0.25])
        refined = refine_stream_function(parameter, coarse, fine)
        velocity = stream_function(fine).value(refined)
        other = refine_velocity(stream_function(coarse).value(parameter), coarse, fine)
        differences.append(np.abs(velocity - other).max() / np.abs(other).max())
        assert refined[-1] == 0.25
    # Central differences on two grids differ at second order.
    assert np.log2(np.divide(differences[:-1], differences[1:])).min() > 1.9


def test_a_vortex_turns_the_way_psi_says():
    psi = np.zeros((5, 5))
    psi[2, 2] = 2.0
    u, v = velocity_of(psi, Domain((5, 5)))
    assert u[2, 1] == 1 and u[2, 3] == -1  # noqa: PT018
    assert v[1, 2] == -1 and v[3, 2] == 1  # noqa: PT018


def test_gradients_penalties_and_refusals(rng):
    domain = Domain((4, 5), ("free-slip", "periodic"))
    control = stream_function(domain, effort_weight=1.0, smoothness_weight=1.0)
    parameter = rng.standard_normal(control.size)
    check_grads(control.value)(parameter)
    assert set(control.penalties(parameter)) == {
        "effort of stream function",
        "roughness of stream function",
    }
    with pytest.raises(ConfigError, match="none for a channel"):
        stream_function(Domain((4, 5), ("free-slip", "channel")))
