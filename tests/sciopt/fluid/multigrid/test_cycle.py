"""The V-cycle as a matrix: symmetric, and close to an inverse, whatever the obstacle."""

from __future__ import annotations

import numpy as np
import pytest
from dense_tori import matrix

from sciopt.fluid.kernels.simd import LANES
from sciopt.fluid.multigrid.cycle import v_cycle
from sciopt.fluid.multigrid.levels import GHOST_ROWS, Levels, build_levels
from sciopt.fluid.multigrid.rows import close_rows


def cells(levels: Levels, field: np.ndarray) -> np.ndarray:
    """The cells of level 0 in a field of all levels: a view."""
    nx, ny, pitch, _ = levels.table[0]
    rows = field[: (nx + 2 * GHOST_ROWS) * pitch].reshape(-1, pitch)
    return rows[GHOST_ROWS:-GHOST_ROWS, LANES : LANES + ny]


def cycle_matrix(levels: Levels) -> np.ndarray:
    """What the cycle makes of each unit vector. All other memory is poisoned."""
    nx, ny, pitch, _ = (int(n) for n in levels.table[0])
    columns = []
    for unit in np.eye(nx * ny, dtype=np.float32):
        b, x = np.full((2, len(levels.inverse)), np.nan, np.float32)
        lines = np.full(8 * pitch, np.nan, np.float32)
        cells(levels, b)[:] = unit.reshape(nx, ny)
        close_rows(b, GHOST_ROWS * pitch + LANES, nx, ny, pitch, levels.closing)
        product = v_cycle(levels, b, x, lines)
        columns.append(cells(levels, x).ravel().astype(float))
        assert product == pytest.approx(columns[-1] @ unit, rel=1e-6)
    return np.array(columns).T


def openings(kind: str, shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Weights of the edges along both axes, (2, nx, ny)."""
    if kind == "open":
        return np.full((2, *shape), 0.25)
    if kind == "porous":
        return 0.25 * rng.random((2, *shape))
    if kind == "nearly closed":
        weights = np.full((2, *shape), 0.25)
        weights[:, 2:6, 3:9] *= 1e-6
        return weights
    return 0.25 * (rng.random((2, *shape)) < 0.75)


@pytest.mark.parametrize("kind", ["open", "porous", "nearly closed", "holes"])
@pytest.mark.parametrize(
    ("shape", "closing"),
    [((8, 8), (1, 1)), ((20, 18), (1, 1)), ((13, 11), (-1, 1)), ((6, 21), (1, -1))],
)
def test_cycle_is_symmetric_and_near_the_inverse(
    kind: str, shape: tuple[int, int], closing: tuple[int, int], rng: np.random.Generator
) -> None:
    weights = openings(kind, shape, rng)
    found = cycle_matrix(build_levels(weights[0], weights[1], closing))
    exact = matrix(np.concatenate([weights, 0 * weights]), closing)
    # float32: so many roundings of its largest entry
    assert np.abs(found - found.T).max() < 1e-5 * np.abs(found).max()
    values = np.sort(np.linalg.eigvals(found @ exact).real)
    assert values[-1] < 1 + 1e-5  # never too far
    seen = values[values > 1e-5]
    rank = np.linalg.matrix_rank(exact, tol=1e-9)
    assert len(seen) == rank
    assert seen[0] > {"open": 0.75, "porous": 0.5, "nearly closed": 0.5, "holes": 0.2}[kind]


def test_open_space_is_told_apart() -> None:
    weights = np.full((2, 64, 64), 0.25)
    assert build_levels(weights[0], weights[1], (1, 1)).plain.all()
    weights[0, 20:24, 20:24] = 0
    plain = build_levels(weights[0], weights[1], (1, 1)).plain
    assert 0.7 < plain.mean() < 1
