"""The singular value decomposition A = U diag(s) V^H.

With U^H dA V split into its Hermitian part E and its skew part K, the columns turn among themselves
by dU = U R and dV = V T, where

    R_ij = E_ij / (s_j - s_i) + K_ij / (s_i + s_j),
    T_ij = E_ij / (s_j - s_i) - K_ij / (s_i + s_j),

and outwards by what dA V / s and dA^H U / s have outside the columns' span.

**Gauge.** A pair of columns is defined up to a common phase: U takes all of its change. The columns
that `full_matrices=True` adds are defined up to a rotation among themselves, which counts as none:
functions of the space that they span have the derivative that differences show.

**Equal singular values** (up to rounding): the division by s_j - s_i is left out. Right for
functions of the values that treat equal ones alike, and for functions of U V^H or of the space that
the columns span; not for others, nor at second order. Zero singular values: 1/s is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...core import defjvp, defvjp
from ..broadcasting import metadata
from ..wrapper import wrapped_namespace as anp
from .matrices import (
    adjoint,
    column,
    conj,
    diagonal,
    from_triangle,
    identity,
    is_complex,
    mul,
    on_diagonal,
    reciprocal_gaps,
    rounding,
    row,
    safe_reciprocal,
    transpose,
)
from .namespace import composed, linalg
from .results import SVDResult, named_result

_svd = linalg["svd"]


def _parts(ans: Any) -> tuple[Any, Any, Any, Any, Any]:
    """U, s, V^H of the first min(m, n) columns; then the columns and rows beyond, or None."""
    u, s, vh = ans[0], ans[1], ans[2]
    k = metadata(s).shape[-1]
    beyond_u = u[..., k:] if metadata(u).shape[-1] > k else None
    beyond_v = vh[..., k:, :] if metadata(vh).shape[-2] > k else None
    return u[..., :k], s, vh[..., :k, :], beyond_u, beyond_v


def _weights(s: Any) -> tuple[Any, Any, Any, Any]:
    """1 / (s_j - s_i); 1 / (s_i + s_j) off the diagonal; 1 / s on it; 1 / s as a vector."""
    off = ~identity(metadata(s).shape[-1])
    tolerance = rounding(s)
    sums = safe_reciprocal(row(s) + column(s), column(tolerance)) * off
    inverse = safe_reciprocal(s, tolerance)
    return reciprocal_gaps(s), sums, on_diagonal(inverse), inverse


def _svd_jvp(g: Any, ans: Any, a: Any, full_matrices: bool = True) -> Any:
    u, s, vh, beyond_u, beyond_v = _parts(ans)
    gaps, sums, phases, inverse = _weights(s)
    right, left = mul(g, adjoint(vh)), mul(adjoint(u), g)
    p = mul(adjoint(u), right)
    even, odd = (p + adjoint(p)) / 2, (p - adjoint(p)) / 2
    turn_u = even * gaps + odd * sums + (odd * phases if is_complex(p) else 0)
    turn_v = even * gaps - odd * sums
    out_u, out_v = right * row(inverse), left * column(inverse)
    du = mul(u, turn_u) + out_u - mul(u, mul(adjoint(u), out_u))
    dvh = out_v - mul(mul(out_v, adjoint(vh)), vh) - mul(turn_v, vh)
    if beyond_u is not None:
        du = anp["concatenate"]([du, -mul(u, adjoint(mul(adjoint(beyond_u), out_u)))], -1)
    if beyond_v is not None:
        dvh = anp["concatenate"]([dvh, -mul(adjoint(mul(out_v, adjoint(beyond_v))), vh)], -2)
    return named_result(SVDResult, du, anp["real"](diagonal(p)), dvh)


def _svd_vjp(ans: Any, a: Any, full_matrices: bool = True) -> Callable[[Any], Any]:
    def pull(g: Any) -> Any:
        u, s, vh, beyond_u, beyond_v = _parts(ans)
        k = metadata(s).shape[-1]
        gaps, sums, phases, inverse = _weights(s)
        gu, gvh = g[0][..., :k], g[2][..., :k, :]
        of_u, of_v = mul(transpose(u), gu), -mul(gvh, transpose(vh))
        even, odd = gaps * (of_u + of_v), sums * (of_u - of_v)
        if is_complex(of_u):
            odd = odd + phases * of_u
        inner = (even + adjoint(even) + odd - adjoint(odd)) / 2 + on_diagonal(g[1])
        out_u, out_v = gu * row(inverse), gvh * column(inverse)
        left = mul(conj(u), inner - mul(transpose(u), out_u)) + out_u
        if beyond_u is not None:
            crossed = adjoint(mul(transpose(u), g[0][..., k:]))
            left = left - mul(conj(beyond_u), crossed * row(inverse))
        right = out_v - mul(mul(out_v, transpose(vh)), conj(vh))
        if beyond_v is not None:
            crossed = adjoint(mul(g[2][..., k:, :], transpose(vh)))
            right = right - mul(crossed * column(inverse), conj(beyond_v))
        return mul(left, conj(vh)) + mul(conj(u), right)

    return pull


defvjp(_svd, _svd_vjp)
defjvp(_svd, _svd_jvp)


@composed("svd")
def svd(
    a: Any, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False
) -> Any:
    """As numpy.linalg.svd. With `hermitian`, a is read as its lower triangle says."""
    if hermitian:
        a = from_triangle(a, lower=True)
    if not compute_uv:
        return _svd(a, False)[1]
    return _svd(a, bool(full_matrices))


@composed("svdvals")
def svdvals(x: Any) -> Any:
    """As numpy.linalg.svdvals."""
    return _svd(x, False)[1]
