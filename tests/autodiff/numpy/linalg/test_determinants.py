"""Determinants: derivatives at regular and at singular matrices."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, hessian
from autodiff.test_util import check_grads

SINGULAR = {
    "zero": onp.zeros((3, 3)),
    "rank one": onp.outer([1.0, 2.0, 3.0], [1.0, 0.0, 2.0]),
    "rank two": onp.diag([1.0, 2.0, 0.0]),
    "nearly singular": onp.diag([1.0, 2.0, 1e-13]),
    "one by one": onp.zeros((1, 1)),
    "empty": onp.zeros((0, 0)),
}


@pytest.mark.parametrize("a", SINGULAR.values(), ids=SINGULAR)
def test_det_has_its_derivatives_at_singular_matrices(a: Any, by_differences: Any) -> None:
    gradient = grad(np.linalg.det)
    onp.testing.assert_allclose(gradient(a), by_differences(np.linalg.det, a), atol=1e-8)
    second = hessian(np.linalg.det)(a)
    for index in onp.ndindex(a.shape):
        slopes = by_differences(lambda x, i=index: gradient(x)[i], a)
        onp.testing.assert_allclose(second[index], slopes, atol=1e-7)


def test_det_of_stacks_with_singular_members(rng: Any) -> None:
    stack = rng.standard_normal((2, 3, 3))
    stack[1, 0] = stack[1, 1]
    check_grads(np.linalg.det)(stack)
    check_grads(np.linalg.det)(stack * (1 + 2j))


def test_third_derivatives_of_det_at_a_regular_matrix(rng: Any) -> None:
    check_grads(np.linalg.det, order=3)(rng.standard_normal((3, 3)))


def test_slogdet_of_complex_matrices_has_a_phase_that_moves(rng: Any) -> None:
    a = rng.standard_normal((2, 3, 3)) + 1j * rng.standard_normal((2, 3, 3))
    check_grads(lambda x: np.linalg.slogdet(x).sign)(a)
    check_grads(lambda x: np.linalg.slogdet(x).logabsdet)(a)


def test_the_sign_of_a_real_determinant_is_constant(rng: Any) -> None:
    a = rng.standard_normal((3, 3))
    assert not grad(lambda x: np.linalg.slogdet(x)[0] + 0 * np.sum(x))(a).any()


def test_slogdet_of_a_singular_matrix_is_refused() -> None:
    with pytest.raises(onp.linalg.LinAlgError):
        grad(lambda x: np.linalg.slogdet(x)[1])(onp.zeros((2, 2)))
