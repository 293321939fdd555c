"""The order of the cells: in it the wide equation is the five-point one on tori."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from sciopt.fluid.multigrid.rings import Ends, Ring, tori
from sciopt.fluid.physics.differences import divergence, gradient
from sciopt.fluid.physics.grid import Boundary, Grid

BOUNDARIES: dict[Ends, Boundary] = {
    "periodic": "periodic", "box": "free-slip", "channel": "channel",
}  # fmt: skip
PAIRS = [pair for pair in product(BOUNDARIES, BOUNDARIES) if pair != ("channel", "channel")]


def five_points(
    q: np.ndarray, by_row: np.ndarray, by_column: np.ndarray, x: Ring, y: Ring
) -> np.ndarray:
    down = np.concatenate([q[1:], x.closing * q[:1]])
    up = np.concatenate([x.closing * q[-1:], q[:-1]])
    right = np.concatenate([q[:, 1:], y.closing * q[:, :1]], 1)
    left = np.concatenate([y.closing * q[:, -1:], q[:, :-1]], 1)
    along = by_row * (q - down) + np.roll(by_row, 1, 0) * (q - up)
    return along + by_column * (q - right) + np.roll(by_column, 1, 1) * (q - left)


@pytest.mark.parametrize("ends", PAIRS)
@pytest.mark.parametrize("shape", [(6, 8), (5, 7), (6, 5), (7, 4)])
def test_wide_equation_is_the_five_point_one_on_the_tori(
    shape: tuple[int, int], ends: tuple[Ends, Ends], rng: np.random.Generator
) -> None:
    grid = Grid(shape, (BOUNDARIES[ends[0]], BOUNDARIES[ends[1]]))
    m, p = rng.random((2, *shape)), rng.standard_normal(shape)
    found = np.full(shape, np.nan)
    for x, y in tori(shape, ends):
        cells, signs = np.ix_(x.cells, y.cells), np.outer(x.signs, y.signs)
        by_row = m[0][np.ix_(x.edges, y.cells)] / 4
        by_column = m[1][np.ix_(x.cells, y.edges)] / 4
        found[cells] = signs * five_points(signs * p[cells], by_row, by_column, x, y)
    expected = -divergence(m * gradient(p, grid), grid)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-14)


def test_how_many_tori_there_are() -> None:
    assert len(tori((6, 8), ("periodic", "periodic"))) == 4
    assert len(tori((6, 7), ("periodic", "periodic"))) == 2
    assert len(tori((6, 8), ("box", "periodic"))) == 2
    assert len(tori((6, 8), ("channel", "box"))) == 1
