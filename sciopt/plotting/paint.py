"""Smoke, vorticity and obstacles as coloured pictures: plain arrays in, bytes out."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.colors import to_rgb
from numpy.typing import NDArray
from PIL import Image

from sciopt.plotting import style

Picture = NDArray[np.uint8]

OBSTACLE = "#4a4d63"
"""What is solid: grey, so that smoke of any colour stands out."""

_PAIR = ("#f2b872", "#5fb4ea")  # two dyes: told apart by the colour-blind too


def smoke_picture(densities: NDArray[Any]) -> Picture:
    """Densities in colours, cell by cell.

    One dye goes from night blue to warm white. Two are orange and blue light, added. Three are
    the red, the green and the blue of the picture themselves.

    Args:
        densities: shape (dyes, rows, columns), one to three dyes; 0 is none and 1 full smoke.
    Returns: red, green, blue, shape (rows, columns, 3).
    Raises: ValueError for another number of dyes.
    """
    held = np.clip(np.nan_to_num(np.asarray(densities, np.float64)), 0.0, 1.0)
    if held.shape[0] == 1:
        return np.asarray(style.SMOKE(held[0], bytes=True)[..., :3])
    if held.shape[0] == 2:
        light = np.array([to_rgb(colour) for colour in _PAIR])
        return _bytes(np.array(to_rgb(style.PAPER)) + np.einsum("dij,dc->ijc", held, light))
    if held.shape[0] == 3:
        return _bytes(np.moveaxis(held, 0, -1))
    raise ValueError(f"one to three dyes can be shown, got {held.shape[0]}")


def vorticity(velocity: NDArray[Any]) -> NDArray[np.float64]:
    """dv_y/dx - dv_x/dy by central differences, one-sided at the edges; (2, nx, ny) to (nx, ny).

    Twice the rate of rotation, rad per step; in a picture, with x downwards and y to the right,
    positive turns counter-clockwise.
    """
    v = np.asarray(velocity, np.float64)
    return np.gradient(v[1], axis=0) - np.gradient(v[0], axis=1)


def vorticity_picture(curl: NDArray[Any], limit: float) -> Picture:
    """Vorticity in colours: blue is negative, orange positive, dark none.

    Args:
        curl: shape (rows, columns).
        limit: the size at which the colours end, above 0.
    """
    shown = np.nan_to_num(np.asarray(curl, np.float64)) / (2 * limit) + 0.5
    return np.asarray(style.SIGNED(np.clip(shown, 0.0, 1.0), bytes=True)[..., :3])


def with_obstacle(picture: Picture, occlusion: NDArray[Any]) -> Picture:
    """The picture with what is solid in front of it.

    Args:
        picture: shape (rows, columns, 3).
        occlusion: from 0, free, to 1, solid, shape (rows, columns).
    """
    share = np.clip(np.asarray(occlusion, np.float64), 0.0, 1.0)[..., np.newaxis]
    return _bytes((1 - share) * (picture / 255) + share * np.array(to_rgb(OBSTACLE)))


def enlarged(field: NDArray[Any], size: tuple[int, int]) -> NDArray[np.float64]:
    """A field smoothly interpolated to `size` (rows, columns) pixels."""
    image = Image.fromarray(np.asarray(field, np.float32))
    return np.asarray(image.resize(size[::-1], Image.Resampling.BICUBIC), np.float64)


def picture_size(shape: tuple[int, int], long_side: int) -> tuple[int, int]:
    """Rows and columns of pixels: the longer side near `long_side`, whole pixels per cell."""
    scale: float = long_side / max(shape)
    if scale > 1:
        scale = round(scale)
    rows, columns = (max(2, round(side * scale)) for side in shape)
    return rows, columns


def _bytes(colours: NDArray[Any]) -> Picture:
    return np.rint(255 * np.clip(colours, 0.0, 1.0)).astype(np.uint8)
