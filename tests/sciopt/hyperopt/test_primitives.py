"""The primitives of training steps against plain NumPy, and their derivatives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.special

from autodiff.test_util import check_grads
from sciopt.hyperopt.models.losses import cross_entropy, probabilities
from sciopt.hyperopt.primitives import plus_scaled, weighted_sum


def test_values(rng: np.random.Generator) -> None:
    x, y = rng.standard_normal((2, 3, 4))
    before = x.copy(), y.copy()
    assert np.array_equal(plus_scaled(x, 0.3, y), x + 0.3 * y)
    assert np.array_equal(weighted_sum(0.9, x, -0.1, y), 0.9 * x + -0.1 * y)
    assert np.array_equal(x, before[0])
    assert np.array_equal(y, before[1])


@pytest.mark.parametrize("shape", [(), (3,), (3, 4), (0, 2)])
@pytest.mark.parametrize("factor_has_shape", [False, True])
def test_derivatives_in_both_modes_at_order_two(
    shape: tuple[int, ...], factor_has_shape: bool, rng: np.random.Generator
) -> None:
    def array() -> Any:
        return rng.standard_normal(shape)

    def factor() -> Any:
        return array() if factor_has_shape else float(rng.standard_normal())

    check_grads(plus_scaled)(array(), factor(), array())
    check_grads(weighted_sum)(factor(), array(), factor(), array())


def test_cross_entropy_and_its_derivatives(rng: np.random.Generator) -> None:
    logits, targets = rng.standard_normal((2, 5, 4))
    shares = scipy.special.softmax(targets, axis=1)
    plain = -np.sum(shares * scipy.special.log_softmax(logits, axis=1), axis=1)
    np.testing.assert_allclose(cross_entropy(logits, shares), plain, rtol=1e-13)
    np.testing.assert_allclose(
        probabilities(logits), scipy.special.softmax(logits, axis=1), rtol=1e-14
    )
    check_grads(cross_entropy)(logits, shares)
    check_grads(probabilities)(logits)


def test_cross_entropy_of_huge_logits_is_finite() -> None:
    logits = np.array([[1000.0, -1000.0], [-1e300, 1e300]])
    assert cross_entropy(logits, np.eye(2)).tolist() == [0.0, 0.0]


def test_single_precision_stays(rng: np.random.Generator) -> None:
    x, y = rng.standard_normal((2, 5)).astype(np.float32)
    assert plus_scaled(x, 0.5, y).dtype == np.float32
    assert weighted_sum(np.float32(0.5), x, 0.1, y).dtype == np.float32
