"""Exact arithmetic of scalars inside kernels: division by invariants, and numbers of two words.

A division by a number that does not change is a multiplication by its inverse
m = floor((2^64 - 1) / n). With 0 < 2^64/n - m <= 1 the high word of x m is the quotient of
x < 2^64 or one less, and the remainder tells which. All of it is additions, products and choices,
which compilers turn into SIMD instructions where loops have scalars for n and m: a third of the
time of the processor's 128-bit product, which has no SIMD form.

Everything is uint64 modulo 2^64, in which two's complement makes signed sums and products right
too. (Numba turns a mixture of int64 and uint64 into a float.)

A wide number is high 2^42 + low, where high is in two's complement and 0 <= low < 2^42, so that a
digit below 2^22 fits in front of the low word: two divisions instead of three.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .compiling import kernel

_32 = np.uint64(32)
_HALF = np.uint64(2**32 - 1)
_42 = np.uint64(42)
_63 = np.uint64(63)
_LOW = np.uint64(2**42 - 1)
_0 = np.uint64(0)
_1 = np.uint64(1)
_2 = np.uint64(2)


@kernel
def high_word(x: Any, y: Any) -> Any:
    """The upper 64 bits of the product of two uint64, from products of halves."""
    x_low, x_high, y_low, y_high = x & _HALF, x >> _32, y & _HALF, y >> _32
    across = x_high * y_low
    middle = ((x_low * y_low) >> _32) + (across & _HALF) + x_low * y_high  # below 2^64
    return x_high * y_high + (across >> _32) + (middle >> _32)


@kernel
def divide(x: Any, n: Any, inverse: Any) -> Any:
    """(x div n, x mod n) of uint64, with inverse = (2^64 - 1) div n."""
    quotient = high_word(x, inverse)
    rest = x - quotient * n
    one_less = _1 if rest >= n else _0
    return quotient + one_less, rest - one_less * n


@kernel
def divide_signed(x: Any, n: Any, inverse: Any) -> Any:
    """(floor(x / n), what is left) of |x| < 2^62 in two's complement; 0 <= what is left < n."""
    bias = (inverse >> _2) + _1  # the least with bias * n >= 2^62
    quotient, rest = divide(x + bias * n, n, inverse)
    return quotient - bias, rest


@kernel
def divide_wide(high: Any, low: Any, n: Any, inverse: Any) -> Any:
    """(high word, low word) of the quotient of high 2^42 + low, and what is left; n <= 2^22."""
    high, rest = divide_signed(high, n, inverse)
    low, rest = divide((rest << _42) | low, n, inverse)
    return high, low, rest


@kernel
def multiply_wide(high: Any, low: Any, n: Any, digit: Any) -> Any:
    """(high 2^42 + low) n + digit as high and low word, for n <= 2^22 and digit < n."""
    return carried(high * n, low * n + digit)


@kernel
def carried(high: Any, low: Any) -> Any:
    """The words of high 2^42 + low, where `low` may be longer than 42 bits."""
    return high + (low >> _42), low & _LOW


@kernel
def borrowed(high: Any, low: Any) -> Any:
    """The words of high 2^42 + low, where `low` is negative (modulo 2^64) down to -2^42."""
    return high - (low >> _63), low & _LOW
