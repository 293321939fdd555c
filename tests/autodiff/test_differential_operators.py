"""grad and its relatives, against formulas and against Autograd."""

from __future__ import annotations

import inspect
from typing import Any

import autograd
import autograd.numpy as autograd_numpy
import numpy as onp
import pytest

import autodiff
import autodiff.numpy as np
from autodiff import (
    deriv,
    elementwise_grad,
    grad,
    grad_and_aux,
    grad_named,
    hessian,
    hessian_tensor_product,
    hessian_vector_product,
    holomorphic_grad,
    jacobian,
    make_ggnvp,
    make_hvp,
    make_jvp,
    multigrad_dict,
    tensor_jacobian_product,
    value_and_grad,
    vector_jacobian_product,
)
from autodiff.differential_operators import make_jvp_reversemode

X = onp.array([[0.3, -1.2, 2.0], [1.5, 0.7, -0.4]])


def scalar(np: Any) -> Any:
    return lambda x: np.sum(np.sin(x) * x[::-1] + np.exp(x) / (1.0 + x * x)) + x[0, 1] ** 3


def vector(np: Any) -> Any:
    return lambda x: np.tanh(np.dot(x, np.array([1.0, 2.0, 3.0]))) * np.sum(x)


@pytest.mark.parametrize("name", autodiff.__all__)
def test_every_public_name_is_documented(name: str) -> None:
    assert inspect.getdoc(getattr(autodiff, name))


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("grad", scalar),
        ("value_and_grad", scalar),
        ("elementwise_grad", lambda np: lambda x: np.sin(x) * x),
        ("deriv", lambda np: lambda x: np.sin(x) * x),
        ("jacobian", vector),
        ("hessian", scalar),
        ("jacobian", lambda np: lambda x: np.outer(x[0], x[1])),
    ],
)
def test_operators_agree_with_autograd(name: str, make: Any) -> None:
    ours = getattr(autodiff, name)(make(np))(X)
    theirs = getattr(autograd, name)(make(autograd_numpy))(X)
    if name == "value_and_grad":
        assert ours[0] == pytest.approx(theirs[0], rel=1e-14)
        ours, theirs = ours[1], theirs[1]
    assert ours.shape == theirs.shape
    onp.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-14)


def test_gradient_agrees_with_the_complex_step() -> None:
    numeric = onp.zeros_like(X)
    for index in onp.ndindex(*X.shape):
        z = X.astype(complex)
        z[index] += 1e-200j
        numeric[index] = scalar(onp)(z).imag / 1e-200
    onp.testing.assert_allclose(grad(scalar(np))(X), numeric, rtol=1e-14)


def test_products_with_the_hessian_need_no_hessian(rng: Any) -> None:
    direction = rng.standard_normal(X.shape)
    expected = onp.tensordot(hessian(scalar(np))(X), direction, 2)
    hvp, gradient = make_hvp(scalar(np))(X)
    onp.testing.assert_allclose(hvp(direction), expected, rtol=1e-12)
    onp.testing.assert_allclose(gradient, grad(scalar(np))(X))
    for product in (hessian_tensor_product, hessian_vector_product):
        onp.testing.assert_allclose(product(scalar(np))(X, direction), expected, rtol=1e-12)
    onp.testing.assert_allclose(make_jvp(grad(scalar(np)))(X)(direction)[1], expected, rtol=1e-12)


def test_the_hessian_is_symmetric() -> None:
    full = hessian(scalar(np))(X).reshape(6, 6)
    onp.testing.assert_allclose(full, full.T, rtol=1e-13, atol=1e-14)


def test_products_with_the_jacobian(rng: Any) -> None:
    jac = jacobian(vector(np))(X)
    left, direction = rng.standard_normal(2), rng.standard_normal(X.shape)
    for product in (tensor_jacobian_product, vector_jacobian_product):
        expected = onp.tensordot(left, jac, 1)
        onp.testing.assert_allclose(product(vector(np))(X, left), expected, rtol=1e-12)
    expected = onp.tensordot(jac, direction, 2)
    onp.testing.assert_allclose(make_jvp(vector(np))(X)(direction)[1], expected, rtol=1e-12)
    onp.testing.assert_allclose(make_jvp_reversemode(vector(np))(X)(direction), expected)


def test_gauss_newton_is_the_hessian_without_second_derivatives_of_f(rng: Any) -> None:
    v = rng.standard_normal(X.shape)
    jac = jacobian(vector(np))(X).reshape(2, 6)
    got = make_ggnvp(vector(np))(X)(v)
    onp.testing.assert_allclose(onp.ravel(got), jac.T @ jac @ v.ravel(), rtol=1e-12)


def test_jacobian_of_an_empty_result_and_of_a_scalar() -> None:
    assert jacobian(lambda x: x[:0])(onp.ones(3)).shape == (0, 3)
    onp.testing.assert_array_equal(jacobian(np.sum)(onp.ones(3)), onp.ones(3))
    assert jacobian(lambda x: x * x)(3.0) == 6.0


