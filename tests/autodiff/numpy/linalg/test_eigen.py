"""Eigenvalues and vectors, equal ones too."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad
from autodiff.test_util import check_duality, check_grads

ROTATION = onp.linalg.qr(onp.random.default_rng(1).standard_normal((4, 4)))[0]
EQUAL_PAIR = ROTATION @ onp.diag([1.0, 1.0, 2.0, 3.0]) @ ROTATION.T
WEIGHTS = onp.random.default_rng(2).standard_normal((4, 4))


def _projection(x: Any, first: int, last: int) -> Any:
    vectors = np.linalg.eigh((x + x.T) / 2).eigenvectors[:, first:last]
    return np.sum(WEIGHTS * (vectors @ vectors.T))


@pytest.mark.parametrize("a", [EQUAL_PAIR, onp.eye(4), onp.zeros((4, 4))])
def test_functions_of_equal_eigenvalues_have_their_derivative(a: Any, by_differences: Any) -> None:
    for fun in (
        lambda x: np.sum(np.exp(np.linalg.eigvalsh((x + x.T) / 2))),
        lambda x: np.sum(np.linalg.eigh((x + x.T) / 2)[0] ** 3),
        lambda x: np.real(np.sum(np.linalg.eigvals(x) ** 2)),
    ):
        onp.testing.assert_allclose(grad(fun)(a), by_differences(fun, a), atol=1e-6)


@pytest.mark.parametrize(("first", "last"), [(0, 2), (2, 3), (2, 4)])
def test_the_space_of_equal_eigenvalues_has_its_derivative(
    first: int, last: int, by_differences: Any
) -> None:
    fun = lambda x: _projection(x, first, last)  # noqa: E731
    onp.testing.assert_allclose(grad(fun)(EQUAL_PAIR), by_differences(fun, EQUAL_PAIR), atol=1e-7)


def test_single_vectors_of_equal_eigenvalues_have_finite_derivatives() -> None:
    assert onp.isfinite(grad(lambda x: np.sum(np.linalg.eigh(x)[1]))(onp.eye(3))).all()


@pytest.mark.parametrize("triangle", ["L", "U", "l", "u"])
def test_only_the_triangle_that_is_read_has_a_derivative(triangle: str, rng: Any) -> None:
    a = rng.standard_normal((3, 3))
    gradient = grad(lambda x: np.sum(np.linalg.eigvalsh(x, UPLO=triangle) ** 2))(a)
    other = onp.triu(gradient, 1) if triangle in "Ll" else onp.tril(gradient, -1)
    assert not other.any()
    assert gradient.any()
    check_grads(lambda x: np.linalg.eigh(x, triangle)[1])(a)


def test_eigenvectors_of_general_matrices_are_transposes_in_both_modes(rng: Any) -> None:
    for a in (rng.standard_normal((2, 3, 3)), rng.standard_normal((3, 3)) + 1j):
        check_duality(lambda x: np.linalg.eig(x), a, rtol=1e-10)


def test_eig_of_a_complex_matrix(rng: Any) -> None:
    a = rng.standard_normal((3, 3)) + 1j * rng.standard_normal((3, 3))
    check_grads(np.linalg.eigvals)(a)
    check_grads(lambda x: np.abs(np.linalg.eig(x).eigenvectors))(a)
