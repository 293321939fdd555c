"""Primitives that are written in NumPy: what is recorded of their bodies, and what stays a call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest
from agreement import assert_agrees

import autodiff.numpy as np
from autodiff import compiled, custom_jvp, custom_vjp, grad
from autodiff.compile import record
from autodiff.compile.lowering import lower
from autodiff.compile.passes import optimized
from autodiff.compile.replay import Replay
from autodiff.extend import defjvp, defvjp, primitive
from autodiff.test_util import check_grads

X = onp.arange(1.0, 13.0).reshape(3, 4) / 7


def _ops(fun: Callable[..., Any], *args: Any) -> list[str]:
    recording = record(fun, *args)
    program = lower(recording)
    got = Replay(optimized(program))(*args)[0]
    expected = fun(*args)
    onp.testing.assert_array_equal(got, expected)
    assert got.dtype == expected.dtype
    assert got.strides == expected.strides
    return [value.op for value in program.values if value.kind != "leaf"]


@primitive
def scaled_sum(x: Any, b: Any, y: Any) -> Any:
    total = b * y
    total += x
    return total


@primitive
def softmax(x: Any, axis: int) -> Any:
    powers = onp.exp(x - onp.max(x, axis=axis, keepdims=True))
    powers /= onp.sum(powers, axis=axis, keepdims=True)
    return powers


def _softmax_vjp(ans: Any, x: Any, axis: int) -> Callable[[Any], Any]:
    return lambda g: ans * (g - np.sum(ans * g, axis=axis, keepdims=True))


defvjp(softmax, _softmax_vjp)
defjvp(softmax, lambda g, ans, x, axis: _softmax_vjp(ans, x, axis)(g))


def test_a_body_in_numpy_is_compiled() -> None:
    assert _ops(scaled_sum, X, 0.3, X[::-1].copy()) == ["multiply", "add"]
    assert _ops(lambda x: softmax(x, 1), X) == ["max", "subtract", "exp", "sum", "divide"]


@pytest.mark.parametrize(
    "layout",
    [
        lambda x: x.T,
        lambda x: x[::-1, ::2],
        lambda x: np.broadcast_to(x[0], (2, 4)),
        lambda x: x[:, :0],
        lambda x: x[0, 0],
        lambda x: x.astype("float32"),
        lambda x: x[0, 0].astype("float32"),
    ],
    ids=["transposed", "reversed", "broadcast", "empty", "number", "single", "single number"],
)
def test_operands_of_any_layout_and_dtype(layout: Callable[[Any], Any]) -> None:
    assert "call" not in _ops(lambda x: scaled_sum(layout(x), 0.3, layout(x) + 1), X)


def test_numbers_of_python_in_a_body_do_not_promote() -> None:
    single = X.astype("float32")
    assert _ops(lambda x, b: scaled_sum(x, b, x), single, 0.3) == ["cast", "multiply", "add"]
    assert _ops(lambda x: scaled_sum(x, 2, x), single) == ["multiply", "add"]


def test_bodies_in_bodies_are_compiled() -> None:
    twice = primitive(lambda x: scaled_sum(x, 2.0, softmax(x, 0)))
    assert "call" not in _ops(twice, X)


def test_constant_arrays_of_a_body_stay_constant() -> None:
    weights = onp.linspace(0.0, 1.0, 4)
    weighted = primitive(lambda x, w: x * w)
    assert _ops(lambda x: weighted(x, weights), X) == ["multiply"]


@primitive
def chosen_by_value(x: Any) -> Any:
    return x if onp.sum(x) > 0 else -x


@primitive
def other_with_boxes(x: Any) -> Any:
    return 2 * x if isinstance(x, onp.ndarray) and type(x) is onp.ndarray else 3 * x


@primitive
def written_into(x: Any) -> Any:
    result = onp.zeros(4)
    onp.sum(x, axis=0, out=result)
    return result


@primitive
def partly_opaque(x: Any) -> Any:
    return onp.cumsum(x * 2, axis=0)


@primitive
def long_loop(x: Any) -> Any:
    for _ in range(300):
        x = x + 1
    return x


@primitive
def recursive(x: Any) -> Any:
    return recursive(x) if type(x) is not onp.ndarray else x + 1


@primitive
def pair(x: Any) -> Any:
    return x + 1, x + 2


@primitive
def into_python(x: Any) -> Any:
    return float(onp.sum(x))


@pytest.mark.parametrize(
    "fun",
    [
        chosen_by_value, other_with_boxes, written_into, partly_opaque, long_loop, recursive,
        into_python, lambda x: pair(x)[1],
    ],
)  # fmt: skip
def test_bodies_that_cannot_be_taken_stay_calls(fun: Any) -> None:
    recording = record(fun, X)
    program = lower(recording)
    assert any(value.op == "call" for value in program.values)
    for x in (X, -X):  # nothing of the first values was taken in
        onp.testing.assert_array_equal(Replay(program)(x)[0], fun(x))


@pytest.mark.usefixtures("backend")
def test_derivatives_of_an_expanded_primitive_are_compiled() -> None:
    def loss(x: Any) -> Any:
        return np.sum(softmax(x, 1) ** 2)

    slope = compiled(grad(loss))
    assert slope.explain(X).startswith("all ")
    assert_agrees(slope(X), grad(loss)(X))
    assert_agrees(grad(compiled(loss))(X), grad(loss)(X))
    check_grads(compiled(lambda x: softmax(x, 1)))(X)


@pytest.mark.usefixtures("backend")
def test_functions_with_rules_of_their_own_are_compiled() -> None:
    def log1pexp(x: Any) -> Any:
        return onp.log(1 + onp.exp(x))

    def slope(x: Any) -> Any:
        return 1 - 1 / (1 + np.exp(x))

    pulled = custom_vjp(log1pexp, lambda ans, x: lambda g: g * slope(x))
    pushed = custom_jvp(log1pexp, lambda g, ans, x: g * slope(x))
    for fun in (pulled, pushed):
        gradient = compiled(grad(lambda x, fun=fun: np.sum(fun(x) ** 2)))
        assert gradient.explain(X).startswith("all ")
        expected = 2 * log1pexp(X) * (1 - 1 / (1 + onp.exp(X)))
        onp.testing.assert_allclose(gradient(X), expected, rtol=1e-14)
