"""Turn a picture in colours into three densities: red, green and blue smoke."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sciopt.errors import TargetError
from sciopt.fluid.picture import read_picture
from sciopt.fluid.resample import axis_weights

Densities = NDArray[np.float64]


def colours_from_file(
    path: Path, shape: tuple[int, int], *, resample: str = "area"
) -> tuple[Densities, int]:
    """Red, green and blue on the grid of the image file at `path`, and how many frames it has.

    Transparent parts, and the padding that brings the file's aspect to the grid's, hold no smoke.

    Args:
        shape: (nx, ny), rows and columns of cells.
        resample: a method of `resample.axis_weights`.
    Returns: densities, shape (3, nx, ny), float64, in [0, 1]; and the frames, of which the first
        is taken.
    Raises: TargetError if the file cannot be read, has the same colour everywhere, or if `resample`
        is "stride" and its size is not a whole multiple of the grid's.
    """
    picture = read_picture(path)
    if picture.is_blank:
        raise TargetError(
            f"{path} has the same colour everywhere, so there is nothing to form; "
            "a picture of something is expected."
        )
    try:
        rows, columns = axis_weights(picture.shape, shape, resample)
    except ValueError as error:
        raise TargetError(
            f"{path}: resample: stride takes every k-th pixel, but {error}. "
            "Choose another size or resample: area."
        ) from None
    densities = np.zeros((3, *shape))
    for strip, colours, opacity in picture.colour_strips(columns=shape[1]):
        for density, colour in zip(densities, colours * opacity):
            density += rows[:, strip] @ (columns @ colour.T).T
    return np.clip(densities, 0.0, 1.0), picture.frames  # lanczos overshoots; round-off elsewhere
