"""logsumexp, softmax and log_softmax: sums of exponentials along axes, which never overflow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp
import scipy.special

from ...core import defjvp, defvjp
from ...numpy.arithmetic import tangent_like
from ...numpy.broadcasting import metadata, unbroadcast_f
from ...numpy.wrapper import wrapped_namespace as anp
from ...tracer import primitive, undifferentiated

Axis = int | tuple[int, ...] | None


@primitive
def log_abs_sum_exp(a: Any, b: Any, axis: Axis = None) -> Any:
    """log |sum of b exp(a)| along `axis`, which stays as an axis of length one. b may be None."""
    a = _floats(a)
    if a.size == 0:
        a = a if b is None else onp.broadcast_arrays(a, b)[0]
        return onp.log(onp.sum(onp.exp(a), axis=axis, keepdims=True))
    terms, largest = _terms(a, b, axis)
    with onp.errstate(divide="ignore"):
        if b is None and terms.dtype.kind == "f":
            return _log_of_sum(terms, axis) + largest
        total = onp.sum(terms, axis=axis, keepdims=True)
        return onp.log(onp.abs(total) if total.dtype.kind == "f" else total) + largest


def _terms(a: Any, b: Any, axis: Axis) -> tuple[Any, Any]:
    """b exp(a - largest), and the largest entry of a along the axis; 0 for one that is infinite."""
    if b is not None:
        b = _array(b)
        a = onp.where(b == 0, -onp.inf, a)
    largest = onp.max(onp.real(a), axis=axis, keepdims=True)
    largest = onp.where(onp.isfinite(largest), largest, onp.zeros_like(largest))
    terms = onp.exp(a - largest)
    return (terms if b is None else b * terms), largest


def _array(x: Any) -> Any:
    """x as an array; what is one stays as it is, for it may be a box of a recording."""
    return x if hasattr(x, "dtype") else onp.asarray(x)


def _floats(x: Any) -> Any:
    """x as an array of floats or complex numbers."""
    x = _array(x)
    return x if x.dtype.kind in "fc" else x.astype(float)


def _log_of_sum(terms: Any, axis: Axis) -> Any:
    """log(sum(terms)), of which the largest are 1: the small ones keep their digits.

    Where none is 1, their sum is zero, infinite or NaN.
    """
    ones = terms == 1
    count = onp.sum(ones, axis=axis, keepdims=True, dtype=terms.dtype)
    rest = onp.sum(onp.where(ones, 0, terms), axis=axis, keepdims=True)
    some = onp.maximum(count, 1)
    return onp.where(count > 0, onp.log1p(rest / some) + onp.log(some), onp.log(rest))


def _shares(ans: Any, a: Any, axis: Axis) -> Any:
    """exp(a - ans): what each entry has in the sum; zero where the sum is empty."""
    return anp["exp"](a - anp["where"](anp["isfinite"](ans), ans, anp["zeros_like"](ans)))


def _signed(shares: Any, b: Any, axis: Axis) -> Any:
    """The derivative in b: the shares, times the sign of the sum."""
    total = anp["sum"](b * shares, axis, keepdims=True)
    return shares * anp["sign"](total)


def _weighted(ans: Any, a: Any, b: Any, axis: Axis) -> Any:
    shares = _shares(ans, a, axis)
    return shares if b is None else b * _signed(shares, b, axis)


def _vjp_a(ans: Any, a: Any, b: Any, axis: Axis = None) -> Callable[[Any], Any]:
    return unbroadcast_f(a, lambda g: g * _weighted(ans, a, b, axis))


def _vjp_b(ans: Any, a: Any, b: Any, axis: Axis = None) -> Callable[[Any], Any]:
    return unbroadcast_f(b, lambda g: g * _signed(_shares(ans, a, axis), b, axis))


defvjp(log_abs_sum_exp, _vjp_a, _vjp_b)
defjvp(
    log_abs_sum_exp,
    lambda g, ans, a, b, axis=None: tangent_like(
        ans, anp["sum"](g * _weighted(ans, a, b, axis), axis, keepdims=True)
    ),
    lambda g, ans, a, b, axis=None: tangent_like(
        ans, anp["sum"](g * _signed(_shares(ans, a, axis), b, axis), axis, keepdims=True)
    ),
)


@primitive
def _sign_of_sum(a: Any, b: Any, axis: Axis) -> Any:
    a = _floats(a)
    if a.size and onp.isrealobj(a) and (b is None or onp.isrealobj(b)):
        return onp.sign(onp.sum(_terms(a, b, axis)[0], axis=axis, keepdims=True))
    return scipy.special.logsumexp(a, axis=axis, b=b, keepdims=True, return_sign=True)[1]


def logsumexp(
    a: Any, axis: Axis = None, b: Any = None, keepdims: bool = False, return_sign: bool = False
) -> Any:
    """log(sum(b exp(a))) along `axis`, as scipy.special.logsumexp; a and b may be traced.

    Returns: the logarithm; with `return_sign` a pair, the logarithm of the absolute value and the
    sign. A negative sum has no logarithm: nan without `return_sign`.
    """
    if isinstance(b, (int, float)) and b == 1:
        b = None
    logs = log_abs_sum_exp(a, b, axis)
    sign = None
    if b is not None or return_sign:
        sign = _sign_of_sum(*map(undifferentiated, (a, b)), axis)
        if not return_sign and metadata(logs).dtype.kind == "f":
            logs = anp["where"](sign < 0, onp.nan, logs)
    if not keepdims:
        shape = _reduced(metadata(logs).shape, axis)
        logs = anp["reshape"](logs, shape)
        sign = sign if sign is None else anp["reshape"](sign, shape)[()]
    return (logs, sign) if return_sign else logs


def _reduced(shape: tuple[int, ...], axis: Axis) -> tuple[int, ...]:
    axes = range(len(shape)) if axis is None else (axis if isinstance(axis, tuple) else (axis,))
    gone = {k % len(shape) for k in axes} if shape else set()
    return tuple(n for k, n in enumerate(shape) if k not in gone)


# -- softmax: rules by the answer ------------------------------------------------------------------


@primitive
def softmax(x: Any, axis: Axis = None) -> Any:
    """exp(x) / sum(exp(x)) along `axis`, as scipy.special.softmax."""
    x = _floats(x)
    weights = onp.exp(x - onp.max(x, axis=axis, keepdims=True)) if x.size else onp.exp(x)
    return weights / onp.sum(weights, axis=axis, keepdims=True)


@primitive
def log_softmax(x: Any, axis: Axis = None) -> Any:
    """log(softmax(x)) along `axis`, as scipy.special.log_softmax."""
    x = _floats(x)
    return x - log_abs_sum_exp(x, None, axis) if x.size else x.copy()


def _softmax_push(g: Any, ans: Any, axis: Axis) -> Any:
    """The Jacobian, which is symmetric, times g."""
    weighted = ans * g
    return weighted - ans * anp["sum"](weighted, axis, keepdims=True)


defvjp(softmax, lambda ans, x, axis=None: lambda g: _softmax_push(g, ans, axis))
defjvp(softmax, lambda g, ans, x, axis=None: _softmax_push(g, ans, axis))
defvjp(
    log_softmax,
    lambda ans, x, axis=None: lambda g: g - anp["exp"](ans) * anp["sum"](g, axis, keepdims=True),
)
defjvp(
    log_softmax,
    lambda g, ans, x, axis=None: g - anp["sum"](anp["exp"](ans) * g, axis, keepdims=True),
)
