"""Bring a picture to the grid: one sparse weight matrix per axis.

A picture comes to the grid as `rows @ picture @ columns.T`. It keeps its aspect, is centred and
covers the grid along one axis; along the other the cells beyond it have no weights, so there is
nothing (no smoke) there. All arithmetic is float64.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Weights = sparse.csr_matrix
Vector = NDArray[np.float64]


def _triangle(distance: Vector) -> Vector:
    return np.maximum(0.0, 1.0 - np.abs(distance))


def _lanczos(distance: Vector) -> Vector:
    return np.where(np.abs(distance) < 3, np.sinc(distance) * np.sinc(distance / 3), 0.0)


_KERNELS: dict[str, tuple[Callable[[Vector], Vector], float]] = {
    "bilinear": (_triangle, 1.0),
    "lanczos": (_lanczos, 3.0),
}
"""Interpolation kernels with their half-width, in output cells when the picture is shrunk."""

METHODS = ("area", "lanczos", "bilinear", "nearest", "stride")


def axis_weights(
    picture: tuple[int, int], grid: tuple[int, int], method: str
) -> tuple[Weights, Weights]:
    """The weights (rows, columns) that bring a picture to a grid.

    Args:
        picture: pixels per column and per row of the picture.
        grid: cells (nx, ny).
        method: "area" averages over each cell; "lanczos" and "bilinear" are the usual filters,
            widened when the picture shrinks; "nearest" takes the pixel at each cell's centre;
            "stride" takes every k-th pixel, picture[::k, ::k].
    Returns: sparse matrices of shapes (nx, pixels per column) and (ny, pixels per row).
    Raises: ValueError if "stride" is asked for and the picture is not k times the grid.
    """
    if method == "stride":
        k = picture[0] // grid[0]
        if k < 1 or picture != (k * grid[0], k * grid[1]):
            raise ValueError(f"{picture} is not a whole multiple of {grid}")
        return _pick(k * np.arange(grid[0]), picture[0]), _pick(k * np.arange(grid[1]), picture[1])
    scale = max(picture[0] / grid[0], picture[1] / grid[1])  # pixels per cell
    rows, columns = (
        _one_axis(pixels, cells, scale, method) for pixels, cells in zip(picture, grid, strict=True)
    )
    return rows, columns


def _one_axis(pixels: int, cells: int, scale: float, method: str) -> Weights:
    start = (pixels - cells * scale) / 2  # where the grid begins, in pixels: 0 or negative
    centres = start + (np.arange(cells, dtype=np.float64) + 0.5) * scale
    if method == "nearest":
        return _pick(np.floor(centres).astype(int), pixels)
    if method == "area":
        return _overlaps(centres, scale, pixels)
    kernel, half_width = _KERNELS[method]
    stretch = max(scale, 1.0)
    reach = half_width * stretch
    first = np.floor(centres - reach).astype(int)
    taps = first[:, np.newaxis] + np.arange(int(np.ceil(2 * reach)) + 2)
    weights = kernel((taps + 0.5 - centres[:, np.newaxis]) / stretch)
    # Normalized over the pixels of the padded picture: no darkening along its own border.
    end = start + cells * scale
    weights[(taps + 1 <= start) | (taps >= end)] = 0.0
    weights /= weights.sum(axis=1, keepdims=True)
    return _assemble(taps, weights, pixels)


def _overlaps(centres: Vector, scale: float, pixels: int) -> Weights:
    """Weights that average over cells `scale` wide, pixels counted by their share."""
    low, high = (centres - scale / 2)[:, np.newaxis], (centres + scale / 2)[:, np.newaxis]
    taps = np.floor(low).astype(int) + np.arange(int(np.ceil(scale)) + 1)
    shared = np.minimum(high, taps + 1.0) - np.maximum(low, taps)
    return _assemble(taps, np.maximum(shared, 0.0) / scale, pixels)


def _pick(taps: NDArray[np.int_], pixels: int) -> Weights:
    return _assemble(taps[:, np.newaxis], np.ones((taps.size, 1)), pixels)


def _assemble(taps: NDArray[np.int_], weights: Vector, pixels: int) -> Weights:
    cells = np.repeat(np.arange(taps.shape[0]), taps.shape[1])
    inside = ((taps >= 0) & (taps < pixels) & (weights != 0)).ravel()
    entries = weights.ravel()[inside]
    where = (cells[inside], taps.ravel()[inside])
    return sparse.csr_matrix((entries, where), shape=(taps.shape[0], pixels))
