"""Polynomials by their coefficients, highest power first: NumPy's poly functions."""

from __future__ import annotations

from typing import Any

import numpy as onp

from ..core import defjvp, defvjp
from ..tracer import getval
from .broadcasting import match_dtype, metadata, unbroadcast
from .composed import composed, refuse
from .joining import array, asarray, stack
from .linalg.solving import least_squares
from .shaping import concatenate_args
from .wrapper import wrapped_namespace as anp


def _coefficients(p: Any) -> Any:
    return anp["atleast_1d"](asarray(p))


@composed("vander")
def vander(x: Any, N: int | None = None, increasing: bool = False) -> Any:  # noqa: N803
    """As numpy.vander: the powers of x along a new last axis."""
    x = asarray(x)
    (n,) = metadata(x).shape
    count = n if N is None else N
    dtype = onp.promote_types(metadata(x).dtype, int)
    if dtype != metadata(x).dtype:
        x = anp["astype"](x, dtype)
    powers = [onp.ones(n, dtype)]
    while len(powers) < count:
        powers.append(powers[-1] * x if len(powers) > 1 else x)
    powers = powers[:count] if increasing else powers[:count][::-1]
    return stack(powers, axis=1) if powers else onp.zeros((n, 0), dtype)


@composed("polyval")
def polyval(p: Any, x: Any) -> Any:
    """As numpy.polyval, by Horner's rule."""
    if isinstance(x, onp.poly1d):
        raise NotImplementedError("polyval of traced coefficients cannot take a polynomial as x")
    x = asarray(x)
    value = anp["zeros_like"](x)
    for coefficient in asarray(p):
        value = value * x + coefficient
    return value


# -- sums, products, quotients ---------------------------------------------------------------------


def _padded(p: Any, length: int) -> Any:
    missing = length - metadata(p).shape[0]
    return concatenate_args(0, onp.zeros(missing, metadata(p).dtype), p) if missing > 0 else p


def _same_length(a1: Any, a2: Any) -> tuple[Any, Any]:
    a1, a2 = _coefficients(a1), _coefficients(a2)
    length = max(metadata(a1).shape[0], metadata(a2).shape[0])
    return _padded(a1, length), _padded(a2, length)


@composed("polyadd")
def polyadd(a1: Any, a2: Any) -> Any:
    """As numpy.polyadd."""
    left, right = _same_length(a1, a2)
    return left + right


@composed("polysub")
def polysub(a1: Any, a2: Any) -> Any:
    """As numpy.polysub."""
    left, right = _same_length(a1, a2)
    return left - right


@composed("polymul")
def polymul(a1: Any, a2: Any) -> Any:
    """As numpy.polymul, the products of all pairs summed along the antidiagonals."""
    left, right = _coefficients(a1), _coefficients(a2)
    n, m = metadata(left).shape[0], metadata(right).shape[0]
    products = anp["multiply"](anp["expand_dims"](left, 1), right)
    # Rows of length n + m, laid end to end and cut at n + m - 1: each row shifts by one entry.
    zeros = onp.zeros((n, n), metadata(products).dtype)
    flat = anp["ravel"](concatenate_args(1, products, zeros))[: n * (n + m - 1)]
    return anp["sum"](anp["reshape"](flat, (n, n + m - 1)), 0)


@composed("polydiv")
def polydiv(u: Any, v: Any) -> tuple[Any, Any]:
    """As numpy.polydiv: quotient and remainder, leading zeros of the remainder cut off."""
    u, v = _coefficients(u), _coefficients(v)
    m, n = metadata(u).shape[0], metadata(v).shape[0]
    dtype = onp.result_type(metadata(u).dtype, metadata(v).dtype, onp.float16)
    rest, v = anp["astype"](u, dtype), anp["astype"](v, dtype)
    quotient = []
    for _ in range(m - n + 1):
        factor = rest[0] / v[0]
        quotient.append(factor)
        rest = concatenate_args(0, rest[1:n] - factor * v[1:], rest[n:])
    quotients = array(quotient) if quotient else onp.zeros(1, dtype)
    if not metadata(rest).shape[0]:
        return quotients, onp.zeros(1, dtype)
    notable = onp.flatnonzero(~onp.isclose(onp.asarray(getval(rest)), 0, rtol=1e-14))
    return quotients, rest[notable[0] if notable.size else -1 :]


