"""Norms of every order, and the subgradient that is taken where they have a corner."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad
from autodiff.core import make_vjp
from autodiff.test_util import check_grads

INF = onp.inf
VECTOR_ORDERS = [None, 2, 1, 3, 1.5, 0.5, -1, -2, INF, -INF]
MATRIX_ORDERS = [None, "fro", "nuc", 2, -2, 1, -1, INF, -INF]


@pytest.mark.parametrize("order", VECTOR_ORDERS)
@pytest.mark.parametrize("axis", [None, 0, -1, (0,)])
def test_vector_norms(order: Any, axis: Any, rng: Any) -> None:
    x = rng.standard_normal(4) if axis is None else rng.standard_normal((3, 4))
    for keepdims in (False, True):
        for data in (x, x + 1j * rng.standard_normal(x.shape)):
            fun = lambda x: np.linalg.norm(x, order, axis, keepdims)  # noqa: B023, E731
            _, value = make_vjp(fun, data)
            onp.testing.assert_allclose(
                value, onp.linalg.norm(data, order, axis, keepdims), rtol=1e-12
            )
            check_grads(fun, order=1)(data)


@pytest.mark.parametrize("order", MATRIX_ORDERS)
@pytest.mark.parametrize("axis", [(0, 1), (2, 0), (-1, 1)])
def test_matrix_norms(order: Any, axis: Any, rng: Any) -> None:
    x = rng.standard_normal((3, 2, 4))
    for keepdims in (False, True):
        fun = lambda x: np.linalg.norm(x, ord=order, axis=axis, keepdims=keepdims)  # noqa: B023, E731
        _, value = make_vjp(fun, x)
        onp.testing.assert_allclose(value, onp.linalg.norm(x, order, axis, keepdims), rtol=1e-12)
        check_grads(fun, order=1)(x)


@pytest.mark.parametrize("order", [None, 1, 2, 3, 1.5, 0.5, INF, -INF])
def test_the_subgradient_of_a_vector_norm_at_zero_is_zero(order: Any) -> None:
    for zero in (onp.zeros(3), onp.zeros(3, complex)):
        assert not grad(lambda x: np.linalg.norm(x, order))(zero).any()


@pytest.mark.parametrize("order", MATRIX_ORDERS)
def test_the_subgradient_of_a_matrix_norm_at_zero_is_zero(order: Any) -> None:
    assert not grad(lambda x: np.linalg.norm(x, order))(onp.zeros((2, 3))).any()


def test_zero_entries_do_not_spoil_the_others() -> None:
    for order in (1.5, 3, 0.5):
        gradient = grad(lambda x, p=order: np.linalg.norm(x, p))(onp.array([0.0, 2.0]))
        onp.testing.assert_allclose(gradient, [0, 1], atol=1e-15)
    rows = onp.array([[3.0, 4.0], [0.0, 0.0]])
    gradient = grad(lambda x: np.sum(np.linalg.norm(x, axis=1)))(rows)
    onp.testing.assert_allclose(gradient, [[0.6, 0.8], [0, 0]])


def test_entries_that_attain_the_maximum_share_it() -> None:
    gradient = grad(lambda x: np.linalg.norm(x, INF))(onp.array([2.0, -2.0, 1.0]))
    assert gradient.tolist() == [0.5, -0.5, 0]


def test_order_zero_counts_and_has_no_derivative() -> None:
    x = onp.array([0.0, 2.0, 3.0])
    assert grad(lambda x: np.linalg.norm(x, 0) * x[1])(x).tolist() == [0, 2, 0]


@pytest.mark.parametrize("axis", [None, 1, (0, 2), (-1,)])
@pytest.mark.parametrize("order", [2, 1, 3, INF])
def test_vector_norm_over_several_axes(axis: Any, order: Any, rng: Any) -> None:
    x = rng.standard_normal((3, 2, 4))
    for keepdims in (False, True):
        options = {"axis": axis, "ord": order, "keepdims": keepdims}
        _, value = make_vjp(lambda x: np.linalg.vector_norm(x, **options), x)  # noqa: B023
        onp.testing.assert_allclose(value, onp.linalg.vector_norm(x, **options), rtol=1e-12)
        check_grads(lambda x: np.linalg.vector_norm(x, **options), order=1)(x)  # noqa: B023


@pytest.mark.parametrize("p", [None, 2, -2, 1, -1, "fro", "nuc", INF, -INF])
def test_condition_numbers(p: Any, rng: Any) -> None:
    x = rng.standard_normal((2, 3, 3))
    _, value = make_vjp(lambda x: np.linalg.cond(x, p), x)
    onp.testing.assert_allclose(value, onp.linalg.cond(x, p), rtol=1e-11)
    check_grads(lambda x: np.linalg.cond(x, p), order=1)(x)


def test_a_list_of_traced_numbers_has_a_norm() -> None:
    assert grad(lambda x: np.linalg.norm([x, 2 * x, 2 * x]))(1.0) == pytest.approx(3)


def test_orders_that_do_not_exist_are_refused() -> None:
    for order, shape in (("nuc", (3,)), (3, (3, 3)), ("what", (3, 3)), (2, (2, 2, 2))):
        with pytest.raises(ValueError, match="norm"):
            grad(lambda x, p=order: np.linalg.norm(x, p))(onp.ones(shape))
