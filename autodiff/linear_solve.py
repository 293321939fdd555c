"""Linear equations given by what the matrix does to a vector, differentiable in both sides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp

from .core import make_jvp, make_vjp
from .extend import defjvp, defvjp, primitive
from .nests import flatten, unflatten
from .vspace import vspace

Matvec = Callable[[Any], Any]
LinearSolver = Callable[[Callable[[onp.ndarray], onp.ndarray], onp.ndarray], onp.ndarray]
"""``(matvec, b) -> x`` on plain vectors"""

LARGEST_DENSE = 200
"""Unknowns up to which a dense matrix is built, column by column, and factorized."""


@primitive
def solve_linear(
    matvec_of: Callable[[Any], Matvec],
    solver: LinearSolver | str,
    transposed: bool,
    params: Any,
    b: Any,
) -> Any:
    """x with A x = b, or A^T x = b, where A v = matvec_of(params)(v).

    Args:
        matvec_of: gives a linear function of values of b's structure.
        solver: see `solve_vectors`.

    Raises:
        ArithmeticError: the matrix is singular, or the iteration did not converge.
    """
    matvec = matvec_of(params)
    if transposed:
        matvec, _ = make_vjp(matvec, vspace(b).zeros())
    return solve_vectors(matvec, b, solver)


def _params_vjp(
    ans: Any, matvec_of: Any, solver: Any, transposed: bool, params: Any, b: Any
) -> Any:
    # d<u, A x> with x the solution and A^T u = g; in the transposed equation they change roles.
    def pull(g: Any) -> Any:
        u = solve_linear(matvec_of, solver, not transposed, params, g)
        left, right = (ans, u) if transposed else (u, ans)
        vjp, _ = make_vjp(lambda p: matvec_of(p)(right), params)
        return vjp(vspace(ans).scalar_mul(left, -1.0))

    return pull


def _params_jvp(
    params_dot: Any, ans: Any, matvec_of: Any, solver: Any, transposed: bool, params: Any, b: Any
) -> Any:
    def applied(p: Any) -> Any:
        if not transposed:
            return matvec_of(p)(ans)
        return make_vjp(matvec_of(p), vspace(ans).zeros())[0](ans)

    _, change = make_jvp(applied, params)(params_dot)
    change = vspace(ans).scalar_mul(change, -1.0)
    return solve_linear(matvec_of, solver, transposed, params, change)


defvjp(
    solve_linear,
    None,
    None,
    None,
    _params_vjp,
    lambda ans, matvec_of, solver, transposed, params, b: (
        lambda g: solve_linear(matvec_of, solver, not transposed, params, g)
    ),
)
defjvp(
    solve_linear,
    None,
    None,
    None,
    _params_jvp,
    lambda b_dot, ans, matvec_of, solver, transposed, params, b: solve_linear(
        matvec_of, solver, transposed, params, b_dot
    ),
)


def solve_vectors(matvec: Matvec, b: Any, solver: LinearSolver | str = "auto") -> Any:
    """x with matvec(x) = b, of b's structure; plain values.

    Args:
        solver: "dense", "gmres", "cg" (symmetric positive definite), "auto" (dense up to
            LARGEST_DENSE unknowns, then GMRES), or a function of ``(matvec, b)`` on vectors.

    Raises:
        ArithmeticError: the matrix is singular, or the iteration did not converge.
        ValueError: no such solver.
    """
    leaves, structure = flatten(b)
    shapes = [onp.shape(leaf) for leaf in leaves]
    ends = onp.cumsum([onp.size(leaf) for leaf in leaves])

    def as_vector(nest: Any) -> onp.ndarray:
        return onp.concatenate([onp.ravel(leaf) for leaf in flatten(nest)[0]])

    def as_nest(vector: onp.ndarray) -> Any:
        parts = onp.split(vector, ends[:-1])
        entries = [part.reshape(shape) for part, shape in zip(parts, shapes)]
        return unflatten(structure, [entry if entry.shape else entry[()] for entry in entries])

    def product(vector: onp.ndarray) -> onp.ndarray:
        return as_vector(matvec(as_nest(onp.asarray(vector, right.dtype))))

    right = as_vector(b)
    solve = _SOLVERS.get(solver) if isinstance(solver, str) else solver
    if solve is None:
        raise ValueError(
            f"linear_solve must be one of {sorted(_SOLVERS)} or a function, got {solver!r}"
        )
    return as_nest(onp.asarray(solve(product, right), right.dtype))


def _automatic(matvec: Callable[[onp.ndarray], onp.ndarray], b: onp.ndarray) -> onp.ndarray:
    return (_dense if b.size <= LARGEST_DENSE else _gmres)(matvec, b)


def _dense(matvec: Callable[[onp.ndarray], onp.ndarray], b: onp.ndarray) -> onp.ndarray:
    if not b.size:
        return b
    matrix = onp.stack([matvec(column) for column in onp.eye(b.size, dtype=b.dtype)], axis=1)
    try:
        return onp.linalg.solve(matrix, b)
    except onp.linalg.LinAlgError:
        raise ArithmeticError(
            f"the Jacobian of {b.size} equation(s) is singular at this point; the root is not"
            " isolated there, or not a differentiable function"
        ) from None


def _gmres(matvec: Callable[[onp.ndarray], onp.ndarray], b: onp.ndarray) -> onp.ndarray:
    return _krylov("gmres", matvec, b)


def _cg(matvec: Callable[[onp.ndarray], onp.ndarray], b: onp.ndarray) -> onp.ndarray:
    return _krylov("cg", matvec, b)


def _krylov(name: str, matvec: Callable[[onp.ndarray], onp.ndarray], b: onp.ndarray) -> onp.ndarray:
    from scipy.sparse import linalg

    operator = linalg.LinearOperator((b.size, b.size), matvec=matvec, dtype=b.dtype)
    precision = 10 * float(onp.finfo(b.dtype).eps)
    with onp.errstate(all="ignore"):  # a breakdown shows in the residual
        x, _ = getattr(linalg, name)(operator, b, rtol=precision, atol=0.0)
        residual = float(onp.linalg.norm(b - matvec(x)))
    # The last digits are not always there to be had: what counts is half of them.
    if not residual <= precision**0.5 * float(onp.linalg.norm(b)):
        raise ArithmeticError(
            f"{name} did not converge on {b.size} unknowns: residual {residual:.3g}, right-hand"
            f" side {float(onp.linalg.norm(b)):.3g}; give another linear_solve"
        )
    return x


_SOLVERS: dict[str, LinearSolver] = {
    "auto": _automatic,
    "cg": _cg,
    "dense": _dense,
    "gmres": _gmres,
}
