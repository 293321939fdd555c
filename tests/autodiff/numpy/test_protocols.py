"""Raw NumPy on traced arrays is traced, or refused by name."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, make_vjp
from autodiff.test_util import check_grads

X = onp.array([[0.5, 1.2, 2.0], [0.3, -0.7, 0.9]])


@pytest.mark.parametrize(
    "fun",
    [
        lambda x: onp.sin(x) * onp.exp(-x) + onp.maximum(x, 0.4),
        lambda x: onp.sum(x * x) + onp.mean(x) * onp.max(x),
        lambda x: onp.sum(a=x * x, axis=0),
        lambda x: onp.concatenate([x, X, x * x]),
        lambda x: onp.stack([x, x * x], axis=1),
        lambda x: onp.where(x > 0, x * x, X),
        lambda x: onp.dot(x, onp.transpose(x)) + onp.linalg.norm(x),
        lambda x: onp.add.reduce(x * x),
        lambda x: onp.add.reduce(x * x, axis=None),
        lambda x: onp.multiply.reduce(x, axis=1, keepdims=True),
        lambda x: onp.maximum.reduce(x, axis=-1),
        lambda x: onp.add.accumulate(x * x, axis=1),
        lambda x: onp.multiply.outer(x, x[0]),
        lambda x: onp.subtract.outer(onp.arange(2.0), x),
        lambda x: np.add.reduce(x * x) + np.subtract.outer(x, x).sum(),
        lambda x: 2.0 * onp.float64(3.0) * x + onp.arange(3) * x,
    ],
)
def test_functions_of_raw_numpy_are_traced(fun: Any) -> None:
    onp.testing.assert_allclose(make_vjp(fun)(X)[1], fun(X), rtol=1e-14)
    check_grads(fun)(X)


def _out(xp: Any, x: Any) -> Any:
    y = xp.zeros((2, 3))
    assert onp.multiply(x, x, out=y) is y
    onp.add(y, x, out=y, where=x > 0)
    onp.add.at(y, (0, [0, 0, 1]), x[1])
    onp.subtract.at(y, 1, 2.0 * x[0])
    y += x
    return y


def test_results_go_into_writable_arrays() -> None:
    fun = lambda x: _out(np, x)  # noqa: E731
    onp.testing.assert_allclose(make_vjp(fun)(X)[1], _out(onp, X), rtol=1e-14)
    check_grads(fun)(X)


def _into_plain(x: Any) -> Any:
    y = onp.zeros((2, 3))
    y += x


@pytest.mark.parametrize(
    ("fun", "message"),
    [
        (_into_plain, "numpy.add: a traced result cannot be written into a plain"),
        (lambda x: onp.sin(x, out=onp.zeros((2, 3))), "numpy.sin: a traced result"),
        (lambda x: onp.add.at(onp.zeros((2, 3)), 0, x), "numpy.add: a traced result"),
        (lambda x: onp.sin(x, where=x > 0), "where= but without out="),
        (lambda x: onp.sin(x, dtype="f"), "numpy.sin with dtype= cannot be traced"),
        (lambda x: onp.add.reduceat(x, [0, 1]), "add.reduceat cannot be traced"),
        (lambda x: onp.subtract.reduce(x), "subtract.reduce cannot be traced"),
        (lambda x: onp.maximum.accumulate(x), "maximum.accumulate cannot be traced"),
        (lambda x: onp.multiply.at(x, 0, 2.0), "multiply.at cannot be traced"),
        (lambda x: onp.testing.assert_allclose(onp.asarray(x), 1), "lose the derivative"),
        (lambda x: onp.array([x, x]), "lose the derivative"),
        (lambda x: onp.allclose(X[0], b=x[0]), "by position"),
    ],
)
def test_what_cannot_be_traced_is_refused_by_name(fun: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        grad(lambda x: (fun(x), np.sum(x))[1])(X)


def test_other_array_libraries_get_their_turn() -> None:
    class Labelled:
        def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> str:
            return f"labelled {ufunc.__name__}"

        def __array_function__(self, fun: Any, types: Any, args: Any, kwargs: Any) -> str:
            return f"labelled {fun.__name__}"

    class Unit:
        __array_ufunc__ = None

        def __radd__(self, other: Any) -> str:
            return "a unit"

        __rmatmul__ = __rmod__ = __radd__

    def fun(x: Any) -> Any:
        assert onp.add(x, Labelled()) == "labelled add"
        assert onp.concatenate([x, Labelled()]) == "labelled concatenate"
        assert x + Unit() == x @ Unit() == x % Unit() == "a unit"
        return np.sum(x)

    grad(fun)(X)


def test_the_namespace_of_a_traced_array_is_this_one() -> None:
    assert grad(lambda x: x.__array_namespace__().sum(x * x))(2.0) == 4.0


def test_a_reduction_of_a_ufunc_begins_where_it_is_told_to() -> None:
    x = onp.array([1.0, 2.0, 3.0])
    assert grad(lambda x: onp.add.reduce(x, initial=5.0) ** 2)(x)[0] == 22.0
    assert grad(lambda x: onp.multiply.reduce(x, initial=5.0))(x)[0] == 30.0
    with pytest.raises(TypeError, match="initial"):
        grad(lambda x: onp.add.reduce(x, initial=x[0]))(x)
