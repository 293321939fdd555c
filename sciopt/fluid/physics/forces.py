"""Accelerations: a given field, and buoyancy.

    a = force + b (T - mean of T) up

T, the temperature above that of the air, is the smoke of all dyes together, and b the buoyancy. A
uniform T lifts nothing: its weight is carried by the pressure.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as onp

import autodiff.numpy as np

from .grid import Array

Between = Literal["held", "linear"]
"""How forces go on between the steps that have one of their own."""

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


class Forces(NamedTuple):
    """Accelerations through time.

    Attributes:
        knots: shape (knots, 2, nx, ny), cells per unit of time squared; may be traced.
        every: steps from one to the next.
        between: "held" until the next, or "linear" between the two. Beyond the last it stays.
    """

    knots: Array
    every: int
    between: Between = "held"

    def at(self, steps: Any) -> Array:
        """Those in the given steps, counted from 0, whole or not: (S,) to (S, 2, nx, ny)."""
        places = onp.asarray(steps) / self.every
        last = self.knots.shape[0] - 1
        before = onp.minimum(onp.floor(places).astype(int), last)
        if self.between == "held":
            return np.take(self.knots, before, axis=0)
        share = onp.clip(places - before, 0.0, 1.0).reshape(-1, 1, 1, 1).astype(self.knots.dtype)
        after = onp.minimum(before + 1, last)
        return (1 - share) * np.take(self.knots, before, axis=0) + share * np.take(
            self.knots, after, axis=0
        )
