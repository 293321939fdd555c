"""Divisions and words against Python's integers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy import uint64

from sciopt.hyperopt.kernels import integers

WORD = 2**64
words = st.integers(0, WORD - 1)
divisors = st.integers(1, 2**22)

# The first call compiles: no deadline.
EXACT = settings(deadline=None, derandomize=True)


def inverse(n: int) -> uint64:
    return uint64((WORD - 1) // n)


@EXACT
@given(words, words)
def test_high_word(x: int, y: int) -> None:
    assert int(integers.high_word(uint64(x), uint64(y))) == x * y >> 64


@EXACT
@given(words, st.one_of(divisors, words.filter(bool)))
def test_divide(x: int, n: int) -> None:
    quotient, rest = integers.divide(uint64(x), uint64(n), inverse(n))
    assert (int(quotient), int(rest)) == divmod(x, n)


@pytest.mark.parametrize("n", [1, 2, 3, 10, 2**16, 2**22 - 1, 2**22])
@pytest.mark.parametrize("offset", [-1, 0, 1])
def test_divide_at_the_edges_of_quotients(n: int, offset: int) -> None:
    for multiple in (n, 5 * n, (WORD - 1) // n * n):
        x = min(multiple + offset, WORD - 1)
        quotient, rest = integers.divide(uint64(x), uint64(n), inverse(n))
        assert (int(quotient), int(rest)) == divmod(x, n)


@EXACT
@given(st.integers(-(2**62) + 1, 2**62 - 1), divisors)
def test_divide_signed_rounds_down(x: int, n: int) -> None:
    quotient, rest = integers.divide_signed(uint64(x % WORD), uint64(n), inverse(n))
    whole, left = divmod(x, n)
    assert (int(quotient), int(rest)) == (whole % WORD, left)


@EXACT
@given(st.integers(-(2**103), 2**103), divisors)
def test_divide_wide(x: int, n: int) -> None:
    high, low, rest = integers.divide_wide(*split(x), uint64(n), inverse(n))
    assert (joined(high, low), int(rest)) == divmod(x, n)


@EXACT
@given(st.integers(-(2**83), 2**83), divisors, st.integers(0, 2**22 - 1))
def test_multiply_wide(x: int, n: int, digit: int) -> None:
    digit %= n
    assert joined(*integers.multiply_wide(*split(x), uint64(n), uint64(digit))) == x * n + digit


@EXACT
@given(st.integers(-(2**103), 2**103), st.integers(-(2**103), 2**103))
def test_words_carry_and_borrow(x: int, y: int) -> None:
    (x_high, x_low), (y_high, y_low) = split(x), split(y)
    with np.errstate(over="ignore"):
        total = integers.carried(x_high + y_high, x_low + y_low)
        rest = integers.borrowed(x_high - y_high, x_low - y_low)
    assert joined(*total) == x + y
    assert joined(*rest) == x - y


def split(x: int) -> tuple[uint64, uint64]:
    return uint64((x >> 42) % WORD), uint64(x % 2**42)


def joined(high: uint64, low: uint64) -> int:
    assert int(low) < 2**42
    signed = (int(high) + 2**63) % 2**64 - 2**63
    return (signed << 42) + int(low)
