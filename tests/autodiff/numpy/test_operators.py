"""Random expressions of operators, constants and shapes, against Autograd at orders 1 and 2."""

from __future__ import annotations

import warnings
from typing import Any

import autograd
import autograd.numpy as autograd_numpy
import numpy as onp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autodiff.numpy as np
from autodiff import grad, make_jvp, make_vjp
from autodiff.core import primitive_vjps
from autodiff.tracer import isbox

SHAPES = [(), (1,), (3,), (1, 3), (4, 1), (4, 3), (1, 1)]
SETTINGS = settings(derandomize=True, deadline=None, max_examples=120)


@st.composite
def expressions(draw: Any) -> Any:
    """A list of steps; each takes two earlier values, or one and a constant."""
    n_inputs = draw(st.integers(1, 3))
    shapes = [draw(st.sampled_from(SHAPES)) for _ in range(n_inputs)]
    as_float = [draw(st.booleans()) for _ in range(n_inputs)]
    steps = []
    for k in range(draw(st.integers(1, 8))):
        kind = draw(st.sampled_from("+-*/+-*/snp2"))
        left = draw(st.integers(0, n_inputs + k - 1))
        right = draw(st.integers(0, n_inputs + k - 1))
        constant = draw(st.sampled_from(["none", "left", "right"]))
        value = draw(st.sampled_from([2, 1.5, onp.float64(0.7), *SHAPES]))
        steps.append((kind, left, right, constant, value))
    return shapes, as_float, steps, draw(st.integers(0, 2**31))


def evaluate(xp: Any, inputs: tuple[Any, ...], steps: list[Any]) -> Any:
    values = list(inputs)
    for kind, i, j, constant, given_value in steps:
        c = given_value
        if isinstance(c, tuple):
            c = onp.linspace(0.6, 1.4, int(onp.prod(c))).reshape(c)
        a = c if constant == "left" else values[i]
        b = c if constant == "right" else values[j]
        if kind == "+":
            out = a + b
        elif kind == "-":
            out = a - b
        elif kind == "*":
            out = a * b
        elif kind == "/":
            out = a / (b * b + 1)
        elif kind == "s":
            out = xp.sin(values[i])
        elif kind == "n":
            out = -values[i]
        elif kind == "p":
            out = (values[i] * values[i] + 0.5) ** 1.5
        else:
            out = values[i] ** 2
        values.append(xp.tanh(out))
    return xp.sum(values[-1] * values[-1]) + xp.sum(values[-2])


def inputs_of(shapes: Any, as_float: Any, seed: int) -> tuple[Any, ...]:
    rng = onp.random.default_rng(seed)
    arrays = [onp.asarray(rng.uniform(-1, 1, shape)) for shape in shapes]
    return tuple(float(a) if f and a.shape == () else a for a, f in zip(arrays, as_float))


@SETTINGS
@given(expressions())
def test_random_broadcasting_expressions_agree_with_autograd(expression: Any) -> None:
    shapes, as_float, steps, seed = expression
    inputs = inputs_of(shapes, as_float, seed)
    argnums = tuple(range(len(inputs)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ours = grad(lambda *xs: evaluate(np, xs, steps), argnums)
        theirs = autograd.grad(lambda *xs: evaluate(autograd_numpy, xs, steps), argnums)
        for got, expected, x in zip(ours(*inputs), theirs(*inputs), inputs):
            assert onp.shape(got) == onp.shape(x)
            onp.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-12)

        def norm(xp: Any, gradient: Any) -> Any:
            return lambda *xs: sum(xp.sum(xp.sin(part)) for part in gradient(*xs))

        second = grad(norm(np, ours), argnums)(*inputs)
        expected_second = autograd.grad(norm(autograd_numpy, theirs), argnums)(*inputs)
        for got, expected in zip(second, expected_second):
            onp.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-11)


@SETTINGS
@given(expressions(), st.sampled_from([onp.float32, onp.float64]))
def test_forward_and_reverse_mode_agree_and_keep_the_dtype(expression: Any, dtype: Any) -> None:
    shapes, _, steps, seed = expression
    inputs = tuple(x.astype(dtype) for x in inputs_of(shapes, [False] * 3, seed))
    steps = [
        (k, i, j, c, 1.5 if isinstance(v, (tuple, onp.generic)) else v) for k, i, j, c, v in steps
    ]
    fun = lambda xs: evaluate(np, xs, steps)  # noqa: E731
    vjp, value = make_vjp(fun)(inputs)
    pulled = vjp(onp.ones((), dtype))
    tangents = inputs_of(shapes, [False] * 3, seed + 1)
    tangents = tuple(onp.asarray(t).astype(dtype) for t in tangents)
    _, tangent = make_jvp(fun)(inputs)(tangents)
    assert onp.asarray(value).dtype == dtype
    assert [onp.asarray(p).dtype for p in pulled] == [dtype] * len(inputs)
    reverse = sum(float(onp.sum(p * t)) for p, t in zip(pulled, tangents))
    scale = sum(float(onp.sum(onp.abs(p * t))) for p, t in zip(pulled, tangents)) + 1.0
    assert float(tangent) == pytest.approx(
        reverse, abs=(1e-4 if dtype == onp.float32 else 1e-12) * scale
    )


