"""Accelerations: a given field, and buoyancy.

    a = force + b (T - mean of T) up

T, the temperature above that of the air, is the smoke of all dyes together, and b the buoyancy. A
uniform T lifts nothing: its weight is carried by the pressure.
"""

from __future__ import annotations

import autodiff.numpy as np

from .grid import Array

UP = (-1.0, 0.0)
"""Up in a picture: towards smaller rows, which are cells along x."""


def buoyant(smoke: Array, buoyancy: Array, up: tuple[float, float] = UP) -> Array:
    """Acceleration of the flow by the smoke in it.

    Args:
        smoke: shape (dyes, nx, ny).
        buoyancy: cells per unit of time squared for a smoke of 1; negative for heavy smoke.
        up: along x and along y, of length 1.

    Returns: shape (2, nx, ny).
    """
    warm = np.sum(smoke, axis=0)
    lift = buoyancy * (warm - np.mean(warm))
    return np.stack([up[0] * lift, up[1] * lift])
