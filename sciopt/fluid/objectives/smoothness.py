"""A penalty on what is rough."""

from __future__ import annotations

from typing import Any

import autodiff.numpy as np
from sciopt.fluid.axes import Periodic


def roughness(fields: Any, periodic: Periodic = (True, True)) -> Any:
    """mean(|difference of neighbouring cells|^2), summed over both axes.

    Across the seam of a periodic axis too, not across walls.

    Args:
        fields: shape (..., nx, ny), of any unit.
        periodic: for each axis.
    Returns: a number, in the unit squared.
    """
    return _along(fields, -2, periodic[0]) + _along(fields, -1, periodic[1])


def roughness_of_profile(profile: Any, periodic: bool) -> Any:
    """The same along one axis. `profile` has shape (..., cells)."""
    return _along(profile, -1, periodic)


def _along(fields: Any, axis: int, periodic: bool) -> Any:
    if periodic:
        step = np.roll(fields, -1, axis) - fields
    else:
        step = np.diff(fields, axis=axis)
        if step.size == 0:
            return np.sum(step)
    return np.mean(step * step)