CONSTANTS = [2, 2.5, True, onp.float64(2), onp.float32(2), onp.int64(2), onp.array(2.0), 1 + 1j]
VALUES = [1.5, onp.float64(1.5), onp.float32(1.5), onp.array(1.5), onp.full(3, 1.5, onp.float32)]


@pytest.mark.parametrize("symbol", ["+", "-", "*", "/", "**", "@"])
@pytest.mark.parametrize("x", VALUES, ids=lambda x: f"{type(x).__name__}{onp.shape(x)}")
def test_results_are_those_of_numpy(symbol: str, x: Any) -> None:
    """Value and dtype, for every mixture of a box with a constant, in both orders."""
    for constant in [*CONSTANTS, onp.arange(1.0, 4.0), onp.arange(1, 4)]:
        for source in (f"lambda x, c: x {symbol} c", f"lambda x, c: c {symbol} x"):
            fun = eval(source)
            try:
                expected = fun(x, constant)
                if symbol == "**":  # before 2.1, array ** scalar broke NumPy's promotion rules
                    expected = eval(
                        source.replace("x ** c", "power(x, c)").replace("c ** x", "power(c, x)"),
                        {"power": onp.power},
                    )(x, constant)
            except (TypeError, ValueError):
                continue
            _, value = make_vjp(lambda x, fun=fun, c=constant: fun(x, c))(x)
            assert onp.asarray(value).dtype == onp.asarray(expected).dtype, (source, constant)
            onp.testing.assert_allclose(value, expected, rtol=1e-15)


@pytest.mark.parametrize("symbol", ["+", "-", "*", "/", "**"])
@pytest.mark.parametrize("x", VALUES, ids=lambda x: f"{type(x).__name__}{onp.shape(x)}")
def test_cotangents_have_the_operands_dtype_and_shape(symbol: str, x: Any) -> None:
    for constant in [*CONSTANTS, onp.arange(1.0, 4.0), onp.arange(1, 4), onp.ones((2, 1), "f")]:
        for source in (f"lambda x, c: x {symbol} c", f"lambda x, c: c {symbol} x"):
            fun = eval(source)
            vjp, value = make_vjp(lambda x, fun=fun, c=constant: fun(x, c))(x)
            cotangent = onp.ones(onp.shape(value), onp.asarray(value).dtype)
            pulled = onp.asarray(vjp(cotangent))
            assert pulled.dtype == onp.asarray(x).dtype, (source, constant)
            assert pulled.shape == onp.shape(x)


def test_arrays_on_the_left_are_traced() -> None:
    x = onp.array([1.0, 2.0, 3.0])
    a = onp.array([2.0, 4.0, 8.0])
    onp.testing.assert_array_equal(grad(lambda x: np.sum(a * x))(x), a)
    onp.testing.assert_array_equal(grad(lambda x: np.sum(a - x))(x), -onp.ones(3))
    onp.testing.assert_array_equal(grad(lambda x: np.sum(onp.diag(a) @ x))(x), a)
    onp.testing.assert_allclose(grad(lambda x: np.sum(a**x))(x), a**x * onp.log(a))
    assert grad(lambda x: onp.float64(3) * x)(2.0) == 3.0
    assert grad(lambda x: onp.multiply(3.0, x))(2.0) == 3.0


def test_augmented_assignment_rebinds_a_box_and_refuses_an_array() -> None:
    def rebinding(x: Any) -> Any:
        y = x
        y += 1.0
        y *= x
        return y

    assert grad(rebinding)(3.0) == 7.0

    def into_array(x: Any) -> Any:
        y = onp.zeros(3)
        y += x
        return np.sum(y)

    with pytest.raises(TypeError):
        grad(into_array)(onp.ones(3))


def test_steps_have_no_derivative() -> None:
    assert grad(lambda x: x // 2 + x)(5.0) == 1.0
    assert grad(lambda x: 7 // x + x % 3)(5.0) == 1.0


def test_unsupported_operands_are_type_errors() -> None:
    for fun in (lambda x: x + "a", lambda x: None * x, lambda x: x - {}):
        with pytest.raises(TypeError):
            grad(fun)(1.0)
    with pytest.raises(TypeError, match="one real number"):
        grad(lambda x: x * [1.0, 2.0])(1.0)


def test_mixed_levels_stay_on_the_short_way() -> None:
    """An outer box is a constant to the inner trace: no rule is looked up in the registry."""
    rules = {fun: primitive_vjps[fun] for fun in (np.add, np.multiply, np.true_divide)}
    outer_grad = grad(lambda a: grad(lambda y: (a * y + y / a) * a + (a - y))(2.0))
    assert outer_grad(3.0) == pytest.approx(6.0)
    assert all(primitive_vjps[fun] is rule for fun, rule in rules.items())

    def inner(a: Any) -> Any:
        def fun(y: Any) -> Any:
            for z in (a * y, y * a, a + y, y - a, a - y, a / y, y / a):
                assert isbox(z._value)
                assert type(z._value._value) is float
            return y

        return grad(fun)(2.0) * a

    assert grad(inner)(3.0) == 1.0
