"""The methods and attributes of NumPy's arrays, on traced ones."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, make_vjp
from autodiff.numpy.array_box import ArrayBox
from autodiff.test_util import check_grads
from autodiff.tracer import isbox

X = onp.array([[0.5, 1.2, 2.0], [0.3, -0.7, 0.9]])


@pytest.mark.parametrize(
    "call",
    [
        lambda x: x.sum(),
        lambda x: x.sum(0),
        lambda x: x.mean(0),
        lambda x: x.max(axis=1),
        lambda x: x.min(),
        lambda x: x.prod(1),
        lambda x: x.var(),
        lambda x: x.std(axis=0, keepdims=True),
        lambda x: x.cumsum(0),
        lambda x: x.cumprod(1),
        lambda x: x.clip(0.4, 1.5),
        lambda x: x.reshape(3, 2),
        lambda x: x.reshape((3, -1), order="F"),
        lambda x: x.ravel(),
        lambda x: x.flatten(),
        lambda x: x.flatten("F"),
        lambda x: x.squeeze(),
        lambda x: x.swapaxes(0, 1),
        lambda x: x.repeat(2),
        lambda x: x.transpose(),
        lambda x: x.transpose(1, 0),
        lambda x: x.trace(),
        lambda x: x.diagonal(1),
        lambda x: x.dot(onp.ones(3)),
        lambda x: x.take([0, 2, 2], axis=1),
        lambda x: x.compress([True, False, True], axis=1),
        lambda x: x.conj(),
        lambda x: x.conjugate(),
        lambda x: x.real,
        lambda x: x.imag,
        lambda x: x.T,
        lambda x: x.mT,
        lambda x: x.flat[3],
        lambda x: x.astype(complex),
        lambda x: x.copy(),
        lambda x: +x,
        lambda x: abs(-x),
    ],
)
def test_traced_methods_are_right(call: Any) -> None:
    onp.testing.assert_allclose(make_vjp(call)(X)[1], call(X), rtol=1e-14)
    check_grads(call)(X)


@pytest.mark.parametrize(
    "name",
    [
        "all", "any", "argmax", "argmin", "argpartition", "argsort", "nonzero", "round",
        "searchsorted",
    ],
)  # fmt: skip
def test_untraced_methods_give_plain_values(name: str) -> None:
    x = onp.array([1.2, 2.7, 3.1])
    arguments = {"searchsorted": (2.0,), "argpartition": (1,)}.get(name, ())

    def fun(y: Any) -> Any:
        result = getattr(y, name)(*arguments)
        assert not isbox(result)
        onp.testing.assert_array_equal(result, getattr(x, name)(*arguments))
        return np.sum(y)

    grad(fun)(x)


def _in_place(y: Any, x: Any) -> Any:
    y.sort(axis=0)
    y[0].fill(x[0, 1])
    y.put([4, -1], x[:, 0])
    y.flat[3] = x[1, 1]
    y[1].partition(1)
    return y


def test_methods_that_change_the_array_are_assignments() -> None:
    fun = lambda x: _in_place(x.copy(), x) * x  # noqa: E731
    onp.testing.assert_allclose(make_vjp(fun)(X)[1], fun(X))
    check_grads(fun)(X)

    def flat(x: Any) -> Any:
        y = np.zeros((2, 2))
        y.flat = x[0]
        return y

    onp.testing.assert_array_equal(make_vjp(flat)(X)[1], [[0.5, 1.2], [2.0, 0.5]])


def test_sizes_in_bytes() -> None:
    def fun(x: Any) -> Any:
        assert (x.nbytes, x.itemsize) == (48, 8)
        return np.sum(x)

    grad(fun)(X)


@pytest.mark.parametrize("name", ["resize", "view", "tobytes", "tofile"])
def test_what_a_traced_array_cannot_do_is_said(name: str) -> None:
    with pytest.raises(TypeError, match=f"no method {name}"):
        grad(lambda x: getattr(x, name)(2))(X)
    with pytest.raises(AttributeError):
        grad(lambda x: x.ctypes)(X)


def test_choose_is_by_integers() -> None:
    fun = lambda x: np.sum((x / 2).astype(int).choose([x, x * x]))  # noqa: E731
    assert not isbox(make_vjp(lambda x: x.astype(int).choose([1.0, 2.0, 3.0]))(X[:, :2])[1])
    onp.testing.assert_array_equal(grad(fun)(X), onp.where(X >= 2, 2 * X, 1.0))


def test_every_method_is_documented() -> None:
    for name in ["sum", "mean", "max", "reshape", "transpose", "dot", "clip"]:
        assert f"numpy.{name}" in getattr(ArrayBox, name).__doc__
