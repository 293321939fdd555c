"""Reading with every kind of index, and its adjoint."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as onp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import autodiff.numpy as np
from autodiff import grad, make_vjp
from autodiff.numpy import indexing
from autodiff.test_util import check_duality, check_grads

X = onp.arange(12.0).reshape(3, 4) / 7


@st.composite
def basic_reads(draw: Any) -> tuple[Any, Any]:
    shape = draw(hnp.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=4))
    index = draw(hnp.basic_indices(shape, allow_newaxis=True, allow_ellipsis=True))
    return onp.random.default_rng(0).standard_normal(shape), index


@st.composite
def advanced_reads(draw: Any) -> tuple[Any, Any]:
    shape = draw(hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4))
    index = draw(hnp.integer_array_indices(shape))
    return onp.random.default_rng(0).standard_normal(shape), index


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.one_of(basic_reads(), advanced_reads()))
def test_any_index_reads_as_numpy_and_is_linear(case: Any) -> None:
    x, index = case
    onp.testing.assert_array_equal(make_vjp(lambda x: x[index])(x)[1], x[index])
    check_duality(lambda x: x[index], x)
    check_duality(lambda x: x[index] + np.sum(x) + 2 * x[index], x, rtol=1e-11)


@pytest.mark.parametrize(
    "index",
    [
        0,
        -1,
        onp.int64(1),
        onp.uint8(2),
        (1, -1),
        (onp.int64(1), 2),
        slice(None, None, -1),
        (Ellipsis, None, 0),
        (),
        None,
        True,
        onp.False_,
        [0, 0, 2],
        [],
        [True, False, True],
        (slice(None), [True, False, True, True]),
        onp.array([[0, 1], [1, 0]]),
        ([0, 1, 0], [3, 3, 3]),
        (onp.array([0, 2]), slice(1, None)),
        onp.zeros((3, 4), bool),
        (onp.arange(3) > 0, 1),
        onp.array(1),
    ],
    ids=repr,
)
def test_every_kind_of_index_is_right_at_order_two(index: Any) -> None:
    check_grads(lambda x: x[index] * x[index])(X)
    _, value = make_vjp(lambda x: x[index])(X)
    onp.testing.assert_array_equal(value, X[index])


def test_boxes_in_an_index_are_read_as_plain_values() -> None:
    x = onp.array([0.5, 1.0, 2.0])
    onp.testing.assert_array_equal(grad(lambda x: x[np.argmax(x)])(x), [0, 0, 1])
    onp.testing.assert_array_equal(grad(lambda x: np.sum(x[x > 0.7]))(x), [0, 1, 1])
    nested = grad(lambda x: np.sum(x * X[(np.argsort(x), slice(None, 3))][0]))
    assert nested(x).shape == (3,)


def test_entries_named_twice_add_up() -> None:
    onp.testing.assert_array_equal(grad(lambda x: np.sum(x[[0, 0, 0, 1]]))(onp.ones(3)), [3, 1, 0])
    scattered = indexing.scatter(onp.array([1.0, 2.0, 4.0]), [0, 0, 2], (3,))
    onp.testing.assert_array_equal(scattered, [3, 0, 4])


def test_reading_keeps_the_dtype() -> None:
    for dtype in (onp.float32, onp.complex64):
        gradient = grad(lambda x: np.sum(np.real(x[0] * x[1:2])))(X.astype(dtype))
        assert gradient.dtype == dtype


def test_iteration_unpacking_and_length() -> None:
    def fun(x: Any) -> Any:
        first, *rest = x
        assert len(x) == 3
        return sum(row[0] * k for k, row in enumerate(x)) + np.sum(first) + rest[1][3]

    onp.testing.assert_array_equal(grad(fun)(X), [[1, 1, 1, 1], [1, 0, 0, 0], [2, 0, 0, 1]])
    with pytest.raises(TypeError):
        grad(lambda x: sum(x))(2.0)
    with pytest.raises(IndexError):
        grad(lambda x: x[5])(onp.ones(3))


def test_diagonals_and_traces() -> None:
    cube = onp.arange(24.0).reshape(2, 3, 4)
    for options in ({}, {"offset": 1}, {"offset": -1, "axis1": 2, "axis2": 0}, {"offset": 9}):
        for fun in (np.diagonal, np.trace):
            check_duality(partial(fun, **options), cube)
    onp.testing.assert_array_equal(grad(np.trace)(onp.ones((2, 3))), onp.eye(2, 3))
    onp.testing.assert_array_equal(grad(lambda x: x.trace())(onp.ones((2, 2))), onp.eye(2))
