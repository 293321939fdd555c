"""The rules of + - * / and powers at their difficult points."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, make_jvp, make_vjp
from autodiff.test_util import check_grads


@pytest.mark.parametrize("exponent", [1, 2, 3, 1.0, 2.5, 4.0])
@pytest.mark.parametrize("zero", [0.0, onp.zeros(()), onp.float32(0)])
def test_powers_at_zero(exponent: Any, zero: Any) -> None:
    assert grad(lambda x: x**exponent)(zero) == (1.0 if exponent == 1 else 0.0)
    assert make_jvp(lambda x: x**exponent)(zero)(1.0)[1] == (1.0 if exponent == 1 else 0.0)


@pytest.mark.parametrize("x", [0.0, 2.0, -3.0])
@pytest.mark.parametrize("exponent", [0, 0.0])
def test_the_zeroth_power_is_constant(x: float, exponent: Any) -> None:
    assert grad(lambda x: x**exponent)(x) == 0.0
    assert grad(lambda x: np.sum(x**exponent))(onp.array([x]))[0] == 0.0
    assert grad(lambda x: np.sum(x ** onp.array([exponent])))(onp.array([x]))[0] == 0.0


def test_exponents_at_zero_base_have_zero_gradient() -> None:
    assert grad(lambda y: 0.0**y)(2.0) == 0.0
    assert grad(np.power, (0, 1))(0.0, 0.0) == (0.0, 0.0)


def test_the_mixed_second_derivative_of_a_power_at_exponent_zero() -> None:
    # d/dy (y x^(y-1)) at y = 0 is 1/x.
    mixed = grad(lambda y: grad(np.power)(2.0, y))
    assert mixed(0.0) == pytest.approx(0.5)
    check_grads(np.power, (0, 1))(2.0, 0.0)
    check_grads(np.power, (0, 1))(onp.array([2.0, 3.0]), onp.array([0.0, 1.0]))


@pytest.mark.parametrize(
    ("fun", "x"),
    [
        (lambda x: x**0.5, -2.0),
        (lambda x: x**-1, 0.0),
        (lambda x: 1 / x, 0.0),
        (lambda x: x / (x - x), 1.0),
        (lambda x: x / 0, 1.0),
        (lambda x: x**1000, 1e10),
        (lambda x: 1e10**x, 1000.0),
        (lambda x: (-2.0) ** x, 0.5),
        (lambda x: x * 1e200 * 1e200, 1.0),
    ],
)
def test_python_floats_behave_as_numpy_where_python_raises(fun: Any, x: float) -> None:
    with onp.errstate(all="ignore"):
        expected = fun(onp.float64(x))
        value, _ = make_jvp(fun)(x)(1.0)
        onp.testing.assert_equal(onp.float64(value), onp.float64(expected))
        gradient = grad(fun)(x)
        onp.testing.assert_equal(
            onp.float64(gradient), onp.float64(onp.real(grad(fun)(onp.float64(x))))
        )


def test_complex_division_by_zero_is_numpys() -> None:
    with onp.errstate(all="ignore"):
        value, _ = make_jvp(lambda z: z / 0j)(1 + 1j)(1.0)
    assert not onp.isfinite(value)


@pytest.mark.parametrize("name", ["add", "subtract", "multiply", "true_divide", "power"])
def test_the_function_and_the_operator_record_the_same_derivative(name: str) -> None:
    symbol = {"add": "+", "subtract": "-", "multiply": "*", "true_divide": "/", "power": "**"}[name]
    operator = eval(f"lambda x, y: x {symbol} y")
    x, y = onp.array([[0.5], [2.0]]), onp.array([1.5, 0.7, 3.0])
    for left, right in ((x, y), (y, x), (0.5, y), (x, 2.0), (0.5, 1.5)):
        total = lambda f: lambda a, b: np.sum(np.sin(f(a, b)))  # noqa: E731
        for one, other in zip(
            grad(total(getattr(np, name)), (0, 1))(left, right),
            grad(total(operator), (0, 1))(left, right),
        ):
            onp.testing.assert_allclose(one, other, rtol=1e-14)


def test_real_operands_of_complex_arithmetic_get_real_cotangents() -> None:
    weights = onp.array([1 + 2j, 3 - 1j])
    for fun in (
        lambda x: x * weights,
        lambda x: weights - x,
        lambda x: x / weights,
        lambda x: weights / x,
        lambda x: np.power(x, weights),
        lambda x: x + 1j * x,
    ):
        gradient = grad(lambda x, fun=fun: np.real(np.sum(fun(x) * (0.3 - 0.7j))))(
            onp.ones(2) * 1.3
        )
        assert gradient.dtype == float
        check_grads(fun)(onp.ones(2) * 1.3)
        check_grads(fun)(onp.ones((3, 1)) * 1.3)
    for fun in (lambda x: x * (1 + 2j), lambda x: 2j - x, lambda x: 1j / x, lambda x: x + 1j):
        check_grads(fun)(1.3)
        check_grads(fun)(onp.float64(1.3))


@pytest.mark.parametrize(
    ("fun", "x"),
    [
        (lambda x: 1 / x, 0.0),
        (np.reciprocal, 0.0),
        (np.log, 0.0),
        (np.log1p, -1.0),
        (np.log10, 0.0),
        (np.arctanh, 1.0),
        (np.sqrt, 0.0),
        (np.cbrt, 0.0),
        (np.angle, 0j),
        (lambda x: x**0.5, 0.0),
    ],
)
def test_float_cotangents_and_tangents_at_poles_are_numpys_infinities(fun: Any, x: Any) -> None:
    with onp.errstate(all="ignore"):
        assert not onp.isfinite(make_vjp(fun)(x)[0](1.0))
        assert not onp.isfinite(make_jvp(fun)(x)(type(x)(1.0))[1])
