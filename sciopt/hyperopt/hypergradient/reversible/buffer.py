"""The information buffer: digits that multiplications by n/d would lose (see `kernels.digits`).

Every element has a head of 64 bits. A bound on the heads, which the fractions alone determine, says
when the next digit might not fit; then all elements at once move 32 bits onto a stack. So no
element needs a flag, and the steps with spills are all that the way back has to know. The bound is
the tight one for the worst digits: it grows as d/n and wastes at most a rounding per step.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sciopt.hyperopt.kernels import refill, spill

from .ratios import Ratio

_WORD = 2**64
_HALF_BITS = 32


class DigitBuffer:
    """The digits of one array of integers, filled on the way forward, emptied on the way back.

    Attributes:
        heads: uint64, (size,).
        spills: of each spill the bits, uint32 (size,).
        theory_bits: what an ideal coder would have kept by now, bits per element.
    """

    def __init__(self, size: int) -> None:
        self.heads: NDArray[np.uint64] = np.zeros(size, np.uint64)
        self.spills: list[NDArray[np.uint32]] = []
        self.theory_bits = 0.0
        self._steps = 0
        self._spill_steps: list[int] = []
        self._bound = 1  # heads are below it

    @property
    def bits(self) -> int:
        """Stored bits per element."""
        return 64 + _HALF_BITS * len(self.spills)

    @property
    def nbytes(self) -> int:
        """Stored bytes."""
        return self.heads.size * self.bits // 8

    @property
    def is_empty(self) -> bool:
        """Whether it holds nothing, as before the first step."""
        return not self.spills and not self.heads.any()

    def before_step(self, ratio: Ratio) -> None:
        """Make room for the digits of a multiplication by n/d."""
        while self._bound * ratio.divisor > _WORD:
            spilled = np.empty(self.heads.size, np.uint32)
            spill(self.heads, spilled)
            self.spills.append(spilled)
            self._spill_steps.append(self._steps)
            self._bound = ((self._bound - 1) >> _HALF_BITS) + 1
        self._bound = (self._bound * ratio.divisor - 1) // ratio.least + 1
        self._steps += 1
        self.theory_bits += ratio.bits

    def after_unstep(self) -> None:
        """Take back what `before_step` did, when the step itself was taken back."""
        self._steps -= 1
        while self._spill_steps and self._spill_steps[-1] == self._steps:
            self._spill_steps.pop()
            refill(self.heads, self.spills.pop())
