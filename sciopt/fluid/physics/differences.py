"""Divergence and gradient, by central differences.

    divergence = (v_x[i+1, j] - v_x[i-1, j] + v_y[i, j+1] - v_y[i, j-1]) / 2
    gradient   = (p[i+1, j] - p[i-1, j], p[i, j+1] - p[i, j-1]) / 2

With the ghost cells of `grid` the gradient is minus the transpose of the divergence without inflow.
"""

from __future__ import annotations

import autodiff.numpy as np

from .ghosts import extended_along
from .grid import Array, Grid, Sides


def divergence(v: Array, grid: Grid, inflow: Array | None = None) -> Array:
    """Of a velocity, shape (2, nx, ny), cells per unit of time, given its value at the inflow.

    Args:
        inflow: shape (2, cells across the channel); zero if None.

    Returns: shape (nx, ny), per unit of time.
    """
    rates = [
        central_difference(v[k], k, grid.velocity_sides(k), None if inflow is None else inflow[k])
        for k in range(2)
    ]
    return 0.5 * (rates[0] + rates[1])


def gradient(p: Array, grid: Grid) -> Array:
    """Of a pressure, shape (nx, ny). Returns: shape (2, nx, ny)."""
    slopes = [central_difference(p, k, grid.pressure_sides) for k in range(2)]
    return 0.5 * np.stack(slopes)


def central_difference(
    f: Array, axis: int, sides: tuple[Sides, Sides], inflow: Array | None = None
) -> Array:
    """f[i+1] - f[i-1] along an axis, 0 or 1, of a field of shape (nx, ny)."""
    wide = extended_along(f, axis - 2, sides, 1, inflow)
    if axis == 0:
        return wide[2:] - wide[:-2]
    return wide[:, 2:] - wide[:, :-2]


def neighbour_sum(f: Array, sides: tuple[Sides, Sides]) -> Array:
    """Sum over the four cells around each, shape (nx, ny)."""
    tall, wide = extended_along(f, -2, sides, 1), extended_along(f, -1, sides, 1)
    return tall[:-2] + tall[2:] + wide[:, :-2] + wide[:, 2:]
