"""Linear systems: triangular, banded, general and positive ones; Sylvester's equation.

Source: M. Giles (2008), An extended collection of matrix derivative results, section 2.3.
"""

from __future__ import annotations

from typing import Any

from ... import numpy as np
from ...core import defjvp, defvjp
from ...numpy import linalg
from ...numpy.broadcasting import metadata, unbroadcast_f
from .namespace import composed, wrapped_linalg

_TRANSPOSED = {"N": 0, "T": 1, "C": 2}
_triangular, _sylvester = (wrapped_linalg[k] for k in ("solve_triangular", "solve_sylvester"))


def _transpose(x: Any) -> Any:
    return np.swapaxes(x, -1, -2)


def _outer(x: Any, y: Any) -> Any:
    """x y^T, of vectors or of matrices."""
    return np.outer(x, y) if len(metadata(x).shape) == 1 else np.matmul(x, _transpose(y))


# -- triangular ------------------------------------------------------------------------------------


def _triangle(x: Any, lower: bool, unit: bool) -> Any:
    """The entries that the solver reads."""
    return np.tril(x, -1 if unit else 0) if lower else np.triu(x, 1 if unit else 0)


def _operator(x: Any, trans: int) -> Any:
    """x, its transpose or its adjoint."""
    if trans == 0:
        return x
    return _transpose(x) if trans == 1 else np.conj(_transpose(x))


def _with_transpose(a: Any, g: Any, trans: int, lower: bool, unit: bool) -> Any:
    """The solution of the transposed system."""
    if trans == 2:
        return _triangular(np.conj(a), g, 0, lower, unit)
    return _triangular(a, g, 1 - trans, lower, unit)


def _triangular_vjp_a(
    ans: Any, a: Any, b: Any, trans: Any = 0, lower: bool = False, unit_diagonal: bool = False,
    **_: Any,
) -> Any:  # fmt: skip
    trans = _TRANSPOSED.get(trans, trans)

    def pull(g: Any) -> Any:
        of_b = _with_transpose(a, g, trans, lower, unit_diagonal)
        return _triangle(_operator(-_outer(of_b, ans), trans), lower, unit_diagonal)

    return unbroadcast_f(a, pull)


def _triangular_vjp_b(
    ans: Any, a: Any, b: Any, trans: Any = 0, lower: bool = False, unit_diagonal: bool = False,
    **_: Any,
) -> Any:  # fmt: skip
    trans = _TRANSPOSED.get(trans, trans)
    return unbroadcast_f(b, lambda g: _with_transpose(a, g, trans, lower, unit_diagonal))


def _triangular_jvp_a(
    g: Any, ans: Any, a: Any, b: Any, trans: Any = 0, lower: bool = False,
    unit_diagonal: bool = False, **_: Any,
) -> Any:  # fmt: skip
    trans = _TRANSPOSED.get(trans, trans)
    moved = np.matmul(_operator(_triangle(g, lower, unit_diagonal), trans), ans)
    return -_triangular(a, moved, trans, lower, unit_diagonal)


defvjp(_triangular, _triangular_vjp_a, _triangular_vjp_b)
defjvp(
    _triangular,
    _triangular_jvp_a,
    lambda g, ans, a, b, *args, **kwargs: _triangular(a, g, *args, **kwargs),
)

# -- a x + x b = q ---------------------------------------------------------------------------------


def _adjoint_solution(a: Any, b: Any, g: Any) -> Any:
    return _sylvester(_transpose(a), _transpose(b), g)


defvjp(
    _sylvester,
    lambda ans, a, b, q: unbroadcast_f(a, lambda g: -_outer(_adjoint_solution(a, b, g), ans)),
    lambda ans, a, b, q: unbroadcast_f(
        b, lambda g: -np.matmul(_transpose(ans), _adjoint_solution(a, b, g))
    ),
    lambda ans, a, b, q: unbroadcast_f(q, lambda g: _adjoint_solution(a, b, g)),
)
defjvp(
    _sylvester,
    lambda g, ans, a, b, q: -_sylvester(a, b, np.matmul(g, ans)),
    lambda g, ans, a, b, q: -_sylvester(a, b, np.matmul(ans, g)),
    lambda g, ans, a, b, q: _sylvester(a, b, g),
)


@composed("solve_continuous_lyapunov")
def solve_continuous_lyapunov(a: Any, q: Any) -> Any:
    """As scipy.linalg.solve_continuous_lyapunov: a x + x a^H = q."""
    return _sylvester(a, _operator(a, 2), q)


# -- general and positive systems ------------------------------------------------------------------


@composed("solve")
def solve(
    a: Any, b: Any, lower: bool = False, overwrite_a: bool = False, overwrite_b: bool = False,
    check_finite: bool = True, assume_a: str | None = None, transposed: bool = False,
) -> Any:  # fmt: skip
    """As scipy.linalg.solve. Of what `assume_a` says of the matrix, only triangles are made use of.

    The derivative is that for changes of every entry, whatever is assumed of the matrix.
    """
    kind = (assume_a or "").partition(" ")[0]
    if kind in ("lower", "upper"):
        return _triangular(a, b, int(transposed), kind == "lower")
    return linalg.solve(_transpose(a) if transposed else a, b)


@composed("inv")
def inv(a: Any, overwrite_a: bool = False, check_finite: bool = True, **_: Any) -> Any:
    """As scipy.linalg.inv."""
    return linalg.inv(a)


@composed("cho_solve")
def cho_solve(
    c_and_lower: Any, b: Any, overwrite_b: bool = False, check_finite: bool = True
) -> Any:
    """As scipy.linalg.cho_solve: both triangular systems, of the factor that cho_factor gave."""
    c, lower = c_and_lower[0], bool(c_and_lower[1])
    first, second = (0, 2) if lower else (2, 0)
    return _triangular(c, _triangular(c, b, first, lower), second, lower)
