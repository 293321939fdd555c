"""Momenta as fractions."""

from __future__ import annotations

import numpy as np
import pytest

from sciopt.hyperopt.hypergradient.reversible.ratios import LARGEST, fraction, ratio


@pytest.mark.parametrize(
    ("beta", "expected"),
    [
        (0.9, (9, 10)),
        (0.999, (999, 1000)),
        (0.5, (1, 2)),
        (1.0, (1, 1)),
        (1 - 1e-6, (999_999, 1_000_000)),
        (1e-4, (1, 10_000)),
        (1e-30, (1, LARGEST)),
    ],
)
def test_round_numbers_get_small_fractions(beta: float, expected: tuple[int, int]) -> None:
    assert fraction(beta) == expected


def test_any_number_gets_a_fraction_close_by(rng: np.random.Generator) -> None:
    for beta in 1 / (1 + np.exp(-rng.uniform(-5, 14, 500))):
        n, d = fraction(beta)
        assert 1 <= n <= d <= LARGEST
        # Best approximations: the next one would have a denominator above 2^20.
        assert abs(n / d - beta) <= 1 / (LARGEST * d)


def test_the_inverses_are_those_of_the_numerator_and_the_denominator() -> None:
    found = ratio(0.9)
    n, n_inverse, d, d_inverse = (int(array[0]) for array in found.arguments)
    assert (n, d, found.least, found.divisor) == (9, 10, 9, 10)
    assert (n_inverse, d_inverse) == ((2**64 - 1) // 9, (2**64 - 1) // 10)
    assert found.bits == pytest.approx(np.log2(10 / 9))


def test_elements_share_a_denominator(rng: np.random.Generator) -> None:
    betas = rng.uniform(0.1, 1, (4, 5))
    found = ratio(betas)
    assert found.denominator.size == 1
    assert found.value.shape == (20,)
    assert np.abs(found.value - betas.ravel()).max() <= 0.5 / 2**22
    assert found.least == found.numerator.min()
