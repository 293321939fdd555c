"""Viscosity: each velocity component diffuses, by one implicit step.

    u - r laplacian(u) = w,    r = dt times the viscosity

with the compact five-point Laplacian and each component's own ghost cells. Every wave is divided by
1 + r (4 - 2 cos k_x - 2 cos k_y), so it is stable for any r, of first order in time. Differentiable
in r too: du/dr = (1 - r laplacian)^-1 laplacian(u).

Obstacles are not seen here: the velocity inside them is zero before and after, so that the fluid
beside them is slowed down.
"""

from __future__ import annotations

from typing import Any

import autodiff.numpy as np
from autodiff.extend import defjvp, defvjp, primitive

from . import transforms
from .differences import neighbour_sum
from .grid import Array, Grid
from .transforms import Pair


def diffuse(w: Array, grid: Grid, rate: Array, inflow: Array | None = None) -> Array:
    """A velocity after one step of diffusion.

    Args:
        w: shape (2, nx, ny).
        rate: viscosity times time step, cells^2, at least 0; may be traced.
        inflow: velocity at the low side of a channel, shape (2, cells across); zero if None.

    Returns: shape (2, nx, ny).
    """
    components = []
    for k in range(2):
        source = w[k]
        if grid.channel_axis is not None and inflow is not None:
            source = source + 2 * rate * _at_inflow(inflow[k], grid)
        components.append(diffused(rate, source, grid.velocity_sides(k)))
    return np.stack(components)


def _at_inflow(line: Array, grid: Grid) -> Array:
    """A field that has the values of `line` in the first cells of the channel, and zero beyond."""
    axis = grid.channel_axis
    assert axis is not None
    first = np.expand_dims(line, axis)
    return np.concatenate([first, np.zeros(_rest(grid, axis), first.dtype)], axis=axis)


def _rest(grid: Grid, axis: int) -> tuple[int, int]:
    nx, ny = grid.shape
    return (nx - 1, ny) if axis == 0 else (nx, ny - 1)


@primitive
def diffused(rate: Any, f: Any, sides: Pair) -> Any:
    """u with u - rate laplacian(u) = f, of shape (nx, ny). Linear in f, by a symmetric matrix."""
    waves = transforms.compact_laplacian(f.shape, sides)
    return transforms.filtered(f, sides, (1 / (1 + rate * waves)).astype(f.dtype))


def laplacian(f: Array, sides: Pair) -> Array:
    """The five-point Laplacian, shape (nx, ny), of a field whose given values are zero."""
    return neighbour_sum(f, sides) - 4 * f


defvjp(
    diffused,
    lambda ans, rate, f, sides: lambda g: np.sum(diffused(rate, g, sides) * laplacian(ans, sides)),
    lambda ans, rate, f, sides: lambda g: diffused(rate, g, sides),
)
defjvp(
    diffused,
    lambda rate_dot, ans, rate, f, sides: rate_dot * diffused(rate, laplacian(ans, sides), sides),
    lambda f_dot, ans, rate, f, sides: diffused(rate, f_dot, sides),
)
