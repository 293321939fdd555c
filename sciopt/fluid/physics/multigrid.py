"""The exact projection around obstacles, to a stated tolerance.

With m the part of the flow that the obstacle lets through, D the divergence and G = -D^T the
gradient,

    D m G p = D m w,    v = m (w - G p):

the divergence of v is zero wherever the flow can go, and v is zero where m is. Without an obstacle
(m = 1) it is the spectral projection. Linear in w and symmetric.

The equation is solved by conjugate gradients and multigrid until its residual, which is the
divergence that remains, is `tolerance` times the right-hand side. Derivatives come from the
equation, not from the iteration: with A = -D m G, the cotangent g of p takes one solve, A u = g,
and gives u to the right-hand side and -(G u)(G p) to m.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodiff.extend import defjvp, defvjp_argnums, primitive
from sciopt.errors import ToleranceError
from sciopt.fluid import multigrid
from sciopt.fluid.multigrid import Ends

from .differences import divergence, gradient
from .grid import Array, Boundary, Grid


def project(
    w: Array,
    grid: Grid,
    passage: Array,
    tolerance: float,
    inflow: Array | None = None,
) -> Array:
    """The velocity without divergence that an obstacle lets through.

    Args:
        w: shape (2, nx, ny).
        passage: the part of each component that remains, from 0 to 1, shape (2, nx, ny).
        tolerance: of the divergence, relative to the divergence of what is let through of w.
        inflow: velocity at the low side of a channel, shape (2, cells across); zero if None.

    Returns: shape (2, nx, ny).

    Raises: ToleranceError if the tolerance is not reached, such as for an inflow without a way out.
    """
    source = -divergence(passage * w, grid, inflow)
    pressure = obstructed_solution(source, passage, grid, tolerance)
    return passage * (w - gradient(pressure, grid))


@primitive
def obstructed_solution(
    source: Any, passage: Any, grid: Grid, tolerance: float, rounding: float | None = None
) -> Any:
    """p with -divergence(passage gradient(p)) = source, shape (nx, ny).

    The divergence of a flow has no part that no pressure gives, but for rounding; of a flow without
    divergence it is all that there is. Velocities are some cells per unit of time, which tells
    its size where `rounding` does not; cotangents may have any.
    """
    kinds: dict[Boundary, Ends] = {"periodic": "periodic", "channel": "channel"}
    x, y = (kinds.get(boundary, "box") for boundary in grid.boundary)
    if rounding is None:
        rounding = _ROUNDINGS * float(np.finfo(source.dtype).eps)
    try:
        return _solution(source, passage, (x, y), tolerance, rounding)
    except multigrid.NotSolvedError as error:
        raise ToleranceError(_advice(error, tolerance)) from error


_ROUNDINGS = 64


def _solution(
    source: NDArray[Any],
    passage: NDArray[Any],
    ends: tuple[Ends, Ends],
    tolerance: float,
    rounding: float,
) -> NDArray[Any]:
    """As `multigrid.solve`. A mean is taken out only where it is in the way: that costs as much as
    a part of the solution, and the mean of all but the slightest sources is below the tolerance."""
    try:
        return multigrid.solve(source, passage, ends, tolerance, rounding)
    except multigrid.NotSolvedError:
        if "channel" in ends:
            raise
        return multigrid.solve(_balanced(source, ends), passage, ends, tolerance, rounding)


def _balanced(source: NDArray[Any], ends: tuple[Ends, Ends]) -> NDArray[Any]:
    """The source without its mean, for cells of each parity that a periodic axis keeps apart.

    What is asked for here is a divergence, or a cotangent of a pressure that only its gradient is
    made of: in a box without openings both have no mean. Where they are next to nothing, such as
    the divergence of a flow that has none, their round-off has one, which no pressure gives.
    """
    apart = (
        (slice(0, None, 2), slice(1, None, 2)) if end == "periodic" and n % 2 == 0 else (slice(n),)
        for n, end in zip(source.shape, ends)
    )
    balanced = np.empty_like(source)
    for place in product(*apart):
        balanced[place] = source[place] - source[place].mean()
    return balanced


def _advice(error: multigrid.NotSolvedError, tolerance: float) -> str:
    found = f"after {error.iterations} iterations {error.left:.2g} of the divergence is left"
    if error.out_of_reach and error.left > _MUCH:
        return (
            f"obstacle: no pressure drives the flow around it, {found}. The likely cause is an"
            " inflow that has no way out: open one in the obstacle, or choose projection: jacobi"
        )
    reached = 10.0 ** np.ceil(np.log10(2 * error.left))
    return (
        f"tolerance: {tolerance:g} is out of reach around this obstacle, {found}; choose tolerance:"
        f" {reached:g} or more, or projection: jacobi, which has none"
    )


_MUCH = 1e-3


def _divergence_of_flux(passage: Array, p: Array, grid: Grid) -> Array:
    return divergence(passage * gradient(p, grid), grid)


def _vjp(
    argnums: tuple[int, ...], ans: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Callable[[Any], list[Any]]:
    _, passage, grid, tolerance, *_ = args

    def pull(g: Any) -> list[Any]:
        u = obstructed_solution(g, passage, grid, tolerance, np.inf)
        bars = {0: lambda: u, 1: lambda: -gradient(u, grid) * gradient(ans, grid)}
        return [bars[argnum]() for argnum in argnums]

    return pull


defvjp_argnums(obstructed_solution, _vjp)
defjvp(
    obstructed_solution,
    lambda g, ans, source, passage, grid, tolerance, *_: obstructed_solution(
        g, passage, grid, tolerance, np.inf
    ),
    lambda g, ans, source, passage, grid, tolerance, *_: obstructed_solution(
        _divergence_of_flux(g, ans, grid), passage, grid, tolerance, np.inf
    ),
)
