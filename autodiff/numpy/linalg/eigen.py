"""Eigenvalues and eigenvectors.

**Gauge.** Eigenvectors are defined up to a factor of absolute value one. The rules are for vectors
that keep their length and turn no phase along themselves: Re(v^H dv) = 0 of `eig`, v^H dv = 0 of
`eigh`. Functions that do not depend on the phases have the derivative that differences show.

**Equal eigenvalues** (up to rounding). Eigenvalues have their derivatives, taken in the basis that
LAPACK returned: right for functions that treat equal eigenvalues alike. Eigenvectors of equal
eigenvalues are not differentiable one by one; functions of the space that they span, such as its
projector, are, and have the right derivative: rotations within the space count as no change. A
function that depends on eigenvalues and vectors together (a matrix function through `eigh`) is not
of this kind where eigenvalues are equal, nor are second derivatives there.

Source: M. Giles (2008), An extended collection of matrix derivative results, section 3.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...core import defjvp, defvjp
from ..broadcasting import match_dtype, metadata
from ..wrapper import wrapped_namespace as anp
from .matrices import (
    adjoint,
    conj,
    diagonal,
    from_triangle,
    mul,
    on_diagonal,
    reciprocal_gaps,
    row,
    to_triangle,
    transpose,
)
from .namespace import composed, linalg
from .results import EighResult, EigResult, named_result

_eigh, _eig, _solve = linalg["eigh"], linalg["eig"], linalg["solve"]
_real, _sum = anp["real"], anp["sum"]

# -- Hermitian -------------------------------------------------------------------------------------


def _eigh_vjp(ans: Any, a: Any, UPLO: str = "L") -> Callable[[Any], Any]:  # noqa: N803
    lower = UPLO.upper() == "L"

    def pull(g: Any) -> Any:
        values, vectors = ans[0], ans[1]
        turned = mul(transpose(vectors), g[1]) * reciprocal_gaps(values)
        inner = turned + on_diagonal(g[0])
        return to_triangle(mul(mul(conj(vectors), inner), transpose(vectors)), lower)

    return pull


def _eigh_jvp(g: Any, ans: Any, a: Any, UPLO: str = "L") -> Any:  # noqa: N803
    values, vectors = ans[0], ans[1]
    change = mul(mul(adjoint(vectors), from_triangle(g, UPLO.upper() == "L")), vectors)
    return named_result(
        EighResult,
        _real(diagonal(change)),
        mul(vectors, change * reciprocal_gaps(values)),
    )


defvjp(_eigh, _eigh_vjp)
defjvp(_eigh, _eigh_jvp)


@composed("eigvalsh")
def eigvalsh(a: Any, UPLO: str = "L") -> Any:  # noqa: N803  (NumPy's name)
    """As numpy.linalg.eigvalsh, by eigh: the derivative needs the vectors."""
    return _eigh(a, UPLO)[0]


# -- general ---------------------------------------------------------------------------------------


def _eig_vjp(ans: Any, a: Any) -> Callable[[Any], Any]:
    dtype = metadata(a).dtype

    def pull(g: Any) -> Any:
        values, vectors = ans[0], ans[1]
        stretch = row(_real(_sum(g[1] * vectors, -2)))  # of a column that keeps its length: none
        turned = mul(transpose(vectors), g[1] - conj(vectors) * stretch)
        inner = turned * reciprocal_gaps(values) + on_diagonal(g[0])
        full = _solve(transpose(vectors), mul(inner, transpose(vectors)))
        return match_dtype(full, dtype)

    return pull


def _eig_jvp(g: Any, ans: Any, a: Any) -> Any:
    values, vectors = ans[0], ans[1]
    change = _solve(vectors, mul(g, vectors))
    moved = mul(vectors, change * reciprocal_gaps(values))
    stretch = row(_real(_sum(conj(vectors) * moved, -2)))
    return named_result(EigResult, diagonal(change), moved - vectors * stretch)


defvjp(_eig, _eig_vjp)
defjvp(_eig, _eig_jvp)


@composed("eigvals")
def eigvals(a: Any) -> Any:
    """As numpy.linalg.eigvals, by eig. At a defective matrix there is no derivative to give."""
    return _eig(a)[0]
