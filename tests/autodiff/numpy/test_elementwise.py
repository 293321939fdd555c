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


def test_clip_refuses_traced_limits_by_argument_number() -> None:
    with pytest.raises(NotImplementedError, match=r"VJP of clip .*argument\(s\) 1"):
        grad(lambda low: np.sum(np.clip(X, low, 1.0)))(0.0)


def test_logaddexp_does_not_overflow() -> None:
    assert grad(np.logaddexp, (0, 1))(1000.0, 1000.0) == pytest.approx((0.5, 0.5))
    assert grad(np.logaddexp)(0.0, -1000.0) == 1.0


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
