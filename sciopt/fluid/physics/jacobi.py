"""Projection by a few Jacobi sweeps for the pressure: the lecture's, and its wind tunnel's.

    d = -(divergence of w)
    p <- (d + sum of p over the four neighbours) / 4,   `sweeps` times from p = 0
    v = w - gradient of p

Linear and, on a periodic grid or in a closed box, symmetric. Few sweeps leave the flow
compressible. More never make it free of divergence: the sweeps invert the compact five-point
Laplacian, and divergence of gradient on this grid is one with twice the spacing.

A solid (o from 0, fluid, to 1) acts as in the lecture's wind tunnel. With m = 1 - o, after the
divergence and after every sweep

    f <- f m + o (sum of f m over the neighbours) / (sum of m over the neighbours + 0.001),

and the velocity is multiplied by m at the end.

Source: Stam (1999), Stable Fluids, section 3.4; the example `wing` of Autograd.
"""

from __future__ import annotations

from collections.abc import Callable

import autodiff.numpy as np

from .differences import divergence, gradient, neighbour_sum
from .grid import EVEN, WRAPPED, Array, Grid

_NO_AIR = 0.001
"""Keeps the mean over neighbours finite where all of them are solid; the lecture's."""


def project(
    w: Array, grid: Grid, sweeps: int, inflow: Array | None = None, solid: Array | None = None
) -> Array:
    """Take out part of a velocity's divergence.

    Args:
        w: shape (2, nx, ny).
        inflow: velocity at the low side of a channel, shape (2, cells across); zero if None.
        solid: from 0, fluid, to 1, shape (nx, ny); None if there is nothing solid.

    Returns: shape (2, nx, ny).
    """
    fill = _nothing_solid if solid is None else _filling(solid, grid)
    source = fill(-divergence(w, grid, inflow))
    pressure = np.zeros_like(source)
    for _ in range(sweeps):
        pressure = fill((source + neighbour_sum(pressure, grid.pressure_sides)) / 4)
    v = w - gradient(pressure, grid)
    return v if solid is None else v * (1 - solid)


def _nothing_solid(f: Array) -> Array:
    return f


def _filling(solid: Array, grid: Grid) -> Callable[[Array], Array]:
    """The map that gives solid cells the mean of the fluid around them."""
    fluid = 1 - solid
    x, y = (WRAPPED if boundary == "periodic" else EVEN for boundary in grid.boundary)
    share = solid / (neighbour_sum(fluid, (x, y)) + _NO_AIR)

    def fill(f: Array) -> Array:
        of_fluid = f * fluid
        return of_fluid + share * neighbour_sum(of_fluid, grid.pressure_sides)

    return fill
