from __future__ import annotations

import lecture_scheme as reference
import numpy as np
import pytest

from autodiff.test_util import check_grads
from sciopt.errors import ConfigError
from sciopt.fluid.controls import Domain, stream_function
from sciopt.fluid.controls.stream_function import (
    divergence,
    parameter_of,
    psi_and_drift,
    refine_stream_function,
    velocity_of,
)
from sciopt.fluid.controls.velocity import refine_velocity
from sciopt.fluid.physics import Grid

BOUNDARIES = [
    ("periodic", "periodic"),
    ("free-slip", "periodic"),
    ("free-slip", "no-slip"),
]


@pytest.mark.parametrize("limit", [np.inf, 0.5])
@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_the_discrete_divergence_is_round_off(boundary, limit, rng):
    domain = Domain(Grid((12, 9), boundary))
    control = stream_function(domain, limit=limit)
    velocity = control.value(rng.standard_normal(control.size))
    assert np.abs(velocity).max() > 0.3
    assert np.abs(divergence(velocity, domain)).max() < 1e-14


def test_the_lectures_projection_has_nothing_to_take_out(rng):
    control = stream_function(Domain(Grid((10, 8))))
    velocity = control.value(rng.standard_normal(control.size))
    np.testing.assert_allclose(reference.project(velocity, 10), velocity, rtol=0, atol=1e-14)


def test_divergence_by_loops_with_mirrored_walls(rng):
    domain = Domain(Grid((4, 5), ("free-slip", "periodic")))
    u, v = rng.standard_normal((2, 4, 5))
    expected = np.empty((4, 5))
    for i in range(4):
        for j in range(5):
            above = u[i - 1, j] if i > 0 else -u[0, j]
            below = u[i + 1, j] if i < 3 else -u[3, j]
            expected[i, j] = (below - above) / 2 + (v[i, (j + 1) % 5] - v[i, j - 1]) / 2
    found = divergence(np.stack([u, v]), domain)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-15)


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_the_velocity_has_the_norm_of_its_parameter(boundary, rng):
    domain = Domain(Grid((9, 7), boundary))
    control = stream_function(domain)
    drift = np.array([0.5, -0.2]) * domain.periodic
    parameter = parameter_of(rng.standard_normal((9, 7)), drift, domain)
    norm = np.linalg.norm(control.value(parameter))
    assert norm == pytest.approx(np.linalg.norm(parameter), rel=1e-12)


def test_psi_and_its_parameter_go_round_but_for_what_makes_no_velocity(rng):
    domain = Domain(Grid((8, 6), ("free-slip", "periodic")))
    psi, drift = rng.standard_normal((8, 6)), np.array([0.0, 0.3])
    again, drifting = psi_and_drift(parameter_of(psi, drift, domain), domain)
    np.testing.assert_allclose(drifting, drift, rtol=1e-14)
    np.testing.assert_allclose(
        velocity_of(again, domain), velocity_of(psi, domain), rtol=0, atol=1e-13
    )
    periodic = Domain(Grid((8, 6)))
    constant = parameter_of(np.ones((8, 6)), np.zeros(2), periodic)
    np.testing.assert_allclose(constant, 0, atol=1e-13)


def test_every_flow_that_the_exact_projection_leaves_is_the_curl_of_something(rng):
    domain = Domain(
        Grid((7, 9))
    )  # of odd sides: without checkerboards, which have no pressure either
    kx, ky = (1j * np.sin(2 * np.pi * np.fft.fftfreq(n)) for n in domain.shape)
    w = np.fft.fft2(rng.standard_normal((2, 7, 9)))
    square = kx[:, None] ** 2 + ky**2
    square[0, 0] = np.inf
    pressure = (kx[:, None] * w[0] + ky * w[1]) / square
    left = np.fft.ifft2(w - np.stack([kx[:, None] * pressure, ky * pressure])).real
    columns = np.stack([stream_function(domain).value(e) for e in np.eye(65)]).reshape(65, -1)
    found, *_ = np.linalg.lstsq(columns.T, left.ravel(), rcond=None)
    np.testing.assert_allclose(columns.T @ found, left.ravel(), rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("boundary", "open_axes"),
    [
        (("periodic", "periodic"), (1, 1)),
        (("free-slip", "periodic"), (0, 1)),
        (("free-slip", "no-slip"), (0, 0)),
    ],
)
def test_the_drift_is_the_mean_flow_where_something_can_flow(boundary, open_axes):
    control = stream_function(Domain(Grid((8, 8), boundary)))
    parameter = np.append(np.zeros(64), [8 * 0.5, 8 * -2.0])
    velocity = control.value(parameter)
    expected = np.multiply((0.5, -2.0), open_axes)
    np.testing.assert_allclose(velocity.mean(axis=(1, 2)), expected, rtol=0, atol=1e-15)


@pytest.mark.parametrize("boundary", BOUNDARIES[:2])
def test_prolonging_psi_and_prolonging_its_velocity_agree(boundary):
    differences = []
    for cells in (16, 32, 64):
        coarse, fine = (
            Domain(Grid((cells, cells), boundary), 10),
            Domain(Grid((2 * cells,) * 2, boundary), 20),
        )
        x = (np.arange(cells) + 0.5) / cells
        psi = cells**2 * np.sin(2 * np.pi * x)[:, None] * np.sin(2 * np.pi * x)
        parameter = parameter_of(psi, np.array([0.0, 0.25]), coarse)
        refined = refine_stream_function(parameter, coarse, fine)
        velocity = stream_function(fine).value(refined)
        other = refine_velocity(stream_function(coarse).value(parameter), coarse, fine)
        differences.append(np.abs(velocity - other).max() / np.abs(other).max())
        assert psi_and_drift(refined, fine)[1][1] == pytest.approx(0.25)
    # Central differences on two grids differ at second order.
    assert np.log2(np.divide(differences[:-1], differences[1:])).min() > 1.9


def test_a_vortex_turns_the_way_psi_says():
    psi = np.zeros((5, 5))
    psi[2, 2] = 2.0
    u, v = velocity_of(psi, Domain(Grid((5, 5))))
    assert u[2, 1] == 1 and u[2, 3] == -1  # noqa: PT018
    assert v[1, 2] == -1 and v[3, 2] == 1  # noqa: PT018


def test_a_limit_is_kept_and_small_functions_are_left_alone(rng):
    domain = Domain(Grid((8, 8)))
    limited, free = (stream_function(domain, limit=limit) for limit in (1.0, np.inf))
    wild = parameter_of(100 * rng.standard_normal((8, 8)), np.zeros(2), domain)
    # Between two cells psi may differ by twice its limit, over a distance of two.
    assert np.abs(limited.value(wild)).max() <= 1
    small = 1e-4 * wild / np.abs(wild).max()
    np.testing.assert_allclose(limited.value(small), free.value(small), rtol=0, atol=1e-11)


def test_gradients_penalties_and_refusals(rng):
    domain = Domain(Grid((4, 5), ("free-slip", "periodic")))
    control = stream_function(domain, limit=2.0, effort_weight=1.0, smoothness_weight=1.0)
    parameter = rng.standard_normal(control.size)
    check_grads(control.value)(parameter)
    assert set(control.penalties(parameter)) == {
        "effort of stream function",
        "roughness of stream function",
    }
    with pytest.raises(ConfigError, match="none for a channel"):
        stream_function(Domain(Grid((4, 5), ("free-slip", "channel"))))
    with pytest.raises(ConfigError, match="limit must be above 0, got 0"):
        stream_function(domain, limit=0.0)
