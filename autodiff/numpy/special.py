"""sinc and i0: functions whose derivatives need functions that NumPy does not have."""

from __future__ import annotations

from math import factorial, pi
from typing import Any

import numpy as onp

from ..core import def_elementwise, defjvp, defvjp
from ..tracer import primitive
from .broadcasting import match_dtype, metadata
from .composed import composed
from .joining import asarray
from .wrapper import wrapped_namespace as anp

_TERMS = 17  # pi**34 / 35! is below 1e-22


@primitive
def sinc_derivative(x: Any, order: int) -> Any:
    """The derivative of sinc(x) = sin(pi x) / (pi x) of this order, right at 0 too."""
    x = onp.asarray(x)
    near = onp.abs(x) < 1
    # From x sinc(x) = sin(pi x) / pi, differentiated n times.
    far = onp.where(near, 1, x)
    value = onp.sin(pi * far) / (pi * far)
    for n in range(1, order + 1):
        value = (pi ** (n - 1) * onp.sin(pi * far + n * pi / 2) - n * value) / far
    if onp.any(near):
        value = onp.where(near, _sinc_series(onp.where(near, x, 0), order), value)
    return value.astype(x.dtype)[()]


def _sinc_series(x: Any, order: int) -> Any:
    """The same from the series of sin, term by term, for |x| < 1."""
    squared, total = x * x, onp.zeros_like(x)
    for k in reversed(range((order + 1) // 2, order // 2 + _TERMS)):
        total *= squared
        total += (-1) ** k * pi ** (2 * k) / ((2 * k + 1) * factorial(2 * k - order))
    return total * x if order % 2 else total


def_elementwise(anp["sinc"], lambda g, x: g * sinc_derivative(x, 1))
defvjp(sinc_derivative, lambda ans, x, n: lambda g: g * sinc_derivative(x, n + 1))
defjvp(sinc_derivative, lambda g, ans, x, n: g * sinc_derivative(x, n + 1))


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
