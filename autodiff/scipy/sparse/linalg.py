"""Sparse linear systems: spsolve, differentiable in the entries and in the right-hand side."""

from __future__ import annotations

from typing import Any

import numpy as onp
import scipy.sparse
import scipy.sparse.linalg

from ... import numpy as np
from ...core import defjvp, defvjp
from ...numpy.broadcasting import unbroadcast_f
from ...tracer import primitive
from .matrices import as_coo, product


@primitive
def solve_at(data: Any, b: Any, row: Any, col: Any) -> Any:
    """A^-1 b, where the square matrix A has `data` at (row, col), and b is (n,) or (n, k)."""
    n = onp.shape(b)[0]
    matrix = scipy.sparse.csc_array((data, (row, col)), shape=(n, n))
    return scipy.sparse.linalg.splu(matrix).solve(onp.asarray(b, onp.result_type(data, b)))


def _data_vjp(ans: Any, data: Any, b: Any, row: Any, col: Any) -> Any:
    def pull(g: Any) -> Any:
        products = solve_at(data, g, col, row)[row] * ans[col]
        return -products if len(ans.shape) == 1 else -np.sum(products, axis=-1)

    return unbroadcast_f(data, pull)


defvjp(
    solve_at,
    _data_vjp,
    lambda ans, data, b, row, col: unbroadcast_f(b, lambda g: solve_at(data, g, col, row)),
)
defjvp(
    solve_at,
    lambda g, ans, data, b, row, col: (
        -solve_at(data, product(g, ans, row, col, ans.shape[0]), row, col)
    ),
    lambda g, ans, data, b, row, col: solve_at(data, g, row, col),
)


def spsolve(A: Any, b: Any) -> Any:  # noqa: N803  (SciPy's name)
    """x of A x = b.

    Args:
        A: square, shape (n, n): a matrix of `autodiff.scipy.sparse.coo_array`, whose entries may be
            traced, or of scipy.sparse, a constant.
        b: dense, shape (n,) or (n, k); may be traced.

    Returns: the shape of b, differentiable in the entries of A (not in where they are) and in b.

    Raises:
        ValueError: the shapes do not fit.
        RuntimeError: A is singular.
    """
    matrix, b = as_coo(A), np.asarray(b)
    if matrix.shape != (np.shape(b)[0],) * 2:
        raise ValueError(f"spsolve: A of shape {matrix.shape} and b of shape {np.shape(b)}")
    return solve_at(matrix.data, b, matrix.row, matrix.col)
