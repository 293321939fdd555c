"""The sweeps against the lecture's scheme and its wind tunnel, which are written out elsewhere."""

from __future__ import annotations

import lecture_scheme as reference
import numpy as np
import pytest

from experiments.lecture import wind_tunnel
from sciopt.fluid.physics import jacobi
from sciopt.fluid.physics.differences import divergence
from sciopt.fluid.physics.grid import Boundary, Grid


@pytest.mark.parametrize("sweeps", [0, 1, 10])
def test_periodic_sweeps_are_the_lectures_to_the_bit(sweeps: int, rng: np.random.Generator) -> None:
    w = rng.standard_normal((2, 7, 8))
    np.testing.assert_array_equal(
        jacobi.project(w, Grid((7, 8)), sweeps), reference.project(w, sweeps)
    )


def test_sweeps_around_a_solid_are_the_wind_tunnels(rng: np.random.Generator) -> None:
    solid, w = rng.random((8, 9)), rng.standard_normal((2, 8, 9))
    # There axis 0 is y, and the velocity along x comes first.
    vx, vy = wind_tunnel.project(w[1], w[0], solid, 12)
    ours = jacobi.project(w, Grid((8, 9)), 12, None, solid)
    np.testing.assert_array_equal(ours, np.stack([vy, vx]))


@pytest.mark.parametrize(
    "boundary", [("free-slip", "no-slip"), ("periodic", "free-slip"), ("channel", "no-slip")]
)
def test_sweeps_are_symmetric_within_all_sides(
    boundary: tuple[Boundary, Boundary], rng: np.random.Generator
) -> None:
    grid = Grid((6, 7), boundary)
    u, w = rng.standard_normal((2, 2, 6, 7))
    there = np.vdot(u, jacobi.project(w, grid, 9))
    assert there == pytest.approx(np.vdot(jacobi.project(u, grid, 9), w), rel=1e-13)


def test_many_sweeps_leave_little_divergence_of_a_smooth_flow_in_a_box() -> None:
    n = 16
    grid = Grid((n, n), ("free-slip", "free-slip"))
    x, y = (np.mgrid[:n, :n] + 0.5) * np.pi / n
    w = np.stack([np.sin(x) * np.cos(y), np.cos(x) * np.sin(2 * y)])
    left = np.abs(divergence(jacobi.project(w, grid, 3000), grid)).max()
    # Sweeps invert the compact Laplacian: of wave k a part k^2 / 4 is left, here about 0.04.
    assert left < 0.06 * np.abs(divergence(w, grid)).max()
