"""Momenta as fractions n/d, which is what integers can be multiplied by without loss."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

LARGEST = 2**20
"""Largest denominator: with it a spill of 32 bits leaves heads of 12 bits."""

_UNIT = 2.0**-76  # of averages, where radix_bits is 48
_SHARED = 2**22  # as far as `kernels.integers` goes
_ONES = 2**64 - 1


@dataclass(frozen=True, eq=False)
class Ratio:
    """n/d of one number for an array, or of one for each element.

    Attributes:
        numerator, denominator: uint64, of size 1 or, the numerator, of the array's size.
        numerator_inverse, denominator_inverse: what divides by them, see `kernels.integers`.
        value: n/d in float64, of the numerator's size.
        least: the smallest numerator.
        bits: log2(d/n), the information that multiplying by n/d loses, mean over elements.
    """

    numerator: NDArray[np.uint64]
    numerator_inverse: NDArray[np.uint64]
    denominator: NDArray[np.uint64]
    denominator_inverse: NDArray[np.uint64]
    value: NDArray[np.float64]
    least: int
    bits: float

    @property
    def divisor(self) -> int:
        """d."""
        return int(self.denominator[0])

    @property
    def arguments(self) -> tuple[NDArray[np.uint64], ...]:
        """What kernels take: n and d, each with its inverse."""
        return (
            self.numerator,
            self.numerator_inverse,
            self.denominator,
            self.denominator_inverse,
        )


def ratio(beta: Any) -> Ratio:
    """The fraction for a momentum: a number, or an array of one for each element.

    A number gets the fraction of its continued fraction whose error, against 1 - beta, and whose
    rounding of averages by d units per step are together the least: 9/10 for 0.9. Elements
    of an array share d = 2^22, for their digits are spilled together; they are off by up to 1.2e-7.
    """
    if np.ndim(beta) == 0:
        return _of_number(float(beta))
    scaled = np.rint(np.ravel(beta).astype(np.float64) * _SHARED)
    return _built(np.clip(scaled, 1, _SHARED).astype(np.uint64), _SHARED)


@lru_cache(maxsize=4096)
def _of_number(beta: float) -> Ratio:
    n, d = fraction(beta)
    return _built(np.array([n], np.uint64), d)


def fraction(beta: float) -> tuple[int, int]:
    """(n, d) with 1 <= n <= d <= LARGEST, near 0 < beta <= 1; see `ratio`."""
    if beta <= 1 / LARGEST:
        return 1, LARGEST
    best, least_cost = (1, 1), math.inf
    numerator, denominator = beta.as_integer_ratio()
    n0, d0, n, d = 0, 1, 1, 0
    while denominator:
        whole, rest = divmod(numerator, denominator)
        n0, d0, n, d = n, d, whole * n + n0, whole * d + d0
        if d > LARGEST:
            break
        cost = abs(n / d - beta) / max(1 - beta, _UNIT) + d * _UNIT
        if n >= 1 and cost < least_cost:
            best, least_cost = (n, d), cost
        numerator, denominator = denominator, rest
    return best


def _built(numerator: NDArray[np.uint64], d: int) -> Ratio:
    denominator = np.array([d], np.uint64)
    return Ratio(
        numerator,
        np.uint64(_ONES) // numerator,
        denominator,
        np.uint64(_ONES) // denominator,
        numerator / d,
        int(numerator.min()),
        float(-np.mean(np.log2(numerator / d))),
    )
