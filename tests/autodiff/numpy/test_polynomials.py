"""Polynomials against NumPy's, and identities between their operations under differentiation."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import elementwise_grad, grad, jacobian, make_vjp
from autodiff.test_util import check_grads

P, Q = onp.array([2.0, -1.0, 0.5, 3.0]), onp.array([1.0, 4.0])
X, Y = onp.array([0.0, 1.0, 2.0, 4.0, 5.0]), onp.array([1.0, 0.5, 2.0, 7.0, 8.0])


@pytest.mark.parametrize(
    "call",
    [
        lambda xp, p, q: xp.polyval(p, q),
        lambda xp, p, q: xp.polyval(onp.poly1d([1, 2]), p),
        lambda xp, p, q: xp.polyval(p=[1, 2], x=q[0]),
        lambda xp, p, q: xp.polyadd(p, q),
        lambda xp, p, q: xp.polysub(q, [1, 2, 3]) * p[0],
        lambda xp, p, q: xp.polymul(p, q),
        lambda xp, p, q: xp.polymul(p[0], q),
        lambda xp, p, q: xp.polydiv(p, q)[0],
        lambda xp, p, q: xp.polydiv(p, q)[1],
        lambda xp, p, q: xp.polydiv(q, p)[0] + p[0],
        lambda xp, p, q: xp.polydiv(q, p)[1],
        lambda xp, p, q: xp.polydiv(p, q[:1])[1] + p[0],
        lambda xp, p, q: xp.polydiv(xp.polymul(p, q), q)[1] + p[0],
        lambda xp, p, q: xp.polyder(p),
        lambda xp, p, q: xp.polyder(p, m=3),
        lambda xp, p, q: xp.polyder(p, 0),
        lambda xp, p, q: xp.polyint(p),
        lambda xp, p, q: xp.polyint(p, 3, k=[1, 2, 3]),
        lambda xp, p, q: xp.polyint([1, 2], 2, q),
        lambda xp, p, q: xp.polyint(p, 2, 0.5),
        lambda xp, p, q: xp.poly(p),
        lambda xp, p, q: xp.poly([1 + 1j * p[0], 1 - 1j * p[0]]),
        lambda xp, p, q: xp.roots(p),
        lambda xp, p, q: xp.vander(p),
        lambda xp, p, q: xp.vander(p, N=2, increasing=True),
        lambda xp, p, q: xp.polyfit(X, Y * q[0], 2),
        lambda xp, p, q: xp.polyfit(X, xp.stack([Y, Y * q[1]], 1), 1, w=X + q[0]),
    ],
)  # fmt: skip
def test_values_shapes_and_dtypes_are_numpys(call: Any) -> None:
    expected = call(onp, P, Q)
    got = make_vjp(lambda pq: call(np, *pq))((P, Q))[1]
    assert onp.shape(got) == onp.shape(expected)
    assert onp.asarray(got).dtype == onp.asarray(expected).dtype
    onp.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-12)


def test_polyder_is_the_derivative_of_polyval() -> None:
    slope = elementwise_grad(lambda x: np.polyval(P, x))
    onp.testing.assert_allclose(slope(X), onp.polyval(onp.polyder(P), X), rtol=1e-13)


def test_roots_and_poly_undo_each_other() -> None:
    roots = onp.array([3.0, 1.5, -1.0, -2.0])
    there_and_back = jacobian(lambda r: np.sort(np.roots(np.poly(r)))[::-1])(roots)
    onp.testing.assert_allclose(there_and_back, onp.eye(4), atol=1e-10)


def test_roots_of_a_quadratic_move_as_the_formula_says() -> None:
    def by_formula(p: Any) -> Any:
        root = np.sqrt(p[1] ** 2 - 4 * p[0] * p[2])
        return (-p[1] + root) / (2 * p[0])

    p = onp.array([1.0, -1.0, -6.0])
    largest = lambda p: np.max(np.roots(p))  # noqa: E731
    onp.testing.assert_allclose(grad(largest)(p), grad(by_formula)(p), rtol=1e-12)
    check_grads(largest)(p)
    check_grads(lambda p: np.sum(np.abs(np.roots(p)) ** 2))(onp.array([1.0, 0.3, 2.0]))


def test_what_is_not_defined_is_refused() -> None:
    for message, error, fun in [
        ("give its eigenvalues", NotImplementedError, lambda x: np.poly(np.diag(x))),
        ("polynomial as x", NotImplementedError, lambda x: np.polyval(x, onp.poly1d([1, 2]))),
        ("full=", NotImplementedError, lambda x: np.polyfit(X[:4], x, 1, full=True)[0]),
        ("0 or more, got -1", ValueError, lambda x: np.polyder(x, -1)),
        ("0 or more, got -1", ValueError, lambda x: np.polyint(x, -1)),
        ("one number or 3", ValueError, lambda x: np.polyint(x, 3, [1, 2])),
    ]:
        with pytest.raises(error, match=message):
            grad(lambda x, f=fun: np.sum(f(x)))(P)
