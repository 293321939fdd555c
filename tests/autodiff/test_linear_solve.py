"""Linear equations given by a matvec: solved for nests, differentiable in both sides."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import jacobian
from autodiff.linear_solve import solve_linear, solve_vectors

MATRIX = onp.array([[4.0, 1.0, 0.5], [1.0, 3.0, 0.2], [0.5, 0.2, 5.0]])
B = onp.array([1.0, -2.0, 0.5])


def product(matrix: Any) -> Any:
    return lambda v: np.dot(matrix, v)


@pytest.mark.parametrize("solver", ["auto", "dense", "gmres", "cg"])
def test_every_solver_solves(solver: str) -> None:
    x = solve_vectors(product(MATRIX), B, solver)
    onp.testing.assert_allclose(MATRIX @ x, B, rtol=1e-12)


def test_a_matrix_that_is_not_symmetric_is_transposed_when_asked() -> None:
    lower = onp.tril(MATRIX)
    for transposed, matrix in ((False, lower), (True, lower.T)):
        x = solve_linear(product, "dense", transposed, lower, B)
        onp.testing.assert_allclose(x, onp.linalg.solve(matrix, B))
        onp.testing.assert_allclose(
            jacobian(lambda b, t=transposed: solve_linear(product, "dense", t, lower, b))(B),
            onp.linalg.inv(matrix),
            atol=1e-15,
        )


def test_unknowns_may_be_nests_of_numbers_and_arrays_of_any_shape() -> None:
    b = {"u": onp.array([[2.0, 4.0]]), "v": (6.0,)}
    x = solve_vectors(lambda x: {"u": 2.0 * x["u"], "v": (x["v"][0] * 3.0,)}, b)
    assert x["u"].tolist() == [[1.0, 2.0]]
    assert x["v"] == (2.0,)


def test_no_unknowns_and_one_dtype() -> None:
    assert solve_vectors(lambda x: x, onp.zeros(0)).shape == (0,)
    x = solve_vectors(lambda v: 2 * v, onp.ones(3, onp.float32), "gmres")
    assert x.dtype == onp.float32


def test_failures_say_what_failed() -> None:
    with pytest.raises(ArithmeticError, match=r"the Jacobian of 3 equation\(s\) is singular"):
        solve_vectors(lambda v: 0.0 * v, B)
    with pytest.raises(ArithmeticError, match="cg did not converge on 3 unknowns: residual"):
        solve_vectors(lambda v: onp.array([v[1], -v[0], v[2] * 0.0]), B, "cg")
    with pytest.raises(ValueError, match="linear_solve must be one of"):
        solve_vectors(product(MATRIX), B, "lu")
