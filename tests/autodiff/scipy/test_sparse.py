"""Sparse systems against dense ones."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest
import scipy.sparse

import autodiff.numpy as np
from autodiff import grad
from autodiff.scipy import sparse
from autodiff.scipy.sparse.linalg import spsolve
from autodiff.test_util import check_grads

RNG = onp.random.default_rng(5)
ROW = onp.array([0, 0, 1, 1, 2, 2, 3, 1])
COL = onp.array([0, 1, 1, 2, 2, 0, 3, 1])  # (1, 1) is named twice
DATA = RNG.uniform(1, 2, 8)


def matrix(data: Any) -> sparse.coo_array:
    return sparse.coo_array((data, (ROW, COL)), (4, 4))


@pytest.mark.parametrize("shape", [(4,), (4, 2)])
def test_solutions_and_products_are_those_of_the_dense_matrix(shape: tuple[int, ...]) -> None:
    b = RNG.normal(size=shape)
    dense = scipy.sparse.coo_array((DATA, (ROW, COL)), shape=(4, 4)).toarray()
    onp.testing.assert_allclose(matrix(DATA).toarray(), dense)
    onp.testing.assert_allclose(spsolve(matrix(DATA), b), onp.linalg.solve(dense, b), rtol=1e-12)
    onp.testing.assert_allclose(matrix(DATA) @ b, dense @ b)
    onp.testing.assert_allclose(matrix(DATA).T @ b, dense.T @ b)


@pytest.mark.parametrize("shape", [(4,), (4, 2)])
def test_derivatives_in_entries_and_right_sides(shape: tuple[int, ...]) -> None:
    b = RNG.normal(size=shape)
    check_grads(lambda data, b: spsolve(matrix(data), b), (0, 1))(DATA, b)
    check_grads(lambda data, b: matrix(data).T @ b, (0, 1))(DATA, b)


def test_scipys_matrices_are_constants() -> None:
    constant = scipy.sparse.csr_array(onp.diag([1.0, 2.0, 4.0]))
    gradient = grad(lambda b: np.sum(spsolve(constant, b)))(onp.ones(3))
    onp.testing.assert_allclose(gradient, [1.0, 0.5, 0.25])


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="equally long"):
        sparse.coo_array((DATA[:3], (ROW, COL)), (4, 4))
    with pytest.raises(ValueError, match="outside"):
        sparse.coo_array((DATA, (ROW, COL)), (3, 4))
    with pytest.raises(ValueError, match="shape"):
        spsolve(matrix(DATA), onp.ones(3))
    with pytest.raises(ValueError, match="fit"):
        matrix(DATA) @ onp.ones(3)
    with pytest.raises(TypeError, match="sparse"):
        spsolve(onp.eye(3), onp.ones(3))
