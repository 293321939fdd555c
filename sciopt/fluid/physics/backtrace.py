"""Where the fluid in each cell was one time step earlier.

    euler:    x - dt v(x)                       first order in time
    midpoint: x - dt v(x - dt v(x) / 2)         second order: exact on circles up to dt^3

The velocity between cells is bilinear. What comes from beyond a side comes from the side.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as onp

from autodiff.extend import getval

from .grid import Array, Grid
from .interpolation import inside, sample

Backtrace = Literal["euler", "midpoint"]


def departures(
    v: Array, grid: Grid, dt: Array, kind: Backtrace, inflow: Array | None = None
) -> tuple[Array, Array]:
    """Places that the fluid left a time `dt` ago, along x and along y, each of shape (nx, ny).

    Args:
        v: velocity, shape (2, nx, ny), cells per unit of time.
        dt: the time step; negative to look ahead.
        inflow: velocity at the low side of a channel, shape (2, cells across); zero if None.
    """
    start = centres(grid, getval(v).dtype)
    if kind == "midpoint":
        half = inside(grid, _behind(start, 0.5 * dt, v[0], v[1]))
        across = [None, None] if inflow is None else inflow
        v = [
            sample(v[k], grid.velocity_sides(k), half, "bilinear", across[k])
            for k in range(2)
        ]  # fmt: skip
    return inside(grid, _behind(start, dt, v[0], v[1]))


def centres(grid: Grid, dtype: Any) -> tuple[Array, Array]:
    """Of the cells, along x, shape (nx, 1), and along y, shape (1, ny)."""
    nx, ny = grid.shape
    return onp.arange(nx, dtype=dtype)[:, None], onp.arange(ny, dtype=dtype)[None, :]


def _behind(start: tuple[Array, Array], dt: Array, vx: Array, vy: Array) -> tuple[Array, Array]:
    return start[0] - dt * vx, start[1] - dt * vy
