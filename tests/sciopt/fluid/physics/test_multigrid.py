"""The projection around obstacles: what it leaves, what it equals, and its one adjoint solve."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

import autodiff.numpy as anp
from autodiff import grad, make_vjp
from autodiff.test_util import check_duality, check_grads
from sciopt.errors import ToleranceError
from sciopt.fluid.multigrid import NotSolvedError, levels, solving
from sciopt.fluid.multigrid.levels import Levels
from sciopt.fluid.physics import Scheme, multigrid, simulate, spectral
from sciopt.fluid.physics.differences import divergence
from sciopt.fluid.physics.grid import BOUNDARIES, Boundary, Grid
from sciopt.fluid.physics.obstacle import passage
from sciopt.fluid.physics.scheme import Medium

SIDES = [pair for pair in product(BOUNDARIES, BOUNDARIES) if pair != ("channel", "channel")]


def disc(shape: tuple[int, int], grid: Grid) -> np.ndarray:
    """What a solid disc lets through."""
    x, y = np.mgrid[: shape[0], : shape[1]]
    radius = np.hypot(x - 0.45 * shape[0], y - 0.55 * shape[1])
    return passage((radius < 0.2 * min(shape)).astype(float), grid)


def an_inflow(grid: Grid, rng: np.random.Generator) -> np.ndarray | None:
    axis = grid.channel_axis
    return None if axis is None else rng.standard_normal((2, grid.shape[1 - axis]))


@pytest.mark.parametrize("boundary", SIDES)
@pytest.mark.parametrize("shape", [(16, 12), (13, 15), (30, 9)])
def test_divergence_falls_to_the_tolerance_and_nothing_flows_where_it_is_solid(
    shape: tuple[int, int], boundary: tuple[Boundary, Boundary], rng: np.random.Generator
) -> None:
    grid = Grid(shape, boundary)
    m, w, inflow = disc(shape, grid), rng.standard_normal((2, *shape)), an_inflow(grid, rng)
    for tolerance in (1e-6, 1e-10, 1e-12):
        v = multigrid.project(w, grid, m, tolerance, inflow)
        before = np.linalg.norm(divergence(m * w, grid, inflow))
        assert np.linalg.norm(divergence(v, grid, inflow)) <= 1.01 * tolerance * before
        np.testing.assert_array_equal(v[m == 0], 0.0)


@pytest.mark.parametrize("boundary", SIDES)
def test_without_an_obstacle_it_is_the_spectral_projection(
    boundary: tuple[Boundary, Boundary], rng: np.random.Generator
) -> None:
    shape = (14, 11)
    grid = Grid(shape, boundary)
    w, inflow = rng.standard_normal((2, *shape)), an_inflow(grid, rng)
    ours = multigrid.project(w, grid, np.ones((2, *shape)), 1e-13, inflow)
    np.testing.assert_allclose(ours, spectral.project(w, grid, inflow), rtol=0, atol=1e-11)


@pytest.mark.parametrize("boundary", SIDES)
def test_projection_is_its_own_adjoint_to_ten_times_its_tolerance(
    boundary: tuple[Boundary, Boundary], rng: np.random.Generator
) -> None:
    """By an inner product of two projections, and of the rules that the gradient uses."""
    shape = (24, 20)
    grid = Grid(shape, boundary)
    m = disc(shape, grid)
    u, w = rng.standard_normal((2, 2, *shape))
    for tolerance in (1e-6, 1e-10):

        def projected(w: Any, tolerance: float = tolerance) -> Any:
            return multigrid.project(w, grid, m, tolerance)

        forward = np.vdot(u, projected(w))
        pull_back, _ = make_vjp(projected)(w)
        bound = 10 * tolerance * np.linalg.norm(u) * np.linalg.norm(w)
        assert abs(forward - np.vdot(projected(u), w)) < bound
        assert abs(forward - np.vdot(pull_back(u), w)) < bound


@pytest.mark.parametrize("boundary", [("periodic", "free-slip"), ("channel", "periodic")])
def test_derivatives_by_flow_obstacle_and_inflow(
    boundary: tuple[Boundary, Boundary], rng: np.random.Generator
) -> None:
    grid = Grid((4, 6), boundary)
    w, m, inflow = rng.random((2, 4, 6)), rng.uniform(0.2, 1, (2, 4, 6)), rng.random((2, 6))
    given = inflow if grid.channel_axis == 0 else None

    def projected(w: np.ndarray, m: np.ndarray) -> np.ndarray:
        return multigrid.project(w, grid, m, 1e-13, given)

    check_grads(projected, 0)(w, m)
    check_grads(projected, 1)(w, m)
    check_duality(lambda m: projected(w, m), m, rtol=1e-11)


def test_levels_are_made_once_for_all_steps_and_the_way_back(
    rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    shape = (9, 12)  # one ring of rows and two of columns: two tori
    scheme = Scheme(Grid(shape), projection="multigrid")
    velocity, smoke = rng.standard_normal((2, *shape)), rng.random((1, *shape))
    made = []

    def build_levels(*edges: Any) -> Levels:
        made.append(edges)
        return levels.build_levels(*edges)

    monkeypatch.setattr(solving, "build_levels", build_levels)

    def mass(solid: Any) -> Any:
        medium = Medium(solid=solid)
        return anp.sum(simulate(scheme, velocity, smoke, steps=4, medium=medium).smoke ** 2)

    for solid in rng.uniform(0.1, 0.4, (2, *shape)):
        made.clear()
        assert np.abs(grad(mass)(solid)).max() > 0
        assert len(made) == 2


def test_a_wall_of_one_cell_is_tight(rng: np.random.Generator) -> None:
    """In a box cut in two, the flow of one half does not depend on that of the other."""
    grid = Grid((12, 8), ("free-slip", "free-slip"))
    solid = np.zeros((12, 8))
    solid[6] = 1.0
    m, w = passage(solid, grid), rng.standard_normal((2, 12, 8))
    other = w.copy()
    other[:, 7:] = rng.standard_normal((2, 5, 8))
    first, second = (multigrid.project(flow, grid, m, 1e-13) for flow in (w, other))
    np.testing.assert_allclose(first[:, :6], second[:, :6], rtol=0, atol=1e-11)


def test_an_inflow_without_a_way_out_is_an_error(rng: np.random.Generator) -> None:
    grid = Grid((12, 8), ("channel", "free-slip"))
    solid = np.zeros((12, 8))
    solid[6] = 1.0
    inflow = np.stack([np.ones(8), np.zeros(8)])
    with pytest.raises(ToleranceError, match="way out"):
        multigrid.project(np.zeros((2, 12, 8)), grid, passage(solid, grid), 1e-8, inflow)


def test_a_tolerance_out_of_reach_is_answered_with_one_that_works(
    monkeypatch: pytest.MonkeyPatch, rng: np.random.Generator
) -> None:
    def short(*arguments: Any) -> Any:
        raise NotSolvedError(500, 3e-7, out_of_reach=False)

    grid = Grid((12, 8))
    monkeypatch.setattr(multigrid.multigrid, "solve", short)
    with pytest.raises(
        ToleranceError, match=r"^tolerance: 1e-09 .*choose tolerance: 1e-06 or more"
    ):
        multigrid.project(rng.standard_normal((2, 12, 8)), grid, disc((12, 8), grid), 1e-9)


@pytest.mark.parametrize(
    "sides", [("periodic", "periodic"), ("periodic", "no-slip"), ("free-slip", "no-slip")]
)
@pytest.mark.parametrize("obstacle", [False, True])
def test_a_flow_without_divergence_stays(
    sides: tuple[Boundary, Boundary], obstacle: bool, rng: np.random.Generator
) -> None:
    """What divergence it has is round-off, a part of which no pressure gives."""
    grid = Grid((14, 9), sides)
    m = disc((14, 9), grid) if obstacle else np.ones((2, 14, 9))
    once = multigrid.project(rng.standard_normal((2, 14, 9)), grid, m, 1e-13)
    twice = multigrid.project(once, grid, np.ones_like(m), 1e-13)
    again = multigrid.project(twice, grid, np.ones_like(m), 1e-8)
    np.testing.assert_allclose(again, twice, rtol=0, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("boundary", SIDES)
def test_a_flow_without_divergence_is_projected_once_more(
    boundary: tuple[Boundary, Boundary], dtype: Any, rng: np.random.Generator
) -> None:
    """What is left of its divergence is rounding, of which a part has no pressure."""
    shape = (24, 20)
    grid = Grid(shape, boundary)
    m, inflow = disc(shape, grid).astype(dtype), an_inflow(grid, rng)
    inflow = None if inflow is None else inflow.astype(dtype)
    v = multigrid.project(rng.standard_normal((2, *shape)).astype(dtype), grid, m, 1e-12, inflow)
    for _ in range(4):
        before, v = v, multigrid.project(v, grid, m, 1e-12, inflow)
    np.testing.assert_allclose(v, before, rtol=0, atol=200 * np.finfo(dtype).eps)


def test_float32_stays(rng: np.random.Generator) -> None:
    grid = Grid((16, 16))
    w = rng.standard_normal((2, 16, 16)).astype(np.float32)
    v = multigrid.project(w, grid, disc((16, 16), grid).astype(np.float32), 1e-10)
    assert v.dtype == np.float32
    assert np.abs(divergence(v, grid)).max() < 1e-5
