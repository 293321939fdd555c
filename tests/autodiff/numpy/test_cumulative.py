"""Running sums and products: zeros, axes, the recurrence behind them."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, make_jvp, make_vjp
from autodiff.numpy.cumulative import linear_recurrence
from autodiff.test_util import check_grads


def test_cumulative_sums_along_every_axis(rng: Any) -> None:
    x = rng.standard_normal((2, 3))
    for axis in (None, 0, 1, -1):
        check_grads(lambda x, axis=axis: np.cumsum(x, axis))(x)
    check_grads(lambda x: np.cumsum(x, dtype=float))(x)
    check_grads(np.cumsum)(0.5)


def test_cumulative_products_are_right_at_zeros() -> None:
    x = onp.array([2.0, 0.0, 3.0, 0.0, 5.0])
    gradient = grad(lambda x: np.sum(np.cumprod(x)))(x)
    onp.testing.assert_array_equal(gradient, [1, 2 + 6, 0, 0, 0])
    check_grads(np.cumprod, order=3)(x)
    check_grads(lambda x: np.cumprod(x, axis=0))(onp.array([[0.0, 2.0], [0.0, 0.0], [1.0, 3.0]]))


def test_cumulative_products_of_long_rows() -> None:
    x = onp.linspace(0.9, 1.1, 1001)
    vjp, products = make_vjp(np.cumprod)(x)
    last = onp.zeros(1001)
    last[-1] = 1.0
    onp.testing.assert_allclose(vjp(last), products[-1] / x, rtol=1e-11)


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_the_recurrence_equals_a_loop_for_few_and_for_many_rows(rows: int, rng: Any) -> None:
    a, b = rng.standard_normal((2, rows, 9))
    expected, y = onp.empty((rows, 9)), onp.zeros(rows)
    for k in range(9):
        y = a[:, k] * y + b[:, k]
        expected[:, k] = y
    onp.testing.assert_allclose(linear_recurrence(a, b), expected, rtol=1e-12, atol=1e-14)
    check_grads(lambda a, b: linear_recurrence(a, b), (0, 1))(a, b)


@pytest.mark.skipif(not hasattr(onp, "cumulative_sum"), reason="new in NumPy 2.1")
def test_the_array_api_names_want_an_axis_for_more_than_one() -> None:
    for fun in (np.cumulative_sum, np.cumulative_prod):
        with pytest.raises(ValueError, match="axis"):
            grad(lambda x, fun=fun: np.sum(fun(x)))(onp.ones((2, 2)))
        _, tangent = make_jvp(lambda x, fun=fun: fun(x, include_initial=True))(onp.ones(2))(
            onp.ones(2)
        )
        onp.testing.assert_array_equal(tangent, [0, 1, 2])
