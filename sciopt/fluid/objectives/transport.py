"""How far the smoke must be carried to form the target: optimal transport on a coarse grid."""

from __future__ import annotations

from typing import Any

import numpy as onp
from numpy.typing import NDArray

import autodiff.numpy as np
from sciopt.fluid.axes import Periodic, along_axes, average_matrix

from .sinkhorn import sinkhorn_divergence

CELLS, WIDTH = 32, 0.04
"""Coarse cells along the longer side, and the transport's width, by default."""

_FLOOR = 1e-3  # of the mean density


def transport(
    smoke: Any,
    target: Any,
    *,
    cells: int = CELLS,
    width: float = WIDTH,
    periodic: Periodic = (True, True),
    iterations: int = 60,
) -> Any:
    """The Sinkhorn divergence of smoke and target, mean over dyes.

    About the mean squared distance that smoke is to be carried, in units of the grid's longer
    side: translating the target by d gives d^2, wherever the smoke is, where differences of
    densities see no way. Both are averaged onto a coarse grid and each dye is divided by its own
    mass, so a difference of masses does not count. See `sinkhorn_divergence` for the derivative.

    Args:
        smoke: shape (dyes, nx, ny); negative parts count as next to nothing, smoothly.
        target: the same shape; a dye that is nowhere in it is as good as spread evenly.
        cells: along the longer side of the coarse grid; the grid itself if that is coarser.
        width: below which details are not told apart, in units of the longer side.
        periodic: whether smoke may go round, for each axis.
        iterations: of the Sinkhorn algorithm.
    Returns: a number, float64.
    Raises: ValueError if `width` is too narrow for float64.
    """
    nx, ny = smoke.shape[-2:]
    longer = max(nx, ny)
    coarse = (_coarse(nx, longer, cells), _coarse(ny, longer, cells))
    rows, columns = average_matrix(nx, coarse[0]), average_matrix(ny, coarse[1])
    costs = (
        _squared_distances(coarse[0], nx / longer, periodic[0]),
        _squared_distances(coarse[1], ny / longer, periodic[1]),
    )
    divergence = sinkhorn_divergence(
        _as_mass(along_axes(rows, _double(smoke), columns)),
        _as_mass(along_axes(rows, _double(target), columns)),
        costs,
        width,
        iterations,
    )
    return np.mean(divergence)


def _coarse(cells: int, longer: int, most: int) -> int:
    return max(1, min(cells, round(cells * most / longer)))


def _double(fields: Any) -> Any:
    return fields if fields.dtype == onp.float64 else fields.astype(onp.float64)


def _squared_distances(cells: int, length: float, periodic: bool) -> NDArray[onp.float64]:
    places = (onp.arange(cells) + 0.5) * (length / cells)
    distance = onp.abs(places[:, None] - places)
    if periodic:
        distance = onp.minimum(distance, length - distance)
    return distance**2


def _as_mass(density: Any) -> Any:
    """Positive, of sum one: (s + sqrt(s^2 + d^2)) / 2 is smooth, s where s >> d, near 0 below."""
    size = np.mean(np.abs(density), axis=(-2, -1), keepdims=True)
    least = _FLOOR * size + onp.finfo(float).tiny ** 0.5
    positive = (density + np.sqrt(density * density + least * least)) / 2
    return positive / np.sum(positive, axis=(-2, -1), keepdims=True)
