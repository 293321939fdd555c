"""The information buffer against one big integer per element, on random schedules of momenta."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sciopt.hyperopt import kernels
from sciopt.hyperopt.hypergradient.reversible.average import Average
from sciopt.hyperopt.hypergradient.reversible.buffer import DigitBuffer
from sciopt.hyperopt.hypergradient.reversible.ratios import Ratio, ratio

SIZE, SCALE = 6, 2.0**48
FINE = SCALE * 2.0**kernels.EXTRA_BITS


def walk(betas: list[Any], rng: np.random.Generator) -> tuple[DigitBuffer, list[Ratio]]:
    """There and back, compared at every step with Python's integers."""
    average, ratios = Average(SIZE, SCALE), [ratio(beta) for beta in betas]
    buffer, integers, digits, bound = average.buffer, [0] * SIZE, [0] * SIZE, 1
    gradients = rng.standard_normal((len(betas), SIZE))
    gain, states = np.array([-0.3]), []
    for g, each in zip(gradients, ratios):
        states.append([word.copy() for word in average.words])
        while bound * each.divisor > 2**64:
            bound = -(-bound // 2**32)
            digits = [number >> 32 for number in digits]
        bound = -(-bound * each.divisor // each.least)
        for i, c in enumerate(integers):
            n, d = int(each.numerator[min(i, each.numerator.size - 1)]), each.divisor
            digits[i], digit = divmod(digits[i] * d + c % d, n)
            integers[i] = (c // d) * n + digit + round(-0.3 * g[i] * FINE)
        assert average.step(g, gain, each)
        high, low = average.words
        assert [(int(a) << 42) + int(b) for a, b in zip(high.view(np.int64), low)] == integers
        assert buffer.heads.tolist() == digits
        assert max(digits) < bound <= 2**64
    # Worst digits that fit: a tight bound loses less than one head against the ideal coder, but
    # where elements have momenta of their own it follows the smallest.
    least = sum(np.log2(each.divisor / each.least) for each in ratios)
    full = buffer.bits
    for g, each, before in zip(gradients[::-1], ratios[::-1], states[::-1]):
        average.unstep(g, gain, each)
        assert np.array_equal(average.words, before)
    assert buffer.is_empty
    assert full < least + 64 + len(betas) * 2e-3
    return buffer, ratios


@pytest.mark.parametrize("beta", [2.0**-20, 1e-4, 0.3, 0.5, 0.9, 0.98, 0.999, 1.0, 0.7123456])
def test_constant_momentum(beta: float, rng: np.random.Generator) -> None:
    buffer, ratios = walk([beta] * 300, rng)
    assert buffer.theory_bits == pytest.approx(300 * ratios[0].bits)


def test_random_momenta(rng: np.random.Generator) -> None:
    walk(list(1 / (1 + np.exp(-rng.uniform(-4, 10, 1000)))), rng)


def test_random_momenta_of_each_element(rng: np.random.Generator) -> None:
    walk(list(rng.uniform(0.85, 0.95, (300, 1)) * np.linspace(0.99, 1, SIZE)), rng)


@pytest.mark.parametrize(("beta", "steps"), [(0.9, 10_000), (0.999, 100_000), (0.99, 20_000)])
def test_long_runs_store_what_theory_says_and_less_than_a_head_more(
    beta: float, steps: int
) -> None:
    buffer, each = DigitBuffer(1), ratio(beta)
    for _ in range(steps):
        buffer.before_step(each)
    assert 0 <= buffer.bits - steps * np.log2(1 / beta) < 64
    assert buffer.nbytes * 8 == buffer.bits
    for _ in range(steps):
        buffer.after_unstep()
    assert not buffer.spills
