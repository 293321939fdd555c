"""exp, exp2, expm1, sinh, cosh, tanh and the logistic sigmoid, without branches.

Reduction after Cody and Waite: x = k log(2) + r with |r| <= log(2) / 2, log(2) in two parts of
which the first has so few bits that k times it is exact. Then exp(x) = 2^k (1 + r + r^2 E(r)).
"""

from __future__ import annotations

import math
from typing import NamedTuple

from .formats import Format
from .polynomials import coefficients
from .splitting import parts
from .term import Term


class Constants(NamedTuple):
    """Constants of one format: log(2) = high + low, and where exp becomes infinite or zero."""

    log2_high: float
    log2_low: float
    overflow: float  # here exp is infinite, and half a step further sinh and cosh
    underflow: float  # here exp is zero
    saturation: float  # here tanh is 1, and at twice minus it expm1 is -1
    degree: int


def constants(fmt: Format) -> Constants:
    # k needs 11 bits in float64 and 8 in float32; the high part leaves them room in the product.
    high, low = parts("log(2)", 42 if fmt.double else 16)
    limits = (710.0, -746.0, 20.0, 9) if fmt.double else (89.0, -104.0, 10.0, 4)
    return Constants(high, low, *limits)


class _Reduced(NamedTuple):
    """exp(x) = 2^k (1 + r + r_low + tail): k an integer as a float, r_low what r is rounded by.

    Who leaves r_low out pays nothing for it and loses a tenth of a unit in the last place.
    """

    k: Term
    r: Term
    r_low: Term
    tail: Term


def _reduce(x: Term) -> _Reduced:
    of = constants(x.format)
    k = (x * (1 / math.log(2)) + x.format.shifter) - x.format.shifter
    first, second = x - k * of.log2_high, k * of.log2_low
    r = first - second
    series = coefficients("exp", -0.35, 0.35, of.degree)
    return _Reduced(k, r, (first - r) - second, r * r * r.polynomial(series))


def _power_of_two(k: Term) -> Term:
    """2^k for an integer -bias < k <= bias: the exponent bits written directly."""
    fmt, builder = k.format, k.builder
    exponent = builder.add((k + fmt.shifter).bits(), k.integer(fmt.bias))
    return k.from_bits(builder.shl(exponent, k.integer(fmt.fraction_bits)))


def _scale(value: Term, k: Term) -> Term:
    """value * 2^k rounded once, for k up to twice the format's range."""
    half = (k * 0.5 + k.format.shifter) - k.format.shifter
    return value * _power_of_two(half) * _power_of_two(k - half)


def exp(x: Term) -> Term:
    of = constants(x.format)
    at = _reduce(x.at_most(of.overflow).at_least(of.underflow))
    return _scale(1.0 + (at.r + at.tail), at.k)


def exp2(x: Term) -> Term:
    bias, fraction_bits = x.format.bias, x.format.fraction_bits
    x = x.at_most(bias + 2.0).at_least(-bias - fraction_bits - 2.0)
    k = (x + x.format.shifter) - x.format.shifter
    r = (x - k) * math.log(2)
    series = coefficients("exp", -0.35, 0.35, constants(x.format).degree)
    return _scale(1.0 + (r + r * r * r.polynomial(series)), k)


def _quarter_expm1(x: Term) -> tuple[Term, Term]:
    """(exp(x) - 1) / 4 for x above -40, and what that is rounded by.

    The quarter is finite up to where sinh overflows.
    """
    at = _reduce(x)
    scale = _power_of_two(at.k - 2.0)
    whole, part = scale - 0.25, scale * at.r
    total = whole + part
    low = ((whole - total) + part) + scale * (at.tail + at.r_low)
    value = total + low
    return value, (total - value) + low


def _unless_tiny(x: Term, value: Term) -> Term:
    """x where the function is x to within rounding: keeps -0 and subnormals as they are."""
    return x.where(abs(x).compare("<", 2.0 ** -(x.format.fraction_bits + 2)), value)


def expm1(x: Term) -> Term:
    of = constants(x.format)
    quarter, _ = _quarter_expm1(x.at_most(of.overflow).at_least(-2 * of.saturation))
    return _unless_tiny(x, 4.0 * quarter)


def tanh(x: Term) -> Term:
    quarter, low = _quarter_expm1(2.0 * abs(x).at_most(constants(x.format).saturation))
    y = quarter / (quarter + 0.5)
    # To first order in what the quarter is rounded by: the derivative is 2 (1 - y)^2.
    rest = 1.0 - y
    return _unless_tiny(x, (y + 2.0 * rest * rest * low).with_sign_of(x))


def sinh(x: Term) -> Term:
    quarter, _ = _quarter_expm1(abs(x).at_most(constants(x.format).overflow + 0.5))
    half = 2.0 * quarter
    # Where the half is infinite or NaN it is the answer, and the quotient would be NaN.
    value = (half + half / (2.0 * half + 1.0)).where(half.compare("<", math.inf), half)
    return _unless_tiny(x, value.with_sign_of(x))


def cosh(x: Term) -> Term:
    at = _reduce(abs(x).at_most(constants(x.format).overflow + 0.5))
    half = 2.0 * (_power_of_two(at.k - 2.0) * (1.0 + (at.r + at.tail)))
    return half + 0.25 / half


def sigmoid(x: Term) -> Term:
    """1 / (1 + exp(-x)), accurate in both tails."""
    small, positive = exp(-abs(x)), x.compare(">=", 0.0)
    below = 1.0 + small
    y = x.of(1.0).where(positive, small) / below
    # To first order in what the denominator is rounded by.
    inverse = y.where(positive, 1.0 - y)
    return y - y * (((1.0 - below) + small) * inverse)
