"""Elementwise functions at kinks, ties, steps and in special forms."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autodiff.numpy as np
from autodiff import elementwise_grad, grad, make_jvp, make_vjp
from autodiff.test_util import check_grads

X = onp.array([-1.5, 0.25, 2.0])
FORMULAS: dict[str, Any] = {
    "exp": onp.exp,
    "log1p": lambda x: 1 / (1 + x),
    "sqrt": lambda x: 0.5 / onp.sqrt(x),
    "tanh": lambda x: 1 - onp.tanh(x) ** 2,
    "arctan": lambda x: 1 / (1 + x * x),
    "arcsinh": lambda x: 1 / onp.hypot(x, 1),
    "tan": lambda x: 1 / onp.cos(x) ** 2,
    "square": lambda x: 2 * x,
}


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.sampled_from(sorted(FORMULAS)), st.floats(0.01, 1.4))
def test_derivatives_equal_their_formulas(name: str, x: float) -> None:
    assert elementwise_grad(getattr(np, name))(x) == pytest.approx(FORMULAS[name](x), rel=1e-14)


@pytest.mark.parametrize("fun", [np.maximum, np.minimum, np.fmax, np.fmin])
def test_ties_share_the_derivative(fun: Any) -> None:
    assert grad(fun, (0, 1))(2.0, 2.0) == (0.5, 0.5)
    assert make_jvp(fun, (0, 1))(2.0, 2.0)((1.0, 0.0))[1] == 0.5
    assert grad(lambda x: fun(x, 2))(2.0) == 0.5


def test_absolute_values_have_derivative_zero_at_zero() -> None:
    for zero in (0.0, onp.zeros(2), 0j, onp.zeros(2, complex)):
        vjp, value = make_vjp(np.abs)(zero)
        assert not onp.any(vjp(onp.ones_like(value)))
        assert not onp.any(make_jvp(np.abs)(zero)(onp.ones_like(zero))[1])


@pytest.mark.parametrize("name", ["floor", "ceil", "round", "sign", "rint", "trunc"])
def test_steps_have_zero_gradient_through_products(name: str) -> None:
    step = getattr(np, name)
    onp.testing.assert_array_equal(grad(lambda x: np.sum(x * step(x)))(X), getattr(onp, name)(X))


def test_conversions_to_integers_are_steps() -> None:
    x = onp.array([1.7, -2.2])
    onp.testing.assert_array_equal(grad(lambda x: np.sum(x * x.astype(int)))(x), [1, -2])
    _, tangent = make_jvp(lambda x: x.astype(int))(x)(onp.ones(2))
    onp.testing.assert_array_equal(tangent, [0.0, 0.0])


def test_conversions_keep_track_of_precision() -> None:
    x = onp.array([1.5, 2.5])
    gradient = grad(lambda x: np.sum(x.astype(onp.float32) ** 2))(x)
    assert gradient.dtype == onp.float64
    onp.testing.assert_array_equal(gradient, [3, 5])
    assert grad(lambda x: np.astype(x, onp.float32) * 2)(3.0) == 2.0
    assert grad(lambda x: np.real(x.astype(complex) * (2 + 1j)))(3.0) == 2.0


def test_where_does_not_leak_nan_from_the_branch_not_taken() -> None:
    x = onp.array([0.0, 4.0])
    with onp.errstate(divide="ignore", invalid="ignore"):
        value, tangent = make_jvp(lambda x: np.where(x > 0, x * 2, 7.0))(x)(onp.ones(2))
    onp.testing.assert_array_equal(tangent, [0, 2])
    onp.testing.assert_array_equal(value, [7, 8])


def test_where_accepts_scalars_boxes_and_one_argument() -> None:
    condition = onp.array([True, False, True])
    assert grad(lambda s: np.sum(np.where(condition, s, 0.0)))(2.0) == 2.0
    assert grad(lambda s: np.where(s > 1, s * s, s))(2.0) == 4.0
    onp.testing.assert_array_equal(grad(lambda x: np.sum(x[np.where(x > 0)]))(X), [0, 1, 1])
    onp.testing.assert_array_equal(
        grad(lambda x: np.sum(np.where(x, x * x, 0.0)))(X), 2 * X
    )  # a traced condition: where to choose is not differentiated
    onp.testing.assert_array_equal(make_jvp(lambda x: np.where(x, 1.0, 0.0))(X)(X)[1], 0 * X)


@pytest.mark.parametrize(
    "clip",
    [
        lambda x: np.clip(x, 0, 1),
        lambda x: np.clip(x, 0.0, None),
        lambda x: np.clip(x, None, onp.array([0.0, 1.0, 1.0])),
        lambda x: np.clip(x, a_max=1, a_min=0),
        lambda x: x.clip(0, 1),
        lambda x: onp.clip(x, 0, 1),
    ],
)
def test_clip_lets_the_inside_through(clip: Any) -> None:
    onp.testing.assert_array_equal(grad(lambda x: np.sum(clip(x)))(X), clip(X) == X)
    check_grads(clip)(X)


@pytest.mark.parametrize("fun", [np.logaddexp, np.logaddexp2])
def test_logaddexp_does_not_overflow(fun: Any) -> None:
    assert grad(fun, (0, 1))(1000.0, 1000.0) == pytest.approx((0.5, 0.5))
    assert grad(fun)(0.0, -2000.0) == 1.0
    assert grad(fun, (0, 1))(-onp.inf, -onp.inf) == (0.0, 0.0)
    assert make_jvp(fun)(-onp.inf, 2.0)(1.0)[1] == 0.0


def test_at_the_origin_hypot_and_arctan2_have_zero_gradient() -> None:
    for fun in (np.hypot, np.arctan2):
        assert grad(fun, (0, 1))(0.0, 0.0) == (0.0, 0.0)
        assert make_jvp(fun, (0, 1))(0.0, 0.0)((1.0, 2.0))[1] == 0.0
        x = onp.array([0.0, 3.0])
        gradient = grad(lambda x, fun=fun: np.sum(fun(x, x + 1)))(x)
        assert onp.isfinite(gradient).all()
        assert onp.isfinite(elementwise_grad(grad(fun))(0.0, 0.0))


def test_angles_in_degrees() -> None:
    z = onp.array([1 + 2j, -0.5 - 1j])
    check_grads(lambda z: np.angle(z, deg=True))(z)
    radians, degrees = (grad(lambda z, d=d: np.sum(np.angle(z, d)))(z) for d in (False, True))
    onp.testing.assert_allclose(degrees, onp.rad2deg(1) * radians)


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("abs", "absolute"),
        ("acos", "arccos"),
        ("acosh", "arccosh"),
        ("asin", "arcsin"),
        ("asinh", "arcsinh"),
        ("atan", "arctan"),
        ("atan2", "arctan2"),
        ("atanh", "arctanh"),
        ("conj", "conjugate"),
        ("divide", "true_divide"),
        ("pow", "power"),
        ("remainder", "mod"),
    ],
)
def test_two_names_of_one_function_are_one_primitive(alias: str, name: str) -> None:
    assert getattr(np, alias) is getattr(np, name)
    assert getattr(onp, alias) is getattr(onp, name)


def test_powers_at_zero() -> None:
    assert grad(lambda x: x**1.0)(0.0) == 1.0
    assert grad(lambda x: x**0)(0.0) == 0.0
    assert grad(np.float_power, (0, 1))(0.0, 2.0) == (0.0, 0.0)
    exponents = onp.array([0.0, 1.0, 2.0, 3.0])
    for power in (np.power, np.float_power):
        first = elementwise_grad(power)
        onp.testing.assert_array_equal(first(onp.zeros(4), exponents), [0, 1, 0, 0])
        second = elementwise_grad(lambda x, first=first: first(x, exponents))
        onp.testing.assert_array_equal(second(onp.zeros(4)), [0, 0, 2, 0])


def test_parts_of_complex_numbers() -> None:
    z = onp.array([1 + 2j, -0.5 - 1j])
    for fun in (np.real, np.imag, np.abs, np.angle, np.conj):
        check_grads(fun)(z)
        check_grads(fun)(z.real)
    check_grads(lambda z: z.real * z.imag + np.abs(z.conj()))(z)
    assert grad(lambda x: np.sum(np.angle(x) * x))(onp.array([-1.0, 2.0])).dtype == float


def test_keywords_of_ufuncs_are_refused_not_ignored() -> None:
    mask = onp.array([True, True, False])
    with pytest.raises(TypeError, match="where"):
        grad(lambda x: np.sum(np.sin(x, where=mask, out=onp.zeros(3))))(X)
