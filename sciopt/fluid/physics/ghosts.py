"""Fields with ghost cells around them: what lies beyond the sides, as the grid says."""

from __future__ import annotations

import autodiff.numpy as np

from .grid import Array, Grid, Sides


def extended(
    f: Array, sides: tuple[Sides, Sides], width: int, inflow: Array | None = None
) -> Array:
    """`f` with `width` ghost cells on every side of its last two axes.

    Args:
        f: shape (..., nx, ny).
        sides: what it does at the sides of these axes.
        inflow: the value given at the low side of the channel, shape (..., cells across it).

    Returns: shape (..., nx + 2 width, ny + 2 width).
    """
    return extended_along(extended_along(f, -2, sides, width, inflow), -1, sides, width, inflow)


def extended_along(
    f: Array, axis: int, sides: tuple[Sides, Sides], width: int, inflow: Array | None = None
) -> Array:
    """`f` with `width` ghost cells on both sides of one axis, -2 or -1; the rest as `extended`.

    Where the other axis has its ghosts already, the inflow gets them too.
    """
    side = sides[axis]
    if side.periodic:
        low, high = _part(f, axis, -width, None), _part(f, axis, 0, width)
        return np.concatenate([low, f, high], axis=axis)
    low = side.low * _flipped(_part(f, axis, 0, width), axis)
    high = side.high * _flipped(_part(f, axis, -width, None), axis)
    if side.given and inflow is not None:
        if np.shape(inflow)[-1] != np.shape(f)[-3 - axis]:
            inflow = _extended_line(inflow, sides[-3 - axis], width)
        low = low + 2 * np.expand_dims(inflow, axis)
    return np.concatenate([low, f, high], axis=axis)


def extended_velocity(v: Array, grid: Grid, width: int, inflow: Array | None = None) -> Array:
    """A velocity, shape (2, nx, ny), with ghost cells; `inflow` has shape (2, cells across)."""
    components = [
        extended(v[k], grid.velocity_sides(k), width, None if inflow is None else inflow[k])
        for k in range(2)
    ]
    return np.stack(components)


def _extended_line(line: Array, side: Sides, width: int) -> Array:
    """Values along the low side of a channel, beyond its walls."""
    low, high = line[..., :width], line[..., -width:]
    if side.periodic:
        return np.concatenate([high, line, low], axis=-1)
    return np.concatenate([side.low * low[..., ::-1], line, side.high * high[..., ::-1]], axis=-1)


def _part(f: Array, axis: int, first: int, last: int | None) -> Array:
    """Cells first <= k < last along an axis, -2 or -1."""
    return f[..., first:last, :] if axis == -2 else f[..., first:last]


def _flipped(f: Array, axis: int) -> Array:
    return f[..., ::-1, :] if axis == -2 else f[..., ::-1]
