"""Forces that drive smoke towards a target: a first guess that an optimiser can start from.

Source: Fattal and Lischinski (2004), Target-Driven Smoke Animation, equation 4.
"""

from __future__ import annotations

from typing import Any

import autodiff.numpy as np
from sciopt.fluid.axes import Periodic, difference_matrix
from sciopt.fluid.objectives import blur

_FLOOR = 1e-2  # of the blurred target's mean: far from it the direction counts, not the slope


def driving_force(
    smoke: Any,
    target: Any,
    width: float,
    periodic: Periodic = (True, True),
    strength: float = 1.0,
) -> Any:
    """F = strength * sum over dyes of s~ grad(t~) / t~, where ~ blurs.

    It points uphill on the blurred target, acts where there is smoke, and vanishes once smoke and
    target agree: s~ grad(t~) / t~ is then a gradient, which the pressure balances.

    Args:
        smoke: where the smoke is now, shape (dyes, nx, ny), not negative.
        target: the same shape.
        width: of the blur, cells; so wide that the blurred target has a slope where the smoke is.
        periodic: for each axis.
        strength: a force, cells per step^2 for one more density and a slope of one.
    Returns: shape (2, nx, ny), cells per step^2.
    """
    wide = blur(target, width, periodic)
    wide = wide + _FLOOR * np.mean(wide, axis=(-2, -1), keepdims=True)
    pull = strength * blur(smoke, width, periodic) / wide
    nx, ny = smoke.shape[-2:]
    rows = difference_matrix(nx, periodic[0]).astype(wide.dtype)
    columns = difference_matrix(ny, periodic[1]).astype(wide.dtype)
    uphill = [rows @ wide, wide @ columns.T]
    return np.stack([np.sum(pull * slope, axis=0) for slope in uphill])
