"""Linear maps along the axes of the grid, as a matrix for each: blur, average, refine, differ.

A map of a field is ``rows @ field @ columns.T``. The matrices are plain and read-only; a product
with them is differentiated, compiled and batched over leading axes like any other.

Cell i of n has its centre at i + 1/2. Beyond the ends a periodic axis repeats itself; a closed one
is mirrored at its walls, at 0 and n: with the same sign what is "even" (densities, the velocity
along the wall), with the other sign what is "odd" and vanishes there (the velocity through it).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Literal

import numpy as onp
from numpy.typing import NDArray

Parity = Literal["even", "odd"]
Matrix = NDArray[onp.float64]
Periodic = tuple[bool, bool]

_REACH = 8.0  # standard deviations after which a Gaussian is below round-off


def along_axes(rows: Matrix, fields: Any, columns: Matrix) -> Any:
    """``rows @ field @ columns.T`` for each field.

    Args:
        rows: shape (mx, nx).
        fields: shape (..., nx, ny), may be traced; the result has its dtype.
        columns: shape (my, ny).
    Returns: shape (..., mx, my).
    """
    return rows.astype(fields.dtype) @ fields @ columns.T.astype(fields.dtype)


@lru_cache(maxsize=32)
def blur_matrix(cells: int, width: float, periodic: bool, parity: Parity = "even") -> Matrix:
    """A Gaussian blur of standard deviation `width` cells, shape (cells, cells).

    Symmetric, so it is its own adjoint. Even or periodic, its rows sum to one: it keeps constants
    and sums. The identity for width 0.
    """
    if width == 0:
        return _read_only(onp.eye(cells))
    reach = int(onp.ceil(_REACH * width))
    weights = onp.exp(-(onp.arange(-reach, reach + 1) ** 2) / (2 * width**2))
    weights /= weights.sum()
    return _folded(onp.arange(cells)[:, None], reach, lambda _: weights, cells, periodic, parity)


@lru_cache(maxsize=32)
def average_matrix(cells: int, coarse: int) -> Matrix:
    """Means over `coarse` equal parts of the axis, cells counted by their share.

    Returns: shape (coarse, cells); rows sum to one, columns to coarse / cells.
    """
    edges = onp.arange(coarse + 1) * (cells / coarse)
    left = onp.arange(cells)
    shared = onp.minimum(edges[1:, None], left + 1) - onp.maximum(edges[:-1, None], left)
    return _read_only(onp.maximum(shared, 0.0) * (coarse / cells))


@lru_cache(maxsize=32)
def refine_matrix(cells: int, fine: int, periodic: bool, parity: Parity = "even") -> Matrix:
    """Cubic interpolation to the centres of `fine` cells on the same axis, shape (fine, cells).

    Its error falls with the third power of the cell. Source: Keys (1981), Cubic Convolution
    Interpolation for Digital Image Processing, a = -1/2.
    """
    places = (onp.arange(fine) + 0.5) * (cells / fine) - 0.5
    first = onp.floor(places).astype(int)
    t = (places - first)[:, None]

    def weights(offsets: NDArray[Any]) -> Matrix:
        distance = onp.abs(offsets - t)
        near = (1.5 * distance - 2.5) * distance**2 + 1
        far = ((-0.5 * distance + 2.5) * distance - 4) * distance + 2
        return onp.where(distance <= 1, near, onp.where(distance < 2, far, 0.0))

    return _folded(first[:, None], 2, weights, cells, periodic, parity)


@lru_cache(maxsize=32)
def difference_matrix(cells: int, periodic: bool, parity: Parity = "even") -> Matrix:
    """The central difference (f[i+1] - f[i-1]) / 2, shape (cells, cells)."""
    here = onp.arange(cells)[:, None]
    return _folded(here, 1, lambda offsets: offsets / 2.0, cells, periodic, parity)


def _folded(
    here: NDArray[Any],
    reach: int,
    weights: Callable[[NDArray[Any]], Matrix],
    cells: int,
    periodic: bool,
    parity: Parity,
) -> Matrix:
    """The matrix of weights of the cells here - reach to here + reach, those beyond folded back."""
    offsets = onp.arange(-reach, reach + 1)
    places = (here + offsets) % (cells if periodic else 2 * cells)
    mirrored = places >= cells
    places = onp.where(mirrored, 2 * cells - 1 - places, places)
    signs = onp.where(mirrored & (parity == "odd"), -1.0, 1.0)
    matrix = onp.zeros((here.shape[0], cells))
    onp.add.at(matrix, (onp.arange(here.shape[0])[:, None], places), signs * weights(offsets))
    return _read_only(matrix)


def _read_only(matrix: Matrix) -> Matrix:
    matrix.flags.writeable = False
    return matrix
