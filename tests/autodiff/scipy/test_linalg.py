"""SciPy's linear algebra where it is traced: SciPy's values, and derivatives by differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest
import scipy.linalg

import autodiff.numpy as np
from autodiff import grad, make_vjp
from autodiff.scipy import linalg
from autodiff.test_util import check_grads

RNG = onp.random.default_rng(11)
A = RNG.normal(size=(4, 4)) + 2 * onp.eye(4)
B = RNG.normal(size=(4, 2))
C = RNG.normal(size=4)
P = A @ A.T + onp.eye(4)
Q = P + onp.diag(onp.arange(4.0))


def symmetric(a: Any) -> Any:
    return np.matmul(a, np.swapaxes(a, -1, -2)) + onp.eye(4)


FUNCTIONS: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
    "solve": (lambda sl, a, b: sl.solve(a, b), (A, B)),
    "solve vector": (lambda sl, a, b: sl.solve(a, b), (A, C)),
    "solve transposed": (lambda sl, a, b: sl.solve(a, b, transposed=True), (A, B)),
    "solve triangular": (lambda sl, a, b: sl.solve(a, b, assume_a="upper triangular"), (A, B)),
    "inv": (lambda sl, a: sl.inv(a), (A,)),
    "det": (lambda sl, a: sl.det(a), (A,)),
    "norm": (lambda sl, a: sl.norm(a, "fro") + sl.norm(a, axis=1)[0], (A,)),
    "pinv": (lambda sl, a: sl.pinv(a), (B,)),
    "cholesky": (lambda sl, a: sl.cholesky(symmetric(a)), (A,)),
    "cholesky lower": (lambda sl, a: sl.cholesky(symmetric(a), lower=True), (A,)),
    "cho_solve": (lambda sl, a, b: sl.cho_solve(sl.cho_factor(symmetric(a)), b), (A, B)),
    "cho_solve lower": (
        lambda sl, a, b: sl.cho_solve((sl.cholesky(symmetric(a), lower=True), True), b),
        (A, C),
    ),
    "eigh values": (lambda sl, a: sl.eigh(symmetric(a))[0], (A,)),
    "eigvalsh": (lambda sl, a: sl.eigvalsh(symmetric(a), lower=False), (A,)),
    "eigh generalized": (lambda sl, a: sl.eigh(symmetric(a), Q)[1] ** 2, (A,)),
    "eigh generalized upper": (
        lambda sl, a: sl.eigh(Q, symmetric(a), lower=False, eigvals_only=True),
        (A,),
    ),
    "qr": (lambda sl, a: np.abs(sl.qr(a)[1]), (A,)),
    "qr economic": (lambda sl, a: np.abs(sl.qr(a, mode="economic")[0]), (B,)),
    "qr r": (lambda sl, a: np.abs(sl.qr(a, mode="r")[0]), (A,)),
    "svd": (lambda sl, a: sl.svd(a, full_matrices=False)[1], (B,)),
    "svdvals": (lambda sl, a: sl.svdvals(a) + sl.svd(a, compute_uv=False), (B,)),
    "lu": (lambda sl, a: sl.lu(a)[1] + sl.lu(a)[2] + sl.lu(a, True)[0], (A,)),
    "lyapunov": (lambda sl, a, q: sl.solve_continuous_lyapunov(a, q), (A, P)),
    "expm_frechet": (lambda sl, a, e: sl.expm_frechet(a, e)[1], (0.3 * A, P)),
    "block_diag": (lambda sl, a, b, c: sl.block_diag(a, 2.0, b, c), (A, B, C)),
    "toeplitz": (lambda sl, c, r: sl.toeplitz(c, r), (C, onp.array([9.0, 2.0, 3.0]))),
    "toeplitz symmetric": (lambda sl, c: sl.toeplitz(c), (C,)),
    "hankel": (lambda sl, c: sl.hankel(c) + sl.hankel(c, c[::-1]), (C,)),
    "circulant": (lambda sl, c: sl.circulant(c), (C,)),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_traced_values_are_scipys_and_derivatives_agree_with_differences(name: str) -> None:
    fun, args = FUNCTIONS[name]
    traced = make_vjp(lambda xs: fun(linalg, *xs))(args)[1]
    onp.testing.assert_allclose(traced, fun(scipy.linalg, *args), rtol=1e-10, atol=1e-12)
    check_grads(lambda *xs: fun(linalg, *xs), tuple(range(len(args))))(*args)


def test_untraced_calls_are_scipys_own() -> None:
    onp.testing.assert_array_equal(linalg.lu(A)[0], scipy.linalg.lu(A)[0])
    onp.testing.assert_array_equal(linalg.cho_factor(P)[0], scipy.linalg.cho_factor(P)[0])


def test_boxes_in_keywords_are_seen() -> None:
    gradient = grad(lambda b: np.sum(linalg.solve(A, b=b)))(C)
    onp.testing.assert_allclose(gradient, onp.linalg.inv(A).sum(0), rtol=1e-12)


def test_what_has_no_rule_is_refused_by_name() -> None:
    with pytest.raises(NotImplementedError, match="pivoting"):
        grad(lambda a: linalg.qr(a, pivoting=True)[0][0, 0])(A)
    with pytest.raises(NotImplementedError, match="shape"):
        grad(lambda a: linalg.lu(a)[1][0, 0])(B)
    with pytest.raises(NotImplementedError, match="schur"):
        grad(lambda a: linalg.schur(a)[0][0, 0])(A)
