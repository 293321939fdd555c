"""Multiplication by n/d against a buffer that is one big integer (Maclaurin et al. 2015)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy import uint64

from sciopt.hyperopt import kernels

ONES = 2**64 - 1
fractions = st.tuples(st.integers(1, 2**22), st.integers(1, 2**22)).map(sorted)

# The first call compiles: no deadline.
EXACT = settings(deadline=None, derandomize=True)


class BigBuffer:
    """Algorithm 3, word by word: digits on one unbounded integer."""

    def __init__(self) -> None:
        self.digits = 0

    def push(self, digit: int, base: int) -> None:
        self.digits = self.digits * base + digit

    def pop(self, base: int) -> int:
        self.digits, digit = divmod(self.digits, base)
        return digit

    def multiply(self, c: int, n: int, d: int) -> int:
        self.push(c % d, d)
        return (c // d) * n + self.pop(n)


def arguments(n: int, d: int) -> tuple[uint64, ...]:
    return uint64(n), uint64(ONES // n), uint64(d), uint64(ONES // d)


def split(c: int) -> tuple[uint64, uint64]:
    return uint64((c >> 42) % 2**64), uint64(c % 2**42)


def joined(high: uint64, low: uint64) -> int:
    signed = (int(high) + 2**63) % 2**64 - 2**63
    return (signed << 42) + int(low)


@EXACT
@given(st.integers(-(2**103), 2**103), st.integers(0, 2**42 - 1), fractions)
def test_rescale_is_the_big_integer_and_can_be_undone(c: int, head: int, ratio: list[int]) -> None:
    n, d = ratio
    truth = BigBuffer()
    truth.digits = head
    expected = truth.multiply(c, n, d)
    high, low, rest = kernels.rescale(*split(c), uint64(head), *arguments(n, d))
    assert (joined(high, low), int(rest)) == (expected, truth.digits)
    assert abs(expected * d - c * n) <= n * d
    back = kernels.rescale(*split(expected), uint64(rest), *arguments(d, n))
    assert (joined(back[0], back[1]), int(back[2])) == (c, head)


@pytest.mark.parametrize(("n", "d"), [(1, 1), (9, 10), (999, 1000), (1, 2**22), (2**22, 2**22)])
def test_zero_stays_zero_on_an_empty_buffer(n: int, d: int) -> None:
    assert kernels.rescale(uint64(0), uint64(0), uint64(0), *arguments(n, d)) == (0, 0, 0)


def test_spill_keeps_all_bits(rng: np.random.Generator) -> None:
    heads = rng.integers(0, ONES, 37, np.uint64, endpoint=True)
    before, spilled = heads.copy(), np.empty(37, np.uint32)
    kernels.spill(heads, spilled)
    assert heads.max() < 2**32
    kernels.refill(heads, spilled)
    assert np.array_equal(heads, before)
