"""How much of the flow an obstacle lets through.

With o the occlusion of each cell, from 0, fluid, to 1, solid, and m = 1 - o,

    m_x[i, j] = m[i-1, j] m[i, j] m[i+1, j],     m_y[i, j] = m[i, j-1] m[i, j] m[i, j+1].

So nothing flows in a solid cell, nor into one from the cell before it; along it the fluid slips.
The neighbours matter because a central difference looks past one cell: a wall of one cell would
otherwise let half of the flow through. An obstacle is up to half a cell wider than it is drawn.
In between the two there is a porous medium, smooth in o: what gradients need.
"""

from __future__ import annotations

import autodiff.numpy as np

from .ghosts import extended_along
from .grid import EVEN, WRAPPED, Array, Grid


def passage(solid: Array, grid: Grid) -> Array:
    """The part of each velocity component that remains, from 0 to 1: shape (2, nx, ny).

    Args:
        solid: occlusion, shape (nx, ny).
    """
    x, y = (WRAPPED if boundary == "periodic" else EVEN for boundary in grid.boundary)
    fluid = 1 - solid
    tall, wide = extended_along(fluid, -2, (x, y), 1), extended_along(fluid, -1, (x, y), 1)
    along_x = tall[:-2] * fluid * tall[2:]
    along_y = wide[:, :-2] * fluid * wide[:, 2:]
    return np.stack([along_x, along_y])
