"""sinc and i0: functions whose derivatives need functions that NumPy does not have."""

from __future__ import annotations

from functools import lru_cache
from math import factorial, pi
from typing import Any

import numpy as onp

from ..core import defjvp, defvjp
from ..tracer import primitive
from .broadcasting import match_dtype, metadata
from .composed import composed
from .joining import asarray
from .wrapper import wrapped_namespace as anp


@primitive
def sinc_derivative(x: Any, order: int, lower: Any) -> Any:
    """The derivative of sinc(x) = sin(pi x) / (pi x) of this order, right at 0 too.

    Args:
        lower: the derivative one order below, known already. No operand of its own: what its change
            would do is in the rule of x.
    """
    x, lower = onp.asarray(x), onp.asarray(lower)
    # Rounding errors of the closed form grow with |x|**-order; the series is longer farther out.
    near = onp.abs(x) < (0.25 if order == 1 else 1)
    if not near.any():
        value = _closed_form(x, order, lower)
    elif near.all():
        value = _sinc_series(x, order)
    else:
        value = _closed_form(onp.where(near, 1, x), order, lower)
        value[near] = _sinc_series(x[near], order)
    return value.astype(x.dtype, copy=False)[()]


def _closed_form(x: Any, order: int, lower: Any) -> Any:
    """From x sinc(x) = sin(pi x) / pi, differentiated `order` times."""
    angle = pi * x
    turned = onp.cos(angle) if order == 1 else onp.sin(angle + order * pi / 2)
    return (pi ** (order - 1) * turned - order * lower) / x


def _sinc_series(x: Any, order: int) -> Any:
    """The same from the series of sin, by Horner's rule."""
    squared = x * x
    last, *coefficients = _coefficients(order)
    total = onp.full_like(squared, last)
    for coefficient in coefficients:
        total *= squared
        total += coefficient
    return total * x if order % 2 else total


@lru_cache
def _coefficients(order: int) -> list[float]:
    """Of x**(2k - order), the highest first; those left out are below 1e-16 of the sum."""
    terms = 8 if order == 1 else 17  # (pi / 4)**16 / 17! and pi**34 / 35!
    return [
        (-1) ** k * pi ** (2 * k) / ((2 * k + 1) * factorial(2 * k - order))
        for k in reversed(range((order + 1) // 2, order // 2 + terms + 1))
    ]


defvjp(anp["sinc"], lambda ans, x: lambda g: g * sinc_derivative(x, 1, ans))
defjvp(anp["sinc"], lambda g, ans, x: g * sinc_derivative(x, 1, ans))
defvjp(
    sinc_derivative, lambda ans, x, n, low: lambda g: g * sinc_derivative(x, n + 1, ans), None, None
)
defjvp(sinc_derivative, lambda g, ans, x, n, low: g * sinc_derivative(x, n + 1, ans), None, None)


@primitive
def bessel_i(x: Any, order: int) -> Any:
    """The modified Bessel function of the first kind, of an integer order, of real x.

    The mean of exp(x cos t) cos(order t) over t; equidistant points converge faster than any power.
    """
    x = onp.asarray(x)
    largest = float(onp.max(onp.abs(x), initial=0))
    points = 24 + order + int(8 * largest**0.5)
    total = onp.zeros(x.shape)
    size = onp.abs(x)
    for t in (onp.arange(points) + 0.5) * (pi / points):
        total += onp.exp(size * (onp.cos(t) - 1)) * onp.cos(order * t)
    total *= onp.exp(size) / points
    if order % 2:
        total *= onp.sign(x)
    return total.astype(x.dtype)[()]


def _bessel_slope(x: Any, order: int) -> Any:
    """The derivative: the mean of the two neighbours in order."""
    return (bessel_i(x, order + 1) + bessel_i(x, abs(order - 1))) / 2


@composed("i0")
def i0(x: Any) -> Any:
    """As numpy.i0, of real numbers."""
    x = asarray(x)
    if metadata(x).dtype.kind == "c":
        raise TypeError("i0 not supported for complex values")
    return _i0(x)


@primitive
def _i0(x: Any) -> Any:
    return onp.i0(x)


defvjp(_i0, lambda ans, x: lambda g: match_dtype(g * bessel_i(x, 1), metadata(x).dtype))
defjvp(_i0, lambda g, ans, x: g * bessel_i(x, 1))
defvjp(bessel_i, lambda ans, x, n: lambda g: g * _bessel_slope(x, n))
defjvp(bessel_i, lambda g, ans, x, n: g * _bessel_slope(x, n))
