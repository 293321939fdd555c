"""clip: whose derivative it is."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, make_jvp

X = onp.array([-1.5, 0.25, 2.0])


@pytest.mark.parametrize(
    "clip",
    [
        lambda x, low, high: np.clip(x, low, high),
        lambda x, low, high: np.clip(x, a_min=low, a_max=high),
        lambda x, low, high: np.clip(x, min=low, max=high),
        lambda x, low, high: np.clip(a=x, a_max=high, a_min=low),
        lambda x, low, high: x.clip(low, max=high),
    ],
)
def test_the_derivative_goes_to_what_the_result_is(clip: Any) -> None:
    weights = onp.array([1.0, 10.0, 100.0])
    gradients = grad(lambda *xs: np.sum(clip(*xs) * weights), (0, 1, 2))(X, 0.0, 1.0)
    onp.testing.assert_array_equal(gradients[0], [0, 10, 0])
    assert gradients[1:] == (1.0, 100.0)
    _, tangent = make_jvp(clip, (0, 1, 2))(X, 0.0, 1.0)((X, 3.0, 4.0))
    onp.testing.assert_array_equal(tangent, [3, 0.25, 4])


def test_limits_are_summed_to_their_shape_and_dtype() -> None:
    low = onp.zeros((2, 1), onp.float32)
    gradient = grad(lambda low: np.sum(np.clip(X, low, None)))(low)
    onp.testing.assert_array_equal(gradient, [[1], [1]])
    assert gradient.dtype == onp.float32


def test_on_a_limit_the_derivative_is_the_arguments() -> None:
    assert grad(np.clip, (0, 1, 2))(1.0, 1.0, 2.0) == (1.0, 0.0, 0.0)
    assert grad(np.clip, (0, 1, 2))(2.0, 1.0, 2.0) == (1.0, 0.0, 0.0)


def test_limits_that_cross_give_the_upper_one() -> None:
    for x in (0.0, 1.5, 3.0):
        assert onp.clip(x, 2.0, 1.0) == 1.0
        assert grad(np.clip, (0, 1, 2))(x, 2.0, 1.0) == (0.0, 0.0, 1.0)
