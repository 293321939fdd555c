"""Values of fields between cells.

With a, b the fractions of a place behind the cell (i0, j0) before it,

    bilinear: sum over k, l in {0, 1} of u_k(a) u_l(b) f[i0+k, j0+l],      u = (1 - a, a)
    bicubic:  the same over k, l in {-1, 0, 1, 2}, with Catmull and Rom's weights
              u = (-a + 2a^2 - a^3, 2 - 5a^2 + 3a^3, a + 4a^2 - 3a^3, -a^2 + a^3) / 2

Bilinear is exact for linear fields, never leaves the range of the four values, and has kinks where
a place crosses into another cell. Bicubic is exact for quadratic fields and has a continuous
derivative there: gradients by the place have no jumps. It overshoots a little at edges. Cubic
Lagrange polynomials would be exact for cubics, with kinks again; the two agree in mid-cell.

Source: R. Keys (1981), Cubic Convolution Interpolation for Digital Image Processing, equation 8.
"""

from __future__ import annotations

from typing import Literal

import autodiff.numpy as np

from .ghosts import extended
from .grid import Array, Grid, Sides

Interpolation = Literal["bilinear", "bicubic"]

GHOSTS = {"bilinear": 1, "bicubic": 2}
"""Ghost cells that each needs around a field."""


def sample(
    f: Array,
    sides: tuple[Sides, Sides],
    places: tuple[Array, Array],
    kind: Interpolation,
    inflow: Array | None = None,
) -> Array:
    """Values of fields at places.

    Args:
        f: shape (..., nx, ny).
        sides: what they do at the sides of the grid.
        places: along x and along y, each of the same shape, in cells from the centre of cell 0.
            They are taken modulo the grid along periodic axes; along others they must lie `inside`.
        inflow: the values given at the low side of a channel, shape (..., cells across).

    Returns: shape (..., *shape of the places).
    """
    weights_of = _linear_weights if kind == "bilinear" else _cubic_weights
    values, (a, b) = _around(f, sides, places, GHOSTS[kind], inflow)
    across = weights_of(b)
    return _weighted([_weighted(row, across) for row in values], weights_of(a))


def variance_around(
    f: Array, sides: tuple[Sides, Sides], places: tuple[Array, Array], inflow: Array | None = None
) -> Array:
    """Variance of the four values around each place; arguments and result as of `sample`."""
    values, _ = _around(f, sides, places, 1, inflow)
    four = values[0] + values[1]
    mean = 0.25 * (four[0] + four[1] + four[2] + four[3])
    gaps = [value - mean for value in four]
    return 0.25 * (gaps[0] ** 2 + gaps[1] ** 2 + gaps[2] ** 2 + gaps[3] ** 2)


def _around(
    f: Array, sides: tuple[Sides, Sides], places: tuple[Array, Array], width: int, inflow: Array
) -> tuple[list[list[Array]], tuple[Array, Array]]:
    """The 2 width x 2 width values around each place, and its fractions along x and y."""
    wide = extended(f, sides, width, inflow)
    i0, a = _cell_and_fraction(places[0], np.shape(f)[-2], sides[0].periodic)
    j0, b = _cell_and_fraction(places[1], np.shape(f)[-1], sides[1].periodic)
    offsets = range(1, 2 * width + 1)  # in `wide`; 1 - width to width in f
    return [[wide[..., i0 + k, j0 + m] for m in offsets] for k in offsets], (a, b)


def inside(grid: Grid, places: tuple[Array, Array]) -> tuple[Array, Array]:
    """Places beyond a side moved back to it, half a cell beyond the outermost centres."""
    ends = [
        x if boundary == "periodic" else np.minimum(np.maximum(x, -0.5), n - 0.5)
        for x, n, boundary in zip(places, grid.shape, grid.boundary)
    ]
    return ends[0], ends[1]


def _cell_and_fraction(x: Array, n: int, periodic: bool) -> tuple[Array, Array]:
    """Number of the cell before each place, and the fraction behind its centre."""
    floor = np.floor(x)
    cell = floor.astype(int)
    # The bounds mean nothing to finite places; a NaN must come out as one, not as an IndexError.
    return cell % n if periodic else np.minimum(np.maximum(cell, -1), n - 1), x - floor


def _weighted(values: list[Array], weights: list[Array]) -> Array:
    total = weights[0] * values[0]
    for value, weight in zip(values[1:], weights[1:]):
        total = total + weight * value
    return total


def _linear_weights(a: Array) -> list[Array]:
    return [1 - a, a]


def _cubic_weights(a: Array) -> list[Array]:
    return [
        0.5 * a * (a * (2 - a) - 1),
        1 + 0.5 * a * a * (3 * a - 5),
        0.5 * a * (1 + a * (4 - 3 * a)),
        0.5 * a * a * (a - 1),
    ]
