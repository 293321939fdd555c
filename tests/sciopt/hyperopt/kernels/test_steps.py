"""Steps of velocities, mean squares and weights: what they compute, and that they can be undone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sciopt.hyperopt import kernels

SIZE, SCALE = 33, 2.0**48
FINE = SCALE * 2.0**kernels.EXTRA_BITS
ONES = np.uint64(2**64 - 1)


def fraction(numerators: Any, d: int) -> tuple[Any, ...]:
    n, d_array = np.atleast_1d(numerators).astype(np.uint64), np.array([d], np.uint64)
    return n, ONES // n, d_array, ONES // d_array


def fractions(each: bool, rng: np.random.Generator) -> tuple[Any, ...]:
    return fraction(rng.integers(1, 1000, SIZE) if each else 900, 1000)


@pytest.mark.parametrize("each", [False, True])
def test_averages_there_and_back(each: bool, rng: np.random.Generator) -> None:
    ratio = fractions(each, rng)
    beta = ratio[0] / 1000
    gain = beta - 1
    high, low, heads = (np.zeros(SIZE, np.uint64) for _ in range(3))
    numbers = rng.standard_normal((5, SIZE)) * 10.0 ** rng.integers(-16, 6, SIZE)
    states, expected, found = [], np.zeros(SIZE), np.empty(SIZE)
    for x in numbers:
        states.append((high.copy(), low.copy(), heads.copy()))
        assert kernels.step_average(high, low, heads, x, gain, *ratio, FINE)
        expected = beta * expected + gain * x
    kernels.values_wide(high, low, FINE, found)
    # Each multiplication is off by up to d units of 2^-76, apart from the rounding of doubles.
    assert (np.abs(found - expected) < 1e-14 * np.abs(numbers).max(axis=0) + 5000 / FINE).all()
    # So the roots of mean squares of gradients around 1e-8 are better than Adam's epsilon of 1e-8.
    assert np.sqrt(5000 / FINE) < 1e-9
    for x, before in zip(numbers[::-1], states[::-1]):
        kernels.unstep_average(high, low, heads, x, gain, *ratio, FINE)
        for now, then in zip((high, low, heads), before):
            assert np.array_equal(now, then)


def test_one_number_for_all_elements_and_one_for_each_agree(rng: np.random.Generator) -> None:
    x, results = rng.standard_normal(SIZE), []
    for numerators in (900, np.full(SIZE, 900)):
        high, low, heads = (np.full(SIZE, 12_345, np.uint64) for _ in range(3))
        ratio = fraction(numerators, 1000)
        assert kernels.step_average(high, low, heads, x, ratio[0] / 1000, *ratio, FINE)
        results.append((high, low, heads))
    assert np.array_equal(*results)


@pytest.mark.parametrize("each", [False, True])
def test_weights_move_there_and_back(each: bool, rng: np.random.Generator) -> None:
    weights, velocity = rng.integers(-(2**50), 2**50, SIZE), rng.standard_normal(SIZE)
    rate = rng.uniform(0, 1, SIZE) if each else np.array([0.3])
    before, w = weights.copy(), np.empty(SIZE)
    assert kernels.step_weights(weights, velocity, rate, SCALE, w)
    expected = before / SCALE + rate * velocity
    assert np.abs(w - expected).max() < 1e-14  # values of up to 8 in doubles
    kernels.unstep_weights(weights, velocity, rate, SCALE, w)
    assert np.array_equal(weights, before)
    assert np.array_equal(w, before / SCALE)


@pytest.mark.parametrize("each", [False, True])
@pytest.mark.parametrize("eps_root", [0.0, 1e-8])
def test_adam_s_velocity(each: bool, eps_root: float, rng: np.random.Generator) -> None:
    m, s = rng.standard_normal(SIZE), rng.uniform(0, 1, SIZE)
    m[0] = s[0] = 0.0  # all gradients were zero: nothing moves
    c2 = rng.uniform(0.1, 1, SIZE) if each else np.array([0.5])
    found = np.empty(SIZE)
    kernels.adam_velocity(m, s, c2, 1e-8, eps_root, found)
    assert found == pytest.approx(m / (np.sqrt(s / c2 + eps_root) + 1e-8), rel=1e-14)
    assert found[0] == 0


@pytest.mark.parametrize("bad", [np.nan, np.inf, -1e12])
def test_steps_say_when_a_number_is_lost(bad: float) -> None:
    x = np.full(3, 0.1)
    x[1] = bad
    high, low, heads = (np.zeros(3, np.uint64) for _ in range(3))
    one, w, weights = np.ones(1), np.empty(3), np.zeros(3, np.int64)
    assert not kernels.step_average(high, low, heads, x, one, *fraction(9, 10), FINE)
    assert not kernels.step_weights(weights, x, one, SCALE, w)


def test_sums_that_leave_the_range_are_noticed() -> None:
    near = np.array([int(kernels.LIMIT) - 1000])
    one, w, large = np.ones(1), np.empty(1), np.array([100.0])
    assert not kernels.step_weights(near.copy(), large, one, SCALE, w)
    low, heads = np.zeros(1, np.uint64), np.zeros(1, np.uint64)
    high = near.astype(np.uint64)
    assert not kernels.step_average(high, low, heads, large, one, *fraction(1, 1), FINE)
