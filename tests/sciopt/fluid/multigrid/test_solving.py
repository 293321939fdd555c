"""The solver: residuals by the plain formula, hard obstacles, threads, limits."""

from __future__ import annotations

import numpy as np
import pytest

from sciopt.fluid import multigrid
from sciopt.fluid.multigrid import NotSolvedError
from sciopt.fluid.physics.differences import divergence, gradient
from sciopt.fluid.physics.grid import Grid
from sciopt.fluid.physics.obstacle import passage

SHAPE = (48, 40)


def obstacle(kind: str, shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Occlusion, from 0 to 1."""
    x, y = np.mgrid[: shape[0], : shape[1]]
    waves = np.sin(0.35 * x + 1) * np.cos(0.28 * y) + 0.4 * np.sin(0.9 * (x + y))
    if kind == "noise":
        return (rng.random(shape) < 0.1).astype(float)
    if kind == "maze":
        return (np.abs(waves) < 0.12).astype(float)
    if kind == "porous":
        return 0.5 * (np.tanh(4 * waves) + 1)
    if kind == "soft":  # nothing is quite open or quite closed, as under an obstacle control
        return 1 / (1 + np.exp(0.94 * (np.hypot(x - 20, y - 20) - 8)))
    plates = np.zeros(shape)
    plates[20, 3:30] = plates[5:40, 25] = 1
    return plates


def residual(p: np.ndarray, source: np.ndarray, m: np.ndarray, grid: Grid) -> float:
    left = source + divergence(m * gradient(p, grid), grid)
    return float(np.linalg.norm(left) / np.linalg.norm(source))


@pytest.mark.parametrize("kind", ["noise", "maze", "porous", "soft", "plates"])
@pytest.mark.parametrize("grid", [Grid(SHAPE), Grid(SHAPE, ("channel", "free-slip"))], ids=str)
def test_hard_obstacles(kind: str, grid: Grid, rng: np.random.Generator) -> None:
    m = passage(obstacle(kind, SHAPE, rng), grid)
    ends = ("channel", "box") if grid.channel_axis == 0 else ("periodic", "periodic")
    source = -divergence(m * rng.standard_normal((2, *SHAPE)), grid)
    p = multigrid.solve(source, m, ends, 1e-9)  # type: ignore[arg-type]
    assert residual(p, source, m, grid) < 1.01e-9


def test_a_large_grid_is_solved_by_threads_to_the_same_bits(rng: np.random.Generator) -> None:
    grid = Grid((256, 256))
    x, y = np.mgrid[:256, :256]
    m = passage((np.hypot(x - 100, y - 140) < 40).astype(float), grid)
    source = -divergence(m * rng.standard_normal((2, 256, 256)), grid)
    first, second = (multigrid.solve(source, m, ("periodic", "periodic"), 1e-8) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert residual(first, source, m, grid) < 1.01e-8


def test_another_obstacle_is_not_taken_for_the_last_one(rng: np.random.Generator) -> None:
    grid = Grid(SHAPE)
    w = rng.standard_normal((2, *SHAPE))
    m = np.ones((2, *SHAPE))
    for _ in range(3):
        m[:, rng.integers(40), rng.integers(40)] = 0.5  # changed in place
        source = -divergence(m * w, grid)
        p = multigrid.solve(source, m, ("periodic", "periodic"), 1e-10)
        assert residual(p, source, m, grid) < 1.01e-10


@pytest.mark.parametrize("size", [1e-30, 1e-17, 1e-5, 1e9, 1e20])
def test_sources_of_any_size(size: float, rng: np.random.Generator) -> None:
    """Squares of what is left of them would not fit the preconditioner's float32."""
    grid = Grid(SHAPE)
    m = passage(obstacle("noise", SHAPE, rng), grid)
    source = -divergence(m * rng.standard_normal((2, *SHAPE)), grid)
    p = multigrid.solve(size * source, m, ("periodic", "periodic"), 1e-12)
    assert residual(p / size, source, m, grid) < 1.01e-12


def test_limits() -> None:
    m, nothing = np.zeros((2, 8, 8)), np.zeros((8, 8))
    np.testing.assert_array_equal(multigrid.solve(nothing, m, ("box", "box"), 1e-8), 0.0)
    bad = multigrid.solve(nothing + np.nan, m + 1, ("box", "box"), 1e-8)
    assert np.isnan(bad).all()
    with pytest.raises(NotSolvedError, match="1 of the source is left"):
        multigrid.solve(nothing + 1, m + 1, ("box", "box"), 1e-8)  # a source without a sink
