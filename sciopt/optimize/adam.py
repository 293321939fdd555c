"""Adam: gradient steps scaled by running moments of the gradient.

Source: Kingma and Ba (2015), Adam: A Method for Stochastic Optimization, Algorithm 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sciopt.optimize.descent import Descent, Vector


def run_adam(
    name: str, descent: Descent, start: Vector, iterations: int, options: Mapping[str, Any]
) -> str:
    """Take `iterations` steps of Adam; one evaluation each, besides the start's.

    With the paper's t counted from 1, g the gradient and powers elementwise:
    m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g^2,
    x = x - learning_rate (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps).
    """
    rate, eps = options["learning_rate"], options["eps"]
    b1, b2 = options["b1"], options["b2"]
    x = start
    m, v = np.zeros_like(x), np.zeros_like(x)
    for t in range(1, iterations + 1):
        _, g = descent.value_and_grad(x)
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g**2
        x = x - rate * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps)
        descent.accept(x)
    return "ended"
