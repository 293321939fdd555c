"""Cholesky and QR factors.

Source: I. Murray (2016), Differentiation of the Cholesky decomposition, section 3; S. Walter and
L. Lehmann (2010), Algorithmic differentiation of linear algebra functions, section 4.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp

from ...core import defjvp, defvjp
from ..broadcasting import metadata
from ..wrapper import wrapped_namespace as anp
from .matrices import adjoint, below, conj, identity, is_complex, mul, transpose
from .namespace import composed, linalg
from .results import QRResult, named_result

_cholesky, _qr, _solve = linalg["cholesky"], linalg["qr"], linalg["solve"]


# -- Cholesky: the argument is taken for Hermitian, so both triangles share the derivative ---------


def _lower_half(x: Any) -> Any:
    """The triangle L with L + L^H = x, for Hermitian x."""
    n = metadata(x).shape[-1]
    return x * below(n) + x * identity(n) / 2


def _cholesky_vjp(ans: Any, a: Any) -> Callable[[Any], Any]:
    def pull(g: Any) -> Any:
        half = _solve(transpose(ans), _lower_half(mul(transpose(ans), g)))
        full = transpose(_solve(adjoint(ans), transpose(half)))
        return (full + adjoint(full)) / 2

    return pull


def _cholesky_jvp(g: Any, ans: Any, a: Any) -> Any:
    half = _solve(ans, (g + adjoint(g)) / 2)
    return mul(ans, _lower_half(_solve(ans, adjoint(half))))


defvjp(_cholesky, _cholesky_vjp)
defjvp(_cholesky, _cholesky_jvp)


@composed("cholesky")
def cholesky(a: Any, /, *, upper: bool = False) -> Any:
    """As numpy.linalg.cholesky. The derivative is for changes that keep `a` Hermitian."""
    return adjoint(_cholesky(adjoint(a))) if upper else _cholesky(a)


# -- QR of at least as many rows as columns: Q dR + dQ R = dA, with dM = Q^H dA R^-1 ---------------
#
# Q turns within its columns by the skew matrix that has the lower triangle of dM, so that R stays
# triangular with a real diagonal. The columns beyond, of mode "complete", are defined up to a
# rotation among themselves, which counts as none.


def _over(x: Any, r: Any) -> Any:
    """x r^-1."""
    return transpose(_solve(transpose(r), transpose(x)))


def _phases(x: Any) -> Any:
    """The imaginary part of the diagonal, as a matrix; 0 for real x."""
    return 1j * anp["imag"](x) * identity(metadata(x).shape[-1]) if is_complex(x) else 0


def _qr_jvp(g: Any, ans: Any, a: Any, mode: str = "reduced") -> Any:
    n = metadata(a).shape[-1]
    q, r = ans[0][..., :n], ans[1][..., :n, :]
    scaled = _over(g, r)
    m = mul(adjoint(q), scaled)
    lower = m * below(n)
    turn = lower - adjoint(lower) + _phases(m)
    dq = mul(q, turn - m) + scaled
    dr = mul(m - turn, r)
    rest = metadata(ans[0]).shape[-1] - n
    if rest:
        dq = anp["concatenate"]([dq, -mul(q, adjoint(mul(adjoint(ans[0][..., n:]), scaled)))], -1)
        *stack, _, _ = metadata(r).shape
        dr = anp["concatenate"]([dr, onp.zeros((*stack, rest, n), metadata(r).dtype)], -2)
    return named_result(QRResult, dq, dr)


def _qr_vjp(ans: Any, a: Any, mode: str = "reduced") -> Callable[[Any], Any]:
    n = metadata(a).shape[-1]

    def pull(g: Any) -> Any:
        q, r = ans[0][..., :n], ans[1][..., :n, :]
        gq = g[0][..., :n]
        of_turn, of_m = mul(transpose(q), gq), mul(g[1][..., :n, :], transpose(r))
        free = of_turn - of_m
        inner = of_m + (free - adjoint(free)) * below(n) + _phases(free) - of_turn
        scaled = gq + mul(conj(q), inner)
        if metadata(ans[0]).shape[-1] > n:
            crossed = mul(transpose(q), g[0][..., n:])
            scaled = scaled - mul(conj(ans[0][..., n:]), adjoint(crossed))
        return transpose(_solve(r, transpose(scaled)))

    return pull


defvjp(_qr, _qr_vjp)
defjvp(_qr, _qr_jvp)


@composed("qr")
def qr(a: Any, mode: str = "reduced") -> Any:
    """As numpy.linalg.qr, modes "reduced", "complete" and "r", of columns that are independent.

    Of a matrix wider than tall, the first m columns have to be.
    """
    if mode not in ("reduced", "complete", "r"):
        raise NotImplementedError(f"the derivative of qr with mode={mode!r} is not defined")
    rows, columns = metadata(a).shape[-2:]
    if rows < columns:
        first = _qr(a[..., :rows], "reduced")
        rest = mul(adjoint(first[0]), a[..., rows:])
        result = named_result(QRResult, first[0], anp["concatenate"]([first[1], rest], -1))
    else:
        result = _qr(a, "complete" if mode == "complete" else "reduced")
    return result[1] if mode == "r" else result
