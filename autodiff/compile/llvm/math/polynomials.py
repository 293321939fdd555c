"""Polynomials for the elementary functions, computed from their power series when imported.

A truncated series is exact at the centre of its interval and worst at the ends. Interpolation at
Chebyshev's points spreads the error evenly, which saves two to three terms (it is within a factor
of about two of the best polynomial). The sums are done in 50 decimal digits and rounded once.
"""

from __future__ import annotations

import decimal
import math
from collections.abc import Callable
from functools import cache

_TERMS = 40  # on the intervals used here term 40 of each series is below 1e-45
_DIGITS = 50

# Term k of each series, the exact quotient of two integers.
_SERIES: dict[str, Callable[[int], tuple[int, int]]] = {
    # exp(r) = 1 + r + r^2 E(r)
    "exp": lambda k: (1, math.factorial(k + 2)),
    # log(1 + f) = 2 s + s z L(z) with s = f / (2 + f), z = s^2
    "log": lambda k: (2, 2 * k + 3),
    # sin(r) = r + r z S(z) with z = r^2
    "sin": lambda k: ((-1) ** (k + 1), math.factorial(2 * k + 3)),
    # cos(r) = 1 - z / 2 + z^2 C(z)
    "cos": lambda k: ((-1) ** k, math.factorial(2 * k + 4)),
}


@cache
def coefficients(series: str, low: float, high: float, degree: int) -> tuple[float, ...]:
    """Of the polynomial that interpolates `series` on [low, high], lowest power first."""
    with decimal.localcontext() as context:
        context.prec = _DIGITS
        terms = [decimal.Decimal(p) / q for p, q in map(_SERIES[series], range(_TERMS))]
        middle, half = (low + high) / 2, (high - low) / 2
        nodes = [
            decimal.Decimal(middle + half * math.cos(math.pi * (k + 0.5) / (degree + 1)))
            for k in range(degree + 1)
        ]
        differences = [_horner(terms, node) for node in nodes]
        for order in range(1, degree + 1):  # Newton's divided differences, in place
            for k in range(degree, order - 1, -1):
                differences[k] = (differences[k] - differences[k - 1]) / (
                    nodes[k] - nodes[k - order]
                )
        powers = [differences[degree]]
        for k in range(degree - 1, -1, -1):  # powers <- powers * (x - node) + difference
            shifted = [decimal.Decimal(0), *powers]
            scaled = [*(-nodes[k] * p for p in powers), decimal.Decimal(0)]
            powers = [a + b for a, b in zip(shifted, scaled)]
            powers[0] += differences[k]
        return tuple(float(p) for p in powers)


def _horner(terms: list[decimal.Decimal], x: decimal.Decimal) -> decimal.Decimal:
    value = decimal.Decimal(0)
    for term in reversed(terms):
        value = value * x + term
    return value
