"""sinc and i0: at zero, far out, and at high order."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad
from autodiff.numpy.special import bessel_i, sinc_derivative
from autodiff.test_util import check_grads


def _nth(fun: Any, n: int) -> Any:
    for _ in range(n):
        fun = grad(fun)
    return fun


def test_derivatives_of_sinc_at_zero() -> None:
    # sinc(x) = sum over k of (-1)^k (pi x)^(2k) / (2k+1)!
    expected = [1, 0, -(onp.pi**2) / 3, 0, onp.pi**4 / 5]
    assert [_nth(np.sinc, n)(0.0) for n in range(5)] == pytest.approx(expected, rel=1e-14)
    assert grad(np.sinc)(1e-200) == pytest.approx(0.0)


def test_both_forms_of_sinc_meet_where_they_change() -> None:
    for order in range(1, 5):
        edge = 0.25 if order == 1 else 1.0
        x = onp.array([onp.nextafter(edge, 0), edge, 0.1, 1.4])
        lower = onp.array([_nth(np.sinc, order - 1)(float(entry)) for entry in x])
        values = sinc_derivative(x, order, lower)
        assert values[0] == pytest.approx(values[1], abs=1e-12 * onp.pi**order)
        parity = sinc_derivative(-x, order, (-1) ** (order - 1) * lower) * (-1) ** order
        onp.testing.assert_allclose(parity, values)
    check_grads(np.sinc)(onp.array([0.2 + 0.1j, 1.5 - 0.2j]))


@pytest.mark.parametrize("x", [0.0, 1e-3, -0.7, 4.0, 30.0, -300.0])
def test_bessel_functions_obey_their_equation(x: float) -> None:
    # x^2 y'' + x y' - x^2 y = 0 for order 0
    first, second = _nth(np.i0, 1)(x), _nth(np.i0, 2)(x)
    scale = onp.i0(x)
    assert (x * second + first) / scale == pytest.approx(x, rel=1e-13, abs=1e-15)
    assert bessel_i(x, 0) == pytest.approx(scale, rel=1e-13)


def test_i0_of_complex_numbers_is_numpys_error() -> None:
    with pytest.raises(TypeError, match="complex"):
        grad(lambda x: np.real(np.i0(x * 1j)))(1.0)
