"""A decaying average in fixed point that can be walked back: a velocity, a mean, a mean square."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sciopt.hyperopt import kernels

from .buffer import DigitBuffer
from .ratios import Ratio

Floats = NDArray[np.float64]


class Average:
    """v' = b v + c x of one array, from v = 0.

    Attributes:
        value: v as floats, (size,), changed in place.
        words: v as integers: high and low word, uint64 (size,).
        buffer: what was kept to walk back.
    """

    def __init__(self, size: int, scale: float) -> None:
        self._scale = scale * 2.0**kernels.EXTRA_BITS
        self.words = (np.zeros(size, np.uint64), np.zeros(size, np.uint64))
        self.buffer = DigitBuffer(size)
        self.value: Floats = np.zeros(size)

    def step(self, x: Floats, gain: Floats, ratio: Ratio) -> bool:
        """v' from v for b of `ratio` and c of `gain`; whether all is finite and in range."""
        self.buffer.before_step(ratio)
        state = (*self.words, self.buffer.heads)
        is_safe = kernels.step_average(*state, x, gain, *ratio.arguments, self._scale)
        kernels.values_wide(*self.words, self._scale, self.value)
        return bool(is_safe)

    def unstep(self, x: Floats, gain: Floats, ratio: Ratio) -> None:
        """v from v'."""
        state = (*self.words, self.buffer.heads)
        kernels.unstep_average(*state, x, gain, *ratio.arguments, self._scale)
        self.buffer.after_unstep()
        kernels.values_wide(*self.words, self._scale, self.value)
