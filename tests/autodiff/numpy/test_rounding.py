"""Remainders, fractions, exponents and signs, at their steps too."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import elementwise_grad, grad

X = onp.array([-2.5, -0.75, 0.0, 0.75, 2.5])


def test_parts_of_numbers_follow_them_between_steps() -> None:
    for fun in (
        lambda x: np.modf(x)[0],
        lambda x: np.divmod(x, 2.0)[1],
        lambda x: np.fmod(x, 2.0),
        lambda x: np.unwrap(x),
    ):
        onp.testing.assert_array_equal(elementwise_grad(fun)(X), 1)


def test_quotients_exponents_and_whole_parts_are_constant() -> None:
    for fun in (
        lambda x: x * np.divmod(x, 2.0)[0],
        lambda x: x * np.modf(x)[1],
        lambda x: x * np.frexp(x)[1],
        lambda x: x * np.nextafter(x, 9.0),
        lambda x: x * np.spacing(x),
        lambda x: x * np.signbit(x),
    ):
        onp.testing.assert_array_equal(elementwise_grad(fun)(X) * X, fun(X))


def test_the_infinite_are_taken_apart_as_by_numpy() -> None:
    values = []
    grad(lambda x: (values.extend(np.modf(x)), values.append(np.frexp(x)[0]), x)[2])(onp.inf)
    assert [getattr(v, "_value", v) for v in values] == [0.0, onp.inf, onp.inf]


def test_signs_carry_no_derivative_of_their_own() -> None:
    gradient = elementwise_grad(np.copysign, (0, 1))(X, -onp.ones(5))
    onp.testing.assert_array_equal(gradient[0], [1, 1, 0, -1, -1])
    onp.testing.assert_array_equal(gradient[1], 0)


def test_a_step_has_the_derivative_of_its_middle() -> None:
    gradient = elementwise_grad(np.heaviside, (0, 1))(X, onp.full(5, 0.5))
    onp.testing.assert_array_equal(gradient[0], 0)
    onp.testing.assert_array_equal(gradient[1], X == 0)


@pytest.mark.parametrize("dtype", [onp.float32, onp.float64])
def test_powers_of_two_are_exact(dtype: Any) -> None:
    gradient = elementwise_grad(lambda x: np.ldexp(x, onp.arange(5)))(X.astype(dtype))
    onp.testing.assert_array_equal(gradient, 2.0 ** onp.arange(5))
    assert gradient.dtype == dtype
    mantissas = elementwise_grad(lambda x: np.frexp(x)[0])(X.astype(dtype))
    onp.testing.assert_array_equal(mantissas, 2.0 ** -onp.frexp(X)[1].astype(float))