def test_named_arguments() -> None:
    def fun(first: Any, second: Any = 3.0, *, scale: Any = 2.0) -> Any:
        return first * second**2 * scale

    assert grad_named(fun, "second")(1.0, 3.0) == 12.0
    assert multigrad_dict(fun)(1.0) == {"first": 18.0, "second": 12.0, "scale": 9.0}
    assert multigrad_dict(fun)(1.0, scale=1.0) == {"first": 9.0, "second": 6.0, "scale": 9.0}
    with pytest.raises(ValueError, match="third"):
        grad_named(fun, "third")


def test_aux_is_returned_without_boxes_of_its_trace() -> None:
    def fun(x: Any) -> Any:
        return np.sum(x * x), {"twice": 2 * x, "list": [x[0], "text", (x,)], "n": 3}

    gradient, aux = grad_and_aux(fun)(X[0])
    onp.testing.assert_array_equal(gradient, 2 * X[0])
    onp.testing.assert_array_equal(aux["twice"], 2 * X[0])
    assert type(aux["twice"]) is onp.ndarray
    assert type(aux["list"][2][0]) is onp.ndarray
    assert aux["list"][1] == "text"
    assert aux["n"] == 3


def test_aux_keeps_what_an_outer_trace_needs() -> None:
    def outer(a: Any) -> Any:
        gradient, aux = grad_and_aux(lambda y: (y * y * a, [a * a * y]))(a)
        return gradient + aux[0]  # 2 a^2 + a^3

    assert grad(outer)(2.0) == pytest.approx(4 * 2.0 + 3 * 4.0)


def test_values_keep_what_an_outer_trace_needs() -> None:
    def outer(a: Any) -> Any:
        value, gradient = value_and_grad(lambda y: y**3 * a)(a)
        return value * gradient  # a^4 * 3 a^3

    assert grad(outer)(1.5) == pytest.approx(21 * 1.5**6)


@pytest.mark.parametrize("fun", [np.exp, np.sin, lambda z: z**3 - 1 / z, np.sqrt, np.log])
def test_holomorphic_derivatives(fun: Any) -> None:
    z = 0.7 + 0.4j
    h = 1e-6
    numeric = (fun(z + h) - fun(z - h)) / (2 * h)
    assert holomorphic_grad(fun)(z) == pytest.approx(numeric, rel=1e-8)
    with pytest.warns(UserWarning, match="the input is real"):
        holomorphic_grad(np.exp)(1.0)


def test_gradients_in_complex_arguments_descend_along_the_conjugate() -> None:
    assert grad(lambda z: np.real(z**2))(1 + 2j) == 2 + 4j
    assert grad(lambda z: np.abs(z) ** 2)(1 + 2j) == pytest.approx(2 - 4j)
    gradient = grad(lambda x: np.real(np.sum(np.exp(1j * x) * (1 - 1j))))(X)
    onp.testing.assert_allclose(gradient, onp.cos(X) - onp.sin(X))
    assert gradient.dtype == float


@pytest.mark.parametrize(
    ("result", "message"),
    [
        (lambda x: x, r"shape \(2, 3\) and dtype float64"),
        (lambda x: np.sum(x) * 1j, "complex"),
        (lambda x: [np.sum(x)], "type list"),
        (lambda x: autodiff.tuple((np.sum(x),)), "type tuple"),
        (lambda x: {"loss": np.sum(x)}, "type dict"),
    ],
)
def test_grad_says_what_it_cannot_take(result: Any, message: str) -> None:
    for operator in (grad, value_and_grad):
        with pytest.raises(TypeError, match=f"one real number as their result, got .*{message}"):
            operator(result)(X)
    with pytest.raises(TypeError, match="real result"):
        elementwise_grad(lambda x: x * 1j)(X)


def test_results_of_size_one_count_as_scalars() -> None:
    assert grad(lambda x: np.reshape(np.sum(x), (1, 1)))(X).shape == X.shape
    assert deriv(lambda x: x * x)(3.0) == 6.0


@pytest.mark.parametrize("dtype", [onp.float16, onp.float32, onp.float64, onp.longdouble])
def test_gradients_have_the_dtype_of_the_argument(dtype: Any) -> None:
    def fun(x: Any) -> Any:
        y = np.tanh(2 * x + 1.0) / 3 - x**2 * 0.5
        return np.mean(np.maximum(y, 0) + np.where(y > 0, y, 0.0)) + np.std(y) + np.max(y)

    assert grad(fun)(X.astype(dtype)).dtype == dtype
    assert onp.asarray(grad(lambda x: x * x * 2.0)(dtype(3))).dtype == dtype


def test_integer_arrays_have_float_gradients() -> None:
    x = onp.arange(4)
    onp.testing.assert_array_equal(grad(lambda x: np.sum(x * 0.5))(x), onp.full(4, 0.5))
    onp.testing.assert_array_equal(grad(lambda x: np.mean(x))(x), onp.full(4, 0.25))
    onp.testing.assert_array_equal(grad(lambda x: np.sum(x / 4))(x), onp.full(4, 0.25))
    onp.testing.assert_array_equal(grad(lambda x: np.sum(x) / 4)(x * 1.0), onp.full(4, 0.25))
