"""Quantiles: which entries carry them, NaN, refusals."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, make_jvp


def test_the_two_middle_entries_share_the_median() -> None:
    onp.testing.assert_array_equal(grad(np.median)(onp.array([5.0, 1.0, 3.0])), [0, 0, 1])
    onp.testing.assert_array_equal(
        grad(np.median)(onp.array([5.0, 1.0, 3.0, 4.0])), [0, 0, 0.5, 0.5]
    )


@pytest.mark.parametrize("q", [0.0, 0.1, 0.25, 0.5, 0.9, 1.0])
def test_a_linear_quantile_weighs_its_two_neighbours(q: float) -> None:
    x = onp.array([1.0, 2.0, 4.0, 8.0, 16.0])
    position = 4 * q
    weights = onp.maximum(0, 1 - onp.abs(onp.arange(5) - position))
    onp.testing.assert_allclose(grad(lambda x: np.quantile(x, q))(x), weights, atol=1e-15)
    onp.testing.assert_allclose(grad(lambda x: np.percentile(x, 100 * q))(x), weights, atol=1e-14)


def test_several_probabilities_come_first_in_the_shape(rng: Any) -> None:
    x, q = rng.standard_normal((3, 4, 5)), onp.array([[0.1, 0.5], [0.6, 0.9]])
    for options in ({"axis": 1}, {"axis": (0, -1), "keepdims": True}, {}):
        value, tangent = make_jvp(lambda x, o=options: np.quantile(x, q, **o))(x)(onp.ones_like(x))
        onp.testing.assert_allclose(value, onp.quantile(x, q, **options), rtol=1e-14)
        onp.testing.assert_allclose(tangent, onp.ones_like(value), rtol=1e-14)


def test_nan_spoils_a_quantile_unless_it_is_left_out() -> None:
    x = onp.array([[1.0, onp.nan, 2.0], [3.0, 4.0, 6.0]])
    value, _ = make_jvp(lambda x: np.median(x, axis=1))(x)(onp.ones_like(x))
    onp.testing.assert_array_equal(value, [onp.nan, 4])
    gradient = grad(lambda x: np.sum(np.nanmedian(x, axis=1)))(x)
    onp.testing.assert_array_equal(gradient, [[0.5, 0, 0.5], [0, 1, 0]])


def test_traced_probabilities_and_weights_are_refused() -> None:
    x = onp.arange(3.0)
    with pytest.raises(NotImplementedError, match="probabilities"):
        grad(lambda q: np.quantile(x, q))(0.5)
    with pytest.raises(NotImplementedError, match="probabilities"):
        grad(lambda q: np.percentile(x, q))(50.0)
    with pytest.raises(NotImplementedError, match="weights"):
        grad(lambda x: np.quantile(x, 0.5, weights=[1, 2, 1], method="inverted_cdf"))(x)
