"""Reversible heavy ball of one array: v' = b v + c g, w' = w + a v'.

Averaged (Maclaurin et al. 2015): c = b - 1. The other convention: c = 1, and a is minus the rate.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sciopt.hyperopt import kernels

from .average import Average
from .buffer import DigitBuffer
from .rates import Floats, Rates


class HeavyBall:
    """Weights and velocity as integers, and on the way back their adjoints.

    Attributes:
        w: the weights as floats, (size,); changed in place by every step.
        w_bar: the adjoint of the weights.
        is_safe: whether the initial weights are finite and in range.
    """

    def __init__(self, k: int, start: Floats, scale: float, rates: Rates, averaged: bool) -> None:
        self._k, self._scale, self._rates, self._averaged = k, scale, rates, averaged
        self._weights = np.empty(start.size, np.int64)
        self._velocity = Average(start.size, scale)
        self.w, self.w_bar = np.empty(start.size), np.zeros(start.size)
        self._v_bar = np.zeros(start.size)
        self.is_safe = bool(kernels.integers_of(start, scale, self._weights))
        kernels.values(self._weights, scale, self.w)

    @property
    def state(self) -> tuple[NDArray[Any], ...]:
        """All that a step changes, apart from the buffer."""
        return self._weights, *self._velocity.words

    @property
    def buffers(self) -> tuple[DigitBuffer, ...]:
        """What was kept to walk back."""
        return (self._velocity.buffer,)

    def step(self, g: Floats, t: int) -> bool:
        """Take step t with gradient g; whether all stays finite and in range."""
        ratio = self._rates.ratio("momentum", t, self._k)
        is_safe = self._velocity.step(g, self._gain(t), ratio)
        state = (self._weights, self._velocity.value, self._rate(t), self._scale, self.w)
        return is_safe and bool(kernels.step_weights(*state))

    def unstep_weights(self, t: int) -> None:
        """Weights before step t, and what their last move tells of the adjoints."""
        rate, v = self._rate(t), self._velocity.value
        sign = 1.0 if self._averaged else -1.0
        self._rates.add_learning_rate(t, self._k, sign * self.w_bar, v)
        self._v_bar += rate * self.w_bar
        kernels.unstep_weights(self._weights, v, rate, self._scale, self.w)

    def unstep_slots(self, g: Floats, t: int) -> Floats:
        """Velocity before step t, whose gradient was g; the adjoint of g."""
        ratio, gain = self._rates.ratio("momentum", t, self._k), self._gain(t)
        self._velocity.unstep(g, gain, ratio)
        v = self._velocity.value
        by_momentum = v + g if self._averaged else v
        self._rates.add_momentum("momentum", t, self._k, self._v_bar, by_momentum)
        g_bar = gain * self._v_bar
        self._v_bar *= ratio.value
        return g_bar

    def _gain(self, t: int) -> Floats:
        if self._averaged:
            return self._rates.ratio("momentum", t, self._k).value - 1
        return np.ones(1)

    def _rate(self, t: int) -> Floats:
        rate = self._rates.learning_rate(t, self._k)
        return rate if self._averaged else -rate
