"""The exact projection, where waves fit between the sides: no obstacles.

With D the divergence and G = -D^T the gradient of `differences`,

    p = (D G)^+ (D w),    v = w - G p,

the velocity nearest to w among those whose discrete divergence is zero. The pseudoinverse leaves
out the waves that D G does not see (see `transforms`): G does not see them either. Checkerboards in
the velocity therefore pass unchanged; they have no divergence here.

The map is symmetric and nothing of it is stored for derivatives.
"""

from __future__ import annotations

from typing import Any

from autodiff.extend import defjvp, defvjp, primitive

from . import transforms
from .differences import divergence, gradient
from .grid import Array, Grid
from .transforms import Pair


@primitive
def poisson_solution(source: Any, sides: Pair) -> Any:
    """p with -divergence(gradient(p)) = source, shape (nx, ny), without waves that these don't see.

    The matrix is symmetric: the map is its own tangent and its own adjoint.
    """
    factors = transforms.wide_laplacian_inverse(source.shape, sides, source.dtype)
    return transforms.filtered(source, sides, factors)


defvjp(poisson_solution, lambda ans, source, sides: lambda g: poisson_solution(g, sides))
defjvp(poisson_solution, "same")


def project(w: Array, grid: Grid, inflow: Array | None = None) -> Array:
    """The part of a velocity without divergence.

    Args:
        w: shape (2, nx, ny).
        inflow: velocity at the low side of a channel, shape (2, cells across); zero if None.

    Returns: shape (2, nx, ny). Its divergence is round-off.
    """
    source = -divergence(w, grid, inflow)
    return w - gradient(poisson_solution(source, grid.pressure_sides), grid)
