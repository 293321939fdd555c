"""Guards of the outer search: gradients that explode, steps that do not help.

As rates grow towards the edge of stability, the hypergradient explodes long before the loss does.
One such gradient would spoil Adam's second moment for 1 / (1 - beta2) steps.
"""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

_REMEMBERED = 10  # gradients that the median is taken of
_ABOVE_MEDIAN = 3.0
_SHORTEST = 2.0**-20


class Clipping:
    """Bounds the norm of gradients by three times the running median of what it let pass."""

    def __init__(self, largest: float | None) -> None:
        """Args: largest: a fixed bound instead."""
        self._largest = largest
        self._norms: deque[float] = deque(maxlen=_REMEMBERED)

    def __call__(self, g: NDArray[np.float64]) -> NDArray[np.float64]:
        """The gradient, scaled down to the bound where it is longer."""
        norm = float(np.linalg.norm(g))
        bound = self._largest
        if bound is None:
            bound = _ABOVE_MEDIAN * float(np.median(self._norms)) if self._norms else norm
        # What was clipped counts as clipped: a burst of huge gradients must not move the median,
        # while a lasting rise still lifts the bound, threefold at a time.
        self._norms.append(min(norm, bound))
        return g * (bound / norm) if norm > bound else g


class StepLength:
    """The share of the full step that is taken.

    Halved by a failure, quartered by each further one in a row, and doubled by success.
    """

    def __init__(self) -> None:
        self.share = 1.0
        self.failures = 0

    def failed(self) -> None:
        """The last step did not help."""
        self.share = max(self.share / (4 if self.failures else 2), _SHORTEST)
        self.failures += 1

    def helped(self) -> None:
        """The last step helped."""
        self.share = min(2 * self.share, 1.0)
        self.failures = 0
