"""The mean square difference of the smoke from a target."""

from __future__ import annotations

from typing import Any

import autodiff.numpy as np


def mean_square(smoke: Any, target: Any, weights: Any = None) -> Any:
    """mean((smoke - target)^2) over dyes and cells: the lecture's objective for one dye.

    Sharp, and blind to distance: smoke that lies beside its target is as bad as smoke far away.

    Args:
        smoke: shape (dyes, nx, ny).
        target: the same shape.
        weights: how much each cell counts, shape (nx, ny), not negative; all alike if None. For
            instance 1 - occlusion, where smoke inside an obstacle should not matter.
    """
    difference = smoke - target
    square = difference * difference
    if weights is None:
        return np.mean(square)
    return np.sum(weights * square) / (smoke.shape[0] * np.sum(weights))
