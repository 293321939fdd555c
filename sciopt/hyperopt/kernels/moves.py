"""The move of the weights in fixed point, and its exact inverse: heavy ball's and Adam's.

    W' = W + fix(rate v')                                               heavy ball
    W' = W - fix(rate m' / (sqrt(s'/c2 + eps_root) + eps))              Adam, rate = a/c1

W and the scale 2^R are of weights; v', m', s' are floats, of averages in fixed point. `rate` and
`c2` are arrays of the weights' size, or of size 1 for all. Weights as floats go to `w`. Steps
return whether everything was finite and within the range.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .compiling import kernel
from .fixed_point import fix, is_inside


@kernel
def step_weights(weights: Any, velocity: Any, rate: Any, scale: Any, w: Any) -> bool:
    """W' from W, int64, and v'."""
    safe, unit = True, 1 / scale
    by_rate = int(rate.size > 1)
    for i in range(weights.size):
        move, fits = fix(rate[i * by_rate] * velocity[i], scale)
        weights[i] += move
        w[i] = float(weights[i]) * unit
        safe &= fits & is_inside(weights[i])
    return safe


@kernel
def unstep_weights(weights: Any, velocity: Any, rate: Any, scale: Any, w: Any) -> None:
    """W from W' and v'."""
    unit = 1 / scale
    by_rate = int(rate.size > 1)
    for i in range(weights.size):
        move, _ = fix(rate[i * by_rate] * velocity[i], scale)
        weights[i] -= move
        w[i] = float(weights[i]) * unit


@kernel
def adam_velocity(m: Any, s: Any, c2: Any, eps: Any, eps_root: Any, found: Any) -> None:
    """Fill `found` with m' / (sqrt(s'/c2 + eps_root) + eps)."""
    by_c2 = int(c2.size > 1)
    for i in range(m.size):
        found[i] = m[i] / (np.sqrt(s[i] / c2[i * by_c2] + eps_root) + eps)
