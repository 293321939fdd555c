"""Numbers as integers: x is round(x 2^R), in one word of 64 bits or two.

Weights have radix R and one word of 64 bits. What is multiplied by momenta (velocities, means, mean
squares) has radix R + 28 and two words, see `integers`, for two reasons. A multiplication by n/d is
off by up to d units: in steps of 2^-48 and for d = 10^5 that would be 4e-10 of a velocity per step;
in steps of 2^-76 it is below the rounding of doubles. And squares are small: in steps of 2^-48 the
mean square of gradients around 1e-7 would be 0, and Adam would divide their mean by epsilon alone;
in steps of 2^-76, 1000 of them lost, its root is off by 1e-10 at most. Numbers up to 2^(76-R) fit,
2^28 where R is 48.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .compiling import kernel

LIMIT = 2.0**62 - 2.0**22
"""Integers stay below it, so that sums of two, and one that `rescale` moves, cannot overflow."""

EXTRA_BITS = 28
"""Bits by which the radix of wide numbers is longer."""

_LIMIT = np.int64(LIMIT)
_WORD = 2.0**42
_PER_WORD = 2.0**-42


@kernel
def fix(x: Any, scale: Any) -> Any:
    """(x scale to the nearest integer, whether it is finite and within the limit); 0 if not."""
    scaled = x * scale
    fits = abs(scaled) < LIMIT  # not so for NaN
    return np.int64(np.rint(scaled if fits else 0.0)), fits


@kernel
def is_inside(x: Any) -> bool:
    """Whether |x| of an int64 is below the limit."""
    return -_LIMIT < x < _LIMIT


@kernel
def fix_wide(x: Any, scale: Any) -> Any:
    """(high word, low word, whether finite and within the limit) of x scale, rounded."""
    scaled = x * scale
    fits = abs(scaled) < LIMIT * _WORD
    whole = np.rint(scaled if fits else 0.0)
    high = np.floor(whole * _PER_WORD)
    low = whole - high * _WORD
    # A conversion to uint64 costs four times one to int64.
    return np.uint64(np.int64(high)), np.uint64(np.int64(low)), fits


@kernel
def value_wide(high: Any, low: Any, unit: Any) -> float:
    """(high 2^42 + low) unit as a float."""
    return (float(np.int64(high)) * _WORD + float(np.int64(low))) * unit


@kernel
def is_inside_wide(high: Any) -> bool:
    """Whether a number of two words, given its high one, is below 2^42 times the limit in size."""
    return is_inside(np.int64(high))


@kernel
def values(integers: Any, scale: Any, found: Any) -> None:
    """Fill `found` with integers / scale."""
    unit = 1 / scale
    for i in range(integers.size):
        found[i] = float(integers[i]) * unit


@kernel
def integers_of(numbers: Any, scale: Any, found: Any) -> bool:
    """Fill `found`, int64, with numbers times scale, rounded; whether all are within the range."""
    safe = True
    for i in range(numbers.size):
        found[i], fits = fix(numbers[i], scale)
        safe &= fits
    return safe


@kernel
def values_wide(high: Any, low: Any, scale: Any, found: Any) -> None:
    """Fill `found` with (high 2^42 + low) / scale."""
    unit = 1 / scale
    for i in range(high.size):
        found[i] = value_wide(high[i], low[i], unit)
