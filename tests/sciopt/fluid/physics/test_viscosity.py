"""Diffusion of waves, whose decay is known, and of flow between walls."""

from __future__ import annotations

import numpy as np
import pytest

from autodiff.test_util import check_duality, check_grads
from sciopt.fluid.physics.grid import Boundary, Grid
from sciopt.fluid.physics.viscosity import diffuse


def test_waves_decay_by_their_factor() -> None:
    x, y = np.mgrid[:8, :9]
    k, m = 2 * np.pi * 3 / 8, 2 * np.pi * 2 / 9
    wave = np.cos(k * x + 0.3) * np.sin(m * y)
    decayed = diffuse(np.stack([wave, 2 * wave]), Grid((8, 9)), 1.7)
    factor = 1 / (1 + 1.7 * (4 - 2 * np.cos(k) - 2 * np.cos(m)))
    np.testing.assert_allclose(decayed, factor * np.stack([wave, 2 * wave]), rtol=0, atol=1e-14)


@pytest.mark.parametrize("side", ["free-slip", "no-slip"])
def test_walls_slow_down_the_flow_along_them_only_if_they_are_sticky(side: Boundary) -> None:
    v = np.stack([np.ones((6, 8)), np.zeros((6, 8))])
    after = diffuse(v, Grid((6, 8), ("periodic", side)), 0.5)
    if side == "free-slip":
        np.testing.assert_allclose(after, v, rtol=0, atol=1e-15)
    else:
        assert np.all(np.diff(after[0, 0, :4]) > 0)  # a boundary layer


def test_flow_under_a_steady_push_becomes_a_parabola() -> None:
    """Poiseuille's flow between sticky walls at -1/2 and 7 + 1/2: u = f (y + 1/2)(7 1/2 - y) / 2.

    The five-point Laplacian is exact for it up to the mirrored ghost cells, which add f / 8.
    """
    grid, push, v = Grid((4, 8), ("periodic", "no-slip")), 0.1, np.zeros((2, 4, 8))
    for _ in range(400):
        v = diffuse(v + np.stack([np.full((4, 8), push), np.zeros((4, 8))]), grid, 1.0)
    y = np.arange(8)
    np.testing.assert_allclose(
        v[0, 0], push * ((y + 0.5) * (7.5 - y) / 2 + 1 / 8), rtol=0, atol=1e-6
    )


def test_uniform_flow_through_a_channel_stays() -> None:
    v = np.stack([np.full((6, 5), 0.7), np.full((6, 5), -0.2)])
    grid = Grid((6, 5), ("channel", "free-slip"))
    v[1] = 0
    inflow = np.stack([np.full(5, 0.7), np.zeros(5)])
    np.testing.assert_allclose(diffuse(v, grid, 2.0, inflow), v, rtol=0, atol=1e-14)


@pytest.mark.parametrize("boundary", [("periodic", "no-slip"), ("free-slip", "channel")])
def test_derivatives_by_flow_rate_and_inflow(
    boundary: tuple[Boundary, Boundary], rng: np.random.Generator
) -> None:
    grid, w, inflow = Grid((4, 5), boundary), rng.random((2, 4, 5)), rng.random((2, 4))
    check_grads(lambda w: diffuse(w, grid, 0.3, inflow) ** 2)(w)
    check_grads(lambda rate: diffuse(w, grid, rate, inflow) ** 2)(0.3)
    check_grads(lambda inflow: diffuse(w, grid, 0.3, inflow) ** 2)(inflow)
    check_duality(lambda rate: diffuse(w, grid, rate, inflow), np.array(0.3))
