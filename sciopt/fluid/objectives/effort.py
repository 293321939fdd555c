"""A penalty on the work of forces and other controls."""

from __future__ import annotations

from typing import Any

import autodiff.numpy as np


def effort(values: Any, unit: float = 1.0) -> Any:
    """mean((values / unit)^2): for forces through time, shape (times, 2, nx, ny), their effort."""
    scaled = values / unit
    return np.mean(scaled * scaled)