# -- derivatives, integrals ------------------------------------------------------------------------


@composed("polyder")
def polyder(p: Any, m: int = 1) -> Any:
    """As numpy.polyder: the m-th derivative."""
    p = asarray(p)
    if m < 0:
        raise ValueError(f"polyder: the order of the derivative must be 0 or more, got {m}")
    for _ in range(m):
        n = metadata(p).shape[0]
        p = p[:-1] * onp.arange(n - 1, 0, -1)
    return p


@composed("polyint")
def polyint(p: Any, m: int = 1, k: Any = None) -> Any:
    """As numpy.polyint: the m-th antiderivative, with integration constants `k`."""
    if m < 0:
        raise ValueError(f"polyint: the order of the integral must be 0 or more, got {m}")
    constants = anp["atleast_1d"](asarray(onp.zeros(m) if k is None else k))
    if metadata(constants).shape[0] == 1:
        constants = anp["broadcast_to"](constants, (m,))
    if metadata(constants).shape[0] < m:
        raise ValueError(f"polyint: k must be one number or {m} of them")
    p = asarray(p)
    for order in range(m):
        scaled = p / onp.arange(metadata(p).shape[0], 0, -1)
        p = concatenate_args(0, scaled, constants[order : order + 1])
    return p


# -- from roots, to roots, to data -----------------------------------------------------------------


@composed("poly")
def poly(seq_of_zeros: Any) -> Any:
    """As numpy.poly, of a sequence of roots (not of a matrix)."""
    roots_ = _coefficients(seq_of_zeros)
    if len(metadata(roots_).shape) != 1:
        raise NotImplementedError("poly of a traced matrix is not defined: give its eigenvalues")
    dtype = metadata(roots_).dtype
    coefficients = onp.ones(1, dtype)
    for k in range(metadata(roots_).shape[0]):
        zero = onp.zeros(1, dtype)
        coefficients = concatenate_args(0, coefficients, zero) - roots_[k] * concatenate_args(
            0, zero, coefficients
        )
    if dtype.kind != "c":
        return coefficients
    plain = onp.asarray(getval(roots_))
    conjugates = onp.array_equal(onp.sort(plain), onp.sort(plain.conj()))
    return anp["real"](coefficients) if conjugates else coefficients


def _slopes(p: Any, ans: Any) -> Any:
    return polyval(polyder(p), ans)


def _roots_vjp(ans: Any, p: Any) -> Any:
    """Implicit: p_dot(r) + p'(r) r_dot = 0 at a root r, so simple roots have derivatives."""
    meta = metadata(p)
    (n,) = meta.shape
    return lambda g: unbroadcast(anp["matmul"](-g / _slopes(p, ans), _powers(ans, n)), meta)


def _powers(x: Any, count: int) -> Any:
    return vander(x, count) if metadata(x).shape != (0,) else onp.zeros((0, count))


def _roots_jvp(g: Any, ans: Any, p: Any) -> Any:
    return match_dtype(-polyval(g, ans) / _slopes(p, ans), metadata(ans).dtype)


defvjp(anp["roots"], _roots_vjp)
defjvp(anp["roots"], _roots_jvp)


@composed("polyfit")
def polyfit(
    x: Any, y: Any, deg: int, rcond: float | None = None, full: bool = False, w: Any = None,
    cov: Any = False,
) -> Any:  # fmt: skip
    """As numpy.polyfit: least squares with the scaled Vandermonde matrix.

    `rcond` plays no part: a matrix that it would cut has no derivative there.
    """
    refuse("polyfit", full=full or None, cov=cov or None)
    x, y = asarray(x), asarray(y)
    left, right = vander(x, deg + 1), y
    if w is not None:
        w = asarray(w)
        left = left * anp["expand_dims"](w, 1)
        right = y * (w if len(metadata(y).shape) == 1 else anp["expand_dims"](w, 1))
    scale = anp["sqrt"](anp["sum"](left * left, 0))
    return anp["transpose"](anp["transpose"](least_squares(left / scale, right)) / scale)
