"""Inverses and linear systems: inv, solve, pinv, lstsq, tensorinv, tensorsolve.

Source: M. Giles (2008), An extended collection of matrix derivative results, section 2; for the
pseudo-inverse, G. Golub and V. Pereyra (1973), SIAM J. Numer. Anal. 10, eq. 4.12.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as onp

from ...core import defjvp, defvjp, defvjp_argnums
from ...tracer import undifferentiated
from ..broadcasting import metadata, unbroadcast
from ..wrapper import wrapped_namespace as anp
from .matrices import adjoint, column, conj, from_triangle, mul, transpose
from .namespace import composed, linalg

_inv, _solve, _pinv = linalg["inv"], linalg["solve"], linalg["pinv"]

# -- square ----------------------------------------------------------------------------------------


def _inv_vjp(ans: Any, a: Any) -> Callable[[Any], Any]:
    return lambda g: -mul(mul(transpose(ans), g), transpose(ans))


defvjp(_inv, _inv_vjp)
defjvp(_inv, lambda g, ans, a: -mul(mul(ans, g), ans))


def _solve_vjp(
    argnums: Sequence[int], ans: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Callable[[Any], Any]:
    """Both cotangents come from one solution with the transpose. b is a stack of matrices."""
    a = args[0]
    metas = [metadata(x) for x in args]
    x = ans if 0 in argnums else None

    def pull(g: Any) -> list[Any]:
        of_b = _solve(transpose(a), g)
        return [
            unbroadcast(of_b if argnum else -mul(of_b, transpose(x)), metas[argnum])
            for argnum in argnums
        ]

    return pull


defvjp_argnums(_solve, _solve_vjp)
defjvp(
    _solve,
    lambda g, ans, a, b: -_solve(a, mul(g, ans)),
    lambda g, ans, a, b: _solve(a, g),
)


@composed("solve")
def solve(a: Any, b: Any) -> Any:
    """As numpy.linalg.solve: b is a vector if it has one axis, else a stack of matrices."""
    if len(metadata(b).shape) == 1:
        return _solve(a, anp["expand_dims"](b, -1))[..., 0]
    return _solve(a, b)


# -- any shape -------------------------------------------------------------------------------------


def _pinv_vjp(ans: Any, a: Any, *args: Any, **kwargs: Any) -> Callable[[Any], Any]:
    def pull(g: Any) -> Any:
        # X = a^+; a X and X a are projectors, and what they leave out is where X itself tilts.
        xt, gt = transpose(ans), transpose(g)
        left = gt - mul(mul(a, ans), gt)
        right = gt - mul(gt, mul(ans, a))
        tilt = mul(left, mul(ans, adjoint(ans))) + mul(mul(adjoint(ans), ans), right)
        return conj(tilt) - mul(mul(xt, g), xt)

    return pull


def _pinv_jvp(g: Any, ans: Any, a: Any, *args: Any, **kwargs: Any) -> Any:
    gh = adjoint(g)
    left = gh - mul(gh, mul(a, ans))
    right = gh - mul(mul(ans, a), gh)
    tilt = mul(mul(ans, adjoint(ans)), left) + mul(right, mul(adjoint(ans), ans))
    return tilt - mul(mul(ans, g), ans)


defvjp(_pinv, _pinv_vjp)
defjvp(_pinv, _pinv_jvp)


@composed("pinv")
def pinv(a: Any, rcond: Any = None, hermitian: bool = False, **options: Any) -> Any:
    """As numpy.linalg.pinv. The derivative is for changes that keep the rank."""
    if hermitian:
        a = from_triangle(a, lower=True)
    return _pinv(a, rcond, **options)


def _cutoff(a: Any, rcond: float | None) -> float:
    """Which singular values count as 0, relative to the largest."""
    shape, dtype = metadata(a)
    eps = float(onp.finfo(onp.result_type(dtype, onp.float32)).eps)
    return eps * max(shape) if rcond is None else eps if rcond == -1 else rcond


def least_squares(a: Any, b: Any, rcond: float | None = None) -> Any:
    """The solution that `lstsq` gives, alone."""
    return mul(_pinv(a, _cutoff(a, rcond)), b)


@composed("lstsq")
def lstsq(a: Any, b: Any, rcond: float | None = None) -> tuple[Any, Any, Any, Any]:
    """As numpy.linalg.lstsq, by the pseudo-inverse; the rank is plain.

    The derivative is for changes of `a` that keep its rank.
    """
    m, n = metadata(a).shape
    cutoff = _cutoff(a, rcond)
    x = least_squares(a, b, rcond)
    s = linalg["svdvals"](a)
    plain = undifferentiated(s)
    rank = anp["count_nonzero"](plain > cutoff * anp["max"](plain, initial=0))
    if m <= n or rank < n:
        return x, onp.empty(0, metadata(s).dtype), rank, s
    squares = anp["square"](anp["absolute"](b - mul(a, x)))
    return x, anp["atleast_1d"](anp["sum"](squares, 0)), rank, s


# -- tensors as matrices ---------------------------------------------------------------------------


@composed("tensorinv")
def tensorinv(a: Any, ind: int = 2) -> Any:
    """As numpy.linalg.tensorinv."""
    shape = metadata(a).shape
    if ind <= 0:
        raise ValueError(f"tensorinv: ind must be positive, got {ind}")
    last = int(onp.prod(shape[ind:]))
    return anp["reshape"](_inv(anp["reshape"](a, (-1, last))), shape[ind:] + shape[:ind])


@composed("tensorsolve")
def tensorsolve(a: Any, b: Any, axes: Sequence[int] | None = None) -> Any:
    """As numpy.linalg.tensorsolve."""
    rank = len(metadata(a).shape)
    if axes is not None:
        last = [axis % rank for axis in axes]
        a = anp["transpose"](a, [k for k in range(rank) if k not in last] + last)
    shape = metadata(a).shape[len(metadata(b).shape) :]
    size = int(onp.prod(shape))
    flat = _solve(anp["reshape"](a, (-1, size)), column(anp["ravel"](b)))
    return anp["reshape"](flat, shape)
