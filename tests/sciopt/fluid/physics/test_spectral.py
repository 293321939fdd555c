"""The exact projection: what it leaves, what it keeps, and that it is symmetric."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from autodiff import make_vjp
from autodiff.test_util import check_duality, check_grads
from sciopt.fluid.physics import spectral
from sciopt.fluid.physics.differences import divergence
from sciopt.fluid.physics.grid import BOUNDARIES, Boundary, Grid

SIDES = [pair for pair in product(BOUNDARIES, BOUNDARIES) if pair != ("channel", "channel")]


def grid_and_inflow(
    shape: tuple[int, int], boundary: tuple[Boundary, Boundary], rng: np.random.Generator
) -> tuple[Grid, np.ndarray | None]:
    grid = Grid(shape, boundary)
    axis = grid.channel_axis
    return grid, None if axis is None else rng.standard_normal((2, shape[1 - axis]))


@pytest.mark.parametrize("boundary", SIDES)
@pytest.mark.parametrize("shape", [(8, 6), (7, 9), (4, 5)])
def test_divergence_of_the_result_is_round_off(
    shape: tuple[int, int], boundary: tuple[Boundary, Boundary], rng: np.random.Generator
) -> None:
    grid, inflow = grid_and_inflow(shape, boundary, rng)
    w = rng.standard_normal((2, *shape))
    before = np.abs(divergence(w, grid, inflow)).max()
    v = spectral.project(w, grid, inflow)
    assert np.abs(divergence(v, grid, inflow)).max() < 1e-14 * before
    np.testing.assert_allclose(spectral.project(v, grid, inflow), v, rtol=0, atol=1e-14)


@pytest.mark.parametrize("boundary", SIDES)
def test_divergence_of_a_large_grid_falls_by_ten_digits(
    boundary: tuple[Boundary, Boundary], rng: np.random.Generator
) -> None:
    grid, inflow = grid_and_inflow((192, 131), boundary, rng)
    w = rng.standard_normal((2, 192, 131))
    before = np.linalg.norm(divergence(w, grid, inflow))
    v = spectral.project(w, grid, inflow)
    assert np.linalg.norm(divergence(v, grid, inflow)) <= 1e-10 * before


@pytest.mark.parametrize("boundary", SIDES)
def test_projection_is_its_own_adjoint(
    boundary: tuple[Boundary, Boundary], rng: np.random.Generator
) -> None:
    grid = Grid((8, 7), boundary)
    u, w = rng.standard_normal((2, 2, 8, 7))
    forward = np.vdot(u, spectral.project(w, grid))
    pull_back, _ = make_vjp(lambda w: spectral.project(w, grid))(w)
    bound = 1e-12 * np.linalg.norm(u) * np.linalg.norm(w)
    assert abs(forward - np.vdot(spectral.project(u, grid), w)) < bound
    assert abs(forward - np.vdot(pull_back(u), w)) < bound


def test_a_gradient_vanishes_and_a_curl_stays(rng: np.random.Generator) -> None:
    grid = Grid((6, 8))
    psi, p = rng.standard_normal((2, 6, 8))
    curl = np.stack(
        [np.roll(psi, -1, 1) - np.roll(psi, 1, 1), np.roll(psi, 1, 0) - np.roll(psi, -1, 0)]
    )
    np.testing.assert_allclose(spectral.project(curl, grid), curl, rtol=0, atol=1e-14)
    slopes = np.stack([np.roll(p, -1, 0) - np.roll(p, 1, 0), np.roll(p, -1, 1) - np.roll(p, 1, 1)])
    np.testing.assert_allclose(spectral.project(slopes, grid), 0, rtol=0, atol=1e-13)


def test_waves_that_central_differences_do_not_see_pass(rng: np.random.Generator) -> None:
    x, y = np.mgrid[:6, :8]
    for wave in ((-1.0) ** x, (-1.0) ** y, (-1.0) ** (x + y), np.ones((6, 8))):
        w = np.stack([wave, -2 * wave])
        np.testing.assert_allclose(spectral.project(w, Grid((6, 8))), w, rtol=0, atol=1e-14)


@pytest.mark.parametrize("boundary", [("periodic", "periodic"), ("channel", "no-slip")])
def test_derivatives_to_second_order_in_both_modes(
    boundary: tuple[Boundary, Boundary], rng: np.random.Generator
) -> None:
    grid, inflow = grid_and_inflow((4, 5), boundary, rng)
    w = rng.standard_normal((2, 4, 5))

    def energy(w: np.ndarray) -> np.ndarray:
        return spectral.project(w, grid, inflow) ** 2

    check_grads(energy)(w)
    check_duality(energy, w)
    if inflow is not None:
        check_grads(lambda inflow: spectral.project(w, grid, inflow) ** 2)(inflow)


def test_float32_stays_and_is_projected_to_its_precision(rng: np.random.Generator) -> None:
    w = rng.standard_normal((2, 8, 8)).astype(np.float32)
    v = spectral.project(w, Grid((8, 8), ("free-slip", "periodic")))
    assert v.dtype == np.float32
    assert np.abs(divergence(v, Grid((8, 8), ("free-slip", "periodic")))).max() < 1e-6
