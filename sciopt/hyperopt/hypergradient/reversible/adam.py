"""Reversible Adam of one array.

    m' = b1 m + (1 - b1) g,  s' = b2 s + (1 - b2) g^2,
    w' = w - a (m'/c1) / (sqrt(s'/c2 + e_r) + e).

w' - w depends on g through m' and s' alone, which are known after the step: so w comes back first,
then g, then m and s from two buffers. Where all gradients so far were 0, m and s are exactly 0 too:
the digits of a 0 are zeros.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sciopt.hyperopt import kernels

from .average import Average
from .buffer import DigitBuffer
from .rates import Floats, Rates


class Adam:
    """Weights, mean and mean square as integers, and on the way back their adjoints.

    Attributes:
        w: the weights as floats, (size,); changed in place by every step.
        w_bar: the adjoint of the weights.
        is_safe: whether the initial weights are finite and in range.
    """

    def __init__(
        self, k: int, start: Floats, scale: float, rates: Rates, eps: float, eps_root: float
    ) -> None:
        self._k, self._scale, self._rates = k, scale, rates
        self._eps, self._eps_root = eps, eps_root
        size = start.size
        self._weights = np.empty(size, np.int64)
        self._mean, self._square = Average(size, scale), Average(size, scale)
        self.w, self.w_bar = np.empty(size), np.zeros(size)
        self._velocity, self._m_bar, self._s_bar = np.empty(size), np.zeros(size), np.zeros(size)
        self.is_safe = bool(kernels.integers_of(start, scale, self._weights))
        kernels.values(self._weights, scale, self.w)

    @property
    def state(self) -> tuple[NDArray[Any], ...]:
        """All that a step changes, apart from the buffers."""
        return self._weights, *self._mean.words, *self._square.words

    @property
    def buffers(self) -> tuple[DigitBuffer, ...]:
        """What was kept to walk back."""
        return self._mean.buffer, self._square.buffer

    def step(self, g: Floats, t: int) -> bool:
        """Take step t with gradient g; whether all stays finite and in range."""
        first = self._rates.ratio("beta1", t, self._k)
        second = self._rates.ratio("beta2", t, self._k)
        is_safe = self._mean.step(g, 1 - first.value, first)
        is_safe &= self._square.step(g * g, 1 - second.value, second)
        return is_safe and bool(kernels.step_weights(*self._move(t)))

    def unstep_weights(self, t: int) -> None:
        """Weights before step t, and what their last move tells of the adjoints."""
        rates, k, a, m, s = self._rates, self._k, self.w_bar, self._mean.value, self._square.value
        rate = rates.learning_rate(t, k)
        c1, c2 = rates.correction("beta1", t, k), rates.correction("beta2", t, k)
        root = np.sqrt(s / c2 + self._eps_root)
        divisor = root + self._eps
        move = m / (c1 * divisor)
        # s' = 0 only where all gradients so far were 0: what s' does then is multiplied by them.
        safe_root = np.where(root == 0, np.inf, root)
        rates.add_learning_rate(t, k, -a, move)
        rates.add_correction("beta1", t, k, a * rate / c1, move)
        self._m_bar -= rate * a / (c1 * divisor)
        s_bar = rate * a * move / (2 * divisor * safe_root * c2)
        rates.add_correction("beta2", t, k, -s_bar / c2, s)
        self._s_bar += s_bar
        kernels.unstep_weights(*self._move(t))

    def unstep_slots(self, g: Floats, t: int) -> Floats:
        """Mean and mean square before step t, whose gradient was g; the adjoint of g."""
        first = self._rates.ratio("beta1", t, self._k)
        second = self._rates.ratio("beta2", t, self._k)
        gain1, gain2, squares = 1 - first.value, 1 - second.value, g * g
        self._mean.unstep(g, gain1, first)
        self._square.unstep(squares, gain2, second)
        self._rates.add_momentum("beta1", t, self._k, self._m_bar, self._mean.value - g)
        self._rates.add_momentum("beta2", t, self._k, self._s_bar, self._square.value - squares)
        g_bar = gain1 * self._m_bar + 2 * gain2 * self._s_bar * g
        self._m_bar *= first.value
        self._s_bar *= second.value
        return g_bar

    def _move(self, t: int) -> tuple[Any, ...]:
        """Arguments of the kernels that move the weights; the same there and back."""
        rates, k = self._rates, self._k
        rate = rates.learning_rate(t, k) / rates.correction("beta1", t, k)
        c2 = rates.correction("beta2", t, k)
        m, s = self._mean.value, self._square.value
        kernels.adam_velocity(m, s, c2, self._eps, self._eps_root, self._velocity)
        return self._weights, self._velocity, -rate, self._scale, self.w
