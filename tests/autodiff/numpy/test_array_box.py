"""A traced array behaves as an array to its user."""

from __future__ import annotations

import operator
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, make_vjp
from autodiff.numpy.array_box import ArrayBox
from autodiff.test_util import check_grads
from autodiff.tracer import isbox

X = onp.arange(1.0, 7.0).reshape(2, 3)


def inspected(x: Any, look: Any) -> Any:
    """What `look` finds on a box of x, and on a box of a box."""
    seen = []

    def fun(y: Any) -> Any:
        seen.append(look(y))
        return np.sum(y)

    grad(lambda x: np.sum(grad(fun)(x)) + np.sum(fun(x)))(x)
    assert seen[0] == seen[1]
    return seen[0]


@pytest.mark.parametrize("x", [2.0, onp.float32(2), onp.array(2.0), X, X.astype(onp.float32)])
def test_metadata_is_plain(x: Any) -> None:
    plain = onp.asarray(x)
    assert inspected(x, lambda y: (y.shape, y.ndim, y.size)) == (
        plain.shape,
        plain.ndim,
        plain.size,
    )
    assert inspected(x, lambda y: y.dtype) == plain.dtype
    assert inspected(x, lambda y: (np.shape(y), np.ndim(y), np.size(y))) == (
        plain.shape,
        plain.ndim,
        plain.size,
    )


def test_length_hash_truth_and_text() -> None:
    assert inspected(X, len) == 2
    assert inspected(2.0, bool) is True

    def fun(x: Any) -> Any:
        assert hash(x) == hash(x)
        assert len({x, x}) == 1
        assert str(x) == f"Autodiff ArrayBox with value {X}"
        with pytest.raises(ValueError, match="ambiguous"):
            bool(x)
        return np.sum(x)

    grad(fun)(X)


@pytest.mark.parametrize("name", ["lt", "le", "gt", "ge", "eq", "ne"])
def test_comparisons_give_plain_arrays(name: str) -> None:
    compare = getattr(operator, name)

    def fun(x: Any) -> Any:
        for result, expected in (
            (compare(x, 3.0), compare(X, 3.0)),
            (compare(3.0, x), compare(3.0, X)),
            (compare(x, X.T[0, 0]), compare(X, 1.0)),
            (compare(X, x), compare(X, X)),
            (compare(x, x), compare(X, X)),
        ):
            assert not isbox(result)
            onp.testing.assert_array_equal(result, expected)
        return np.sum(x)

    grad(fun)(X)


@pytest.mark.parametrize(
    "name", ["all", "any", "argmax", "argmin", "argsort", "nonzero", "round", "searchsorted"]
)
def test_untraced_methods_give_plain_values(name: str) -> None:
    x = onp.array([1.2, 2.7, 3.1])
    arguments = (2.0,) if name == "searchsorted" else ()

    def fun(y: Any) -> Any:
        result = getattr(y, name)(*arguments)
        assert not isbox(result)
        onp.testing.assert_array_equal(result, getattr(x, name)(*arguments))
        return np.sum(y)

    grad(fun)(x)


@pytest.mark.parametrize(
    "call",
    [
        lambda x: x.sum(),
        lambda x: x.mean(0),
        lambda x: x.max(axis=1),
        lambda x: x.min(),
        lambda x: x.prod(1),
        lambda x: x.var(),
        lambda x: x.std(axis=0, keepdims=True),
        lambda x: x.cumsum(0),
        lambda x: x.clip(1.5, 4.5),
        lambda x: x.reshape(3, 2),
        lambda x: x.ravel(),
        lambda x: x.flatten(),
        lambda x: x.squeeze(),
        lambda x: x.swapaxes(0, 1),
        lambda x: x.repeat(2),
        lambda x: x.transpose(),
        lambda x: x.trace(),
        lambda x: x.dot(onp.ones(3)),
        lambda x: x.conj(),
        lambda x: x.real,
        lambda x: x.imag,
        lambda x: x.T,
        lambda x: x.astype(complex),
        lambda x: +x,
        lambda x: abs(-x),
    ],
)
def test_traced_methods_are_right(call: Any) -> None:
    onp.testing.assert_array_equal(make_vjp(call)(X)[1], call(X))
    check_grads(call)(X)


def test_every_method_is_documented() -> None:
    for name in ["sum", "mean", "max", "reshape", "transpose", "dot", "clip"]:
        assert f"numpy.{name}" in getattr(ArrayBox, name).__doc__


def test_raw_numpy_ufuncs_are_traced() -> None:
    fun = lambda x: onp.sin(x) * onp.exp(-x) + onp.maximum(x, 2.5)  # noqa: E731
    check_grads(fun)(X)
    check_grads(lambda x: onp.sum(x) + onp.mean(x) * onp.max(x))(X)


def test_out_and_ufunc_methods_are_refused() -> None:
    for fun in (
        lambda x: onp.add(x, 1, out=onp.zeros((2, 3))),
        lambda x: onp.add.reduce(x),
        lambda x: onp.add.outer(x, x),
    ):
        with pytest.raises(TypeError):
            grad(fun)(X)


def test_numbers_of_python_cannot_be_taken_silently() -> None:
    for convert in (float, int, complex):
        with pytest.raises(TypeError):
            grad(lambda x, c=convert: c(x) * 1.0)(2.0)
