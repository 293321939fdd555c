"""The wind tunnel against its formulas written out cell by cell, and the wing that it forms."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from autodiff.test_util import check_duality, check_grads, taylor_order
from experiments.lecture import wing
from experiments.lecture.wind_tunnel import Tunnel, advect, project

SMALL = {"rows": 16, "columns": 24, "steps": 4, "sweeps": 8}


def loss_by_cells(theta: Any, tunnel: Tunnel) -> float:
    """The same loss by loops over cells, in plain Python."""
    rows, columns = tunnel.rows, tunnel.columns
    cells = [(i, j) for i in range(rows) for j in range(columns)]
    first, side = rows // 4, rows // 2
    o = dict.fromkeys(cells, 0.0)
    for i in range(side):
        for j in range(side):
            o[first + i, first + j] = 0.5 * (math.tanh(theta[i, j]) + 1)

    def at(f: dict[tuple[int, int], float], i: int, j: int) -> float:
        return f[i % rows, j % columns]

    def around(i: int, j: int) -> list[tuple[int, int]]:
        near = [(i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)]
        return [(k % rows, m % columns) for k, m in near]

    def filled(f: dict[tuple[int, int], float]) -> dict[tuple[int, int], float]:
        result = {}
        for cell in cells:
            weight = sum(1 - o[near] for near in around(*cell))
            mean = sum(f[near] * (1 - o[near]) for near in around(*cell)) / (weight + 0.001)
            result[cell] = f[cell] * (1 - o[cell]) + o[cell] * mean
        return result

    def projected(vx: Any, vy: Any) -> tuple[Any, Any]:
        div = {
            (i, j): at(vx, i, j + 1) - at(vx, i, j - 1) + at(vy, i + 1, j) - at(vy, i - 1, j)
            for i, j in cells
        }
        div = filled({cell: -0.5 * div[cell] for cell in cells})
        p = dict.fromkeys(cells, 0.0)
        for _ in range(tunnel.sweeps):
            p = filled({c: (div[c] + sum(p[near] for near in around(*c))) / 4 for c in cells})
        return (
            {(i, j): (vx[i, j] - 0.5 * (at(p, i, j + 1) - at(p, i, j - 1))) * (1 - o[i, j])
             for i, j in cells},
            {(i, j): (vy[i, j] - 0.5 * (at(p, i + 1, j) - at(p, i - 1, j))) * (1 - o[i, j])
             for i, j in cells},
        )  # fmt: skip

    def advected(f: Any, vx: Any, vy: Any) -> Any:
        result = {}
        for i, j in cells:
            y, x = i - vy[i, j], j - vx[i, j]
            k, m = math.floor(y), math.floor(x)
            a, b = y - k, x - m
            result[i, j] = (
                (1 - a) * (1 - b) * at(f, k, m) + (1 - a) * b * at(f, k, m + 1)
                + a * (1 - b) * at(f, k + 1, m) + a * b * at(f, k + 1, m + 1)
            )  # fmt: skip
        return result

    vx, vy = projected(dict.fromkeys(cells, 1.0), dict.fromkeys(cells, 0.0))
    for _ in range(tunnel.steps):
        vx, vy = projected(advected(vx, vx, vy), advected(vy, vx, vy))
    return -sum(vy.values()) / sum(1 - v for v in vx.values())


def test_the_loss_is_that_of_the_formulas(rng: np.random.Generator) -> None:
    tunnel = Tunnel(**SMALL)
    for theta in (tunnel.start, tunnel.start + 0.5 * rng.standard_normal((8, 8))):
        expected = loss_by_cells(theta, tunnel)
        assert tunnel.loss(theta) == pytest.approx(expected, rel=1e-11, abs=1e-13)
    assert abs(expected) > 1e-3  # the start, of lift zero, alone would show little


def test_the_start_is_that_of_autograd_s_example() -> None:
    tunnel = Tunnel()
    solid = tunnel.solid(tunnel.start)
    assert solid.shape == (40, 60)
    expected = np.zeros((40, 60))
    expected[10:30, 10:30] = 0.5 * (np.tanh(-1) + 1)
    expected[15:25, 15:25] = 0.5
    np.testing.assert_array_equal(solid, expected)


def test_the_gradient_is_right_in_both_modes(rng: np.random.Generator) -> None:
    tunnel = Tunnel(**SMALL)
    theta = tunnel.start + 0.5 * rng.standard_normal((8, 8))
    check_duality(tunnel.loss, theta)
    direction = rng.standard_normal((8, 8))
    assert taylor_order(tunnel.loss, theta, direction, largest=1e-3) == pytest.approx(2, abs=0.05)


def test_projection_and_advection_have_right_derivatives(rng: np.random.Generator) -> None:
    vx, vy, f = rng.uniform(0.2, 0.8, (3, 4, 6))  # departure points inside their cells
    solid = rng.uniform(0.1, 0.9, (4, 6))
    check_grads(lambda *args: project(*args, 3), argnum=(0, 1, 2), order=1)(vx, vy, solid)
    check_grads(advect, argnum=(0, 1, 2), order=1)(f, vx, vy)


def test_an_empty_tunnel_leaves_the_wind_as_it_is() -> None:
    tunnel = Tunnel(**SMALL)
    vx, vy = tunnel.wind(np.full((8, 8), -np.inf))
    np.testing.assert_array_equal(vx, 1.0)
    np.testing.assert_array_equal(vy, 0.0)


def test_a_plate_that_is_turned_the_other_way_has_the_opposite_lift() -> None:
    tunnel = Tunnel(**SMALL)
    lift, drag = tunnel.lift_and_drag(tunnel.plate(30, 2))
    opposite, same = tunnel.lift_and_drag(tunnel.plate(-30, 2))
    assert lift > 0.01
    assert (opposite, same) == (pytest.approx(-lift, rel=1e-9), pytest.approx(drag, rel=1e-9))


def test_the_wing_of_the_demo_lifts_and_the_block_at_its_start_does_not(
    whole_wing: wing.Wing,
) -> None:
    found = whole_wing
    assert found.thetas.shape == (26, 20, 20)
    assert abs(found.ratios[0]) < 1e-12  # symmetric
    assert found.ratios[found.best] > 0.5
    assert found.ratios[found.best] > 7 * found.ratios[1]
    assert found.ratios[found.best] == pytest.approx(-found.tunnel.loss(found.thetas[found.best]))
    assert found.error < 1e-7  # the square of the step, and rounding divided by it
    assert found.duality < 1e-11
    # The tilt of the wing: solid from the upper left to the lower right.
    solid = np.tanh(found.thetas[found.best]) / 2 + 0.5
    corners = (
        solid[:6, :6].mean(),
        solid[-6:, -6:].mean(),
        solid[:6, -6:].mean(),
        solid[-6:, :6].mean(),
    )
    assert min(corners[:2]) > 0.3 + max(corners[2:])


def test_the_report_owns_up_to_the_better_plate(whole_wing: wing.Wing) -> None:
    said = "\n".join(wing.report(whole_wing))
    assert " 0.000   0.266        0.000  the block at the start" in said
    assert f"{whole_wing.plates[15, 2]:.3f}  a flat plate drawn by hand" in said
    assert whole_wing.best_plate == (15, 2)
    assert whole_wing.plates[15, 2] > whole_wing.ratios.max()
