"""Reshaping, joining and repeating, in the argument forms that people use."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import autodiff.numpy as np
from autodiff import grad, jacobian, make_vjp
from autodiff.test_util import check_duality, check_grads
from autodiff.tracer import isbox

X = onp.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize("order", ["C", "F"])
def test_orders_are_honoured_however_they_are_given(order: Any) -> None:
    for fun in (
        lambda x: np.ravel(x, order),
        lambda x: np.ravel(x, order=order),
        lambda x: x.ravel(order),
        lambda x: x.flatten(order),
        lambda x: np.reshape(x, (6,), order),
        lambda x: np.reshape(x, (6,), order=order),
        lambda x: x.reshape(6, order=order),
        lambda x: x.reshape((6,), order=order),
    ):
        permutation = jacobian(fun)(X).reshape(6, 6)
        onp.testing.assert_array_equal(permutation @ X.ravel(), fun(X))
    for unknown in ("A", "K"):
        with pytest.raises(NotImplementedError, match=f"order='{unknown}'"):
            grad(lambda x, o=unknown: np.sum(np.ravel(x, o)))(X)


def test_shapes_may_be_given_apart_or_together() -> None:
    for fun in (
        lambda x: x.reshape(3, 2),
        lambda x: x.reshape((3, 2)),
        lambda x: x.reshape(-1, 2),
        lambda x: x.transpose(),
        lambda x: x.transpose(1, 0),
        lambda x: x.transpose((1, 0)),
        lambda x: x.T,
        lambda x: onp.transpose(x),
        lambda x: onp.reshape(x, (3, 2)),
    ):
        assert make_vjp(fun)(X)[1].shape == (3, 2)
        check_grads(fun)(X)


@settings(derandomize=True, deadline=None, max_examples=80)
@given(hnp.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=3), st.data(), st.booleans())
def test_joins_of_any_shapes_are_linear(shape: Any, data: Any, with_constant: bool) -> None:
    x = onp.random.default_rng(0).standard_normal(shape)
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))

    def fun(x: Any) -> Any:
        parts = [x, 2 * x, onp.ones(shape)] if with_constant else [x, x]
        return np.concatenate(parts, axis)

    check_duality(fun, x)
    onp.testing.assert_array_equal(make_vjp(fun)(x)[1], fun(x))
    new_axis = data.draw(st.integers(-len(shape) - 1, len(shape)))
    stacked = lambda x: np.stack([x, 3 * x], new_axis)  # noqa: E731
    check_duality(stacked, x)
    onp.testing.assert_array_equal(make_vjp(stacked)(x)[1], onp.stack([x, 3 * x], new_axis))


def test_stacks_of_numbers_rows_and_columns() -> None:
    check_grads(lambda x: np.vstack([x, x * x, onp.ones(3)]))(X[0])
    check_grads(lambda x: np.hstack([x, x * x, onp.ones(3)]))(X[0])
    check_grads(lambda x: np.hstack((x, x * x)))(X)
    check_grads(lambda x: np.stack((x, x * x, 1.0)))(2.0)
    check_grads(lambda x: np.concatenate(x))(X)
    with pytest.raises(ValueError, match=r"stack: all arrays must have one shape, got"):
        grad(lambda x: np.sum(np.stack([x, onp.ones(4)])))(X[0])


def test_arrays_of_boxes_are_traced_at_any_depth() -> None:
    def fun(x: Any) -> Any:
        return np.array([[x[0], 1.0, x[1] * x[2]], [2, x[0], [x[2]][0]]])

    value = make_vjp(fun)(X[0])[1]
    onp.testing.assert_array_equal(value, [[0, 1, 2], [2, 0, 2]])
    check_grads(fun)(X[0])
    check_grads(lambda x: np.array([x, x * x]))(X)
    check_grads(lambda x: np.asarray([x[0], x[1] * 2.0]))(X[0])
    assert grad(lambda x: np.sum(np.array(x, onp.float32) * 2))(X[0]).dtype == float
    assert make_vjp(lambda x: np.array([x[0]], onp.float32))(X[0])[1].dtype == onp.float32
    assert np.array([1, 2]).dtype == int
    assert make_vjp(lambda x: np.array(x, ndmin=3))(X)[1].shape == (1, 2, 3)
    assert make_vjp(lambda x: np.array([x[0], 1.0], ndmin=2))(X[0])[1].shape == (1, 2)
    check_grads(lambda x: np.array([x[0], 1.0], ndmin=2))(X[0])
    assert np.array(1.0, ndmin=2).shape == (1, 1)
    assert np.asarray(X) is X
    assert np.asarray([1.0], onp.float32).dtype == onp.float32


def test_copies_of_arrays_of_boxes_keep_nothing_shared() -> None:
    def fun(x: Any) -> Any:
        assert isbox(np.asarray(x))
        return np.sum(np.asarray(x) * np.array(x))

    onp.testing.assert_array_equal(grad(fun)(X), 2 * X)


def test_repeats_of_any_kind() -> None:
    for fun in (
        lambda x: np.repeat(x, onp.int64(2)),
        lambda x: x.repeat(2, axis=-1),
        lambda x: np.repeat(x, 0, axis=0),
        lambda x: np.tile(x, 0),
        lambda x: np.tile(x, onp.array([2, 1])),
        lambda x: np.tile(x, (2, 1, 1, 2)),
    ):
        check_duality(fun, X)
    check_grads(lambda x: np.repeat(x, 3))(0.5)
    counts = grad(lambda x: np.sum(np.repeat(x, [1, 2], axis=0)))(X)
    onp.testing.assert_array_equal(counts, [[1, 1, 1], [2, 2, 2]])


def test_linear_functions_are_linear_on_empty_arrays() -> None:
    empty = onp.ones((0, 3))
    for fun in (np.transpose, np.ravel, np.flip, lambda x: np.roll(x, 1), lambda x: x[:, 1:]):
        check_duality(fun, empty)
