"""Divergence and gradient: each other's transpose, exact where they can be."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from sciopt.fluid.physics.differences import divergence, gradient
from sciopt.fluid.physics.grid import BOUNDARIES, Boundary, Grid

SIDES = [pair for pair in product(BOUNDARIES, BOUNDARIES) if pair != ("channel", "channel")]


@pytest.mark.parametrize("boundary", SIDES)
@pytest.mark.parametrize("shape", [(4, 5), (6, 4)])
def test_gradient_is_minus_the_transpose_of_the_divergence(
    shape: tuple[int, int], boundary: tuple[Boundary, Boundary]
) -> None:
    grid, cells = Grid(shape, boundary), shape[0] * shape[1]
    rows = [gradient(e.reshape(shape), grid).ravel() for e in np.eye(cells)]
    columns = [divergence(e.reshape(2, *shape), grid).ravel() for e in np.eye(2 * cells)]
    np.testing.assert_array_equal(np.array(rows), -np.array(columns).T)


def test_divergence_of_linear_flow_on_the_inside(rng: np.random.Generator) -> None:
    x, y = np.mgrid[:6, :7]
    flow = np.stack([3.0 * x + y, 5.0 * y - x])
    np.testing.assert_allclose(divergence(flow, Grid((6, 7)))[1:-1, 1:-1], 8.0, rtol=1e-14)


def test_uniform_flow_through_a_channel_has_no_divergence() -> None:
    flow = np.stack([np.full((5, 6), 2.0), np.zeros((5, 6))])
    grid = Grid((5, 6), ("channel", "no-slip"))
    inflow = np.stack([np.full(6, 2.0), np.zeros(6)])
    np.testing.assert_array_equal(divergence(flow, grid, inflow), 0.0)
    assert np.abs(divergence(flow, grid)).max() == 2.0  # with nothing coming in
