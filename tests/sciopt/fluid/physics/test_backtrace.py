"""Departures in a rotating flow, where they are known."""

from __future__ import annotations

import numpy as np
import pytest

from sciopt.fluid.physics.backtrace import Backtrace, departures
from sciopt.fluid.physics.grid import Grid

GRID = Grid((21, 21), ("free-slip", "free-slip"))


def error_after_turning(angle: float, kind: Backtrace) -> float:
    """Largest error of departures, in cells, within 6 cells of the middle."""
    x, y = np.mgrid[:21, :21] - 10.0
    u, v = departures(np.stack([-y, x]), GRID, angle, kind)
    c, s = np.cos(angle), np.sin(angle)
    gap = np.hypot(u - 10 - (c * x + s * y), v - 10 - (c * y - s * x))
    return float(gap[np.hypot(x, y) < 6].max())


@pytest.mark.parametrize(("kind", "order"), [("euler", 2), ("midpoint", 3)])
def test_error_of_one_step_falls_with_its_order(kind: Backtrace, order: int) -> None:
    ratio = error_after_turning(0.2, kind) / error_after_turning(0.1, kind)
    assert np.log2(ratio) == pytest.approx(order, abs=0.02)


def test_looking_ahead_is_looking_back_in_the_reversed_flow(rng: np.random.Generator) -> None:
    v = rng.standard_normal((2, 21, 21))
    for kind in ("euler", "midpoint"):
        ahead = departures(v, GRID, -0.5, kind)  # type: ignore[arg-type]
        back = departures(-v, GRID, 0.5, kind)  # type: ignore[arg-type]
        np.testing.assert_allclose(ahead, back, rtol=0, atol=1e-14)


def test_what_comes_from_beyond_a_wall_comes_from_the_wall() -> None:
    v = np.stack([np.full((21, 21), 3.0), np.full((21, 21), -50.0)])
    u, w = departures(v, GRID, 1.0, "euler")
    np.testing.assert_array_equal(u[:3, 0], [-0.5, -0.5, -0.5])
    np.testing.assert_array_equal(w, 20.5)
