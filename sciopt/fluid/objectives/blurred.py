"""The mean square difference of blurred fields: coarse shapes before fine ones."""

from __future__ import annotations

from typing import Any

from sciopt.fluid.axes import Periodic, along_axes, blur_matrix

from .mean_square import mean_square


def blur(fields: Any, width: float, periodic: Periodic = (True, True)) -> Any:
    """Fields blurred by a Gaussian; mirrored at the walls of closed axes, so sums are kept.

    Args:
        fields: shape (..., nx, ny).
        width: standard deviation in cells; 0 leaves the fields as they are.
        periodic: for each axis.
    """
    if width == 0:
        return fields
    nx, ny = fields.shape[-2:]
    rows = blur_matrix(nx, width, periodic[0])
    columns = blur_matrix(ny, width, periodic[1])
    return along_axes(rows, fields, columns)


def blurred_mean_square(
    smoke: Any, target: Any, width: float, periodic: Periodic = (True, True), weights: Any = None
) -> Any:
    """mean((blur(smoke) - blur(target))^2), see `mean_square` and `blur`.

    Smoke is drawn to its target from about two widths away, and details below a width do not
    count. A blur of the difference costs two products with matrices of the grid's sides.
    """
    return mean_square(blur(smoke - target, width, periodic), 0.0, weights)
