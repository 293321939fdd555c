"""log, log2, log10, log1p and logaddexp, without branches.

x = 2^k (1 + f) with sqrt(1/2) <= 1 + f < sqrt(2). With s = f / (2 + f) and z = s^2,
log(1 + f) = 2 artanh(s) = f - (f^2 / 2 - s (f^2 / 2 + z L(z))), where f is exact and the rest is
small beside it. log(2) is in two parts as in `exponential`.
"""

from __future__ import annotations

import math

import numpy as np

from . import exponential
from .polynomials import coefficients
from .splitting import parts
from .term import Term


def _split(x: Term) -> tuple[Term, Term]:
    """(k, f) with x = 2^k (1 + f), for positive and finite x, subnormal or not."""
    fmt, builder = x.format, x.builder
    subnormal = x.compare("<", fmt.smallest_normal)
    lift = float(fmt.fraction_bits + 1)
    bits = (x * 2.0**lift).where(subnormal, x).bits()
    # Of the bits less those of sqrt(1/2), those above the fraction count k (the bias keeps the
    # difference positive); without them the fraction belongs to a number in [sqrt(1/2), sqrt(2)).
    root = _bits_of_sqrt_half(fmt.double)
    raised = builder.add(bits, x.integer((fmt.bias << fmt.fraction_bits) - root))
    biased = builder.lshr(raised, x.integer(fmt.fraction_bits))
    exponent = builder.and_(raised, x.integer(-1 << fmt.fraction_bits))
    one = x.integer(fmt.bias << fmt.fraction_bits)
    f = x.from_bits(builder.add(builder.sub(bits, exponent), one)) - 1.0
    # An integer below 2^fraction_bits in the fraction of 2^fraction_bits, and that taken away.
    large = x.of(2.0**fmt.fraction_bits)
    k = x.from_bits(builder.or_(biased, large.bits())) - (2.0**fmt.fraction_bits + fmt.bias)
    return (k - lift).where(subnormal, k), f


def _bits_of_sqrt_half(double: bool) -> int:
    root = np.float64(math.sqrt(0.5)) if double else np.float32(math.sqrt(0.5))
    return int(root.view(np.int64 if double else np.int32))


def _tail(f: Term) -> tuple[Term, Term]:
    """(h, t) with log(1 + f) = f - (h - t)."""
    s = f / (2.0 + f)
    z = s * s
    half = 0.5 * f * f
    series = coefficients("log", 0.0, 0.0296, 6 if f.format.double else 2)
    return half, s * (half + z * z.polynomial(series))


def _natural(k: Term, f: Term, correction: Term | float = 0.0) -> Term:
    of = exponential.constants(k.format)
    half, tail = _tail(f)
    low = k * of.log2_low + correction
    return k * of.log2_high - ((half - (tail + low)) - f)


def _ends(x: Term, value: Term) -> Term:
    """The value of a logarithm where x is positive and finite, its limits elsewhere."""
    value = value.where(x.compare("<", math.inf), x)
    value = value.where(x.compare(">", 0.0), math.nan)
    return x.of(-math.inf).where(x.compare("==", 0.0), value)


def log(x: Term) -> Term:
    return _ends(x, _natural(*_split(x)))


def log2(x: Term) -> Term:
    k, f = _split(x)
    return _ends(x, _in_base("1/log(2)", k, k.of(0.0), f))


def log10(x: Term) -> Term:
    k, f = _split(x)
    high, low = parts("log10(2)", 42 if k.format.double else 16)
    return _ends(x, _in_base("1/log(10)", k * high, k * low, f))


def _in_base(scale: str, whole: Term, whole_low: Term, f: Term) -> Term:
    """whole + whole_low + scale * log(1 + f), the product in two parts, the first one exact."""
    half, tail = _tail(f)
    kept = 26 if f.format.double else 12
    top = _leading(f - half, kept)
    rest = ((f - top) - half) + tail
    scale_high, scale_low = parts(scale, f.format.fraction_bits + 1 - kept)
    product = top * scale_high
    total = whole + product
    low = rest * scale_high + (rest + top) * scale_low + whole_low
    return total + (((whole - total) + product) + low)


def _leading(x: Term, kept: int) -> Term:
    """x without all but `kept` bits of its fraction, cut off towards zero."""
    cut = x.format.fraction_bits + 1 - kept
    return x.from_bits(x.builder.and_(x.bits(), x.integer(-1 << cut)))


def log1p(x: Term) -> Term:
    # log(1 + x) = log(u) + c / u to first order in the rounding error c of u = 1 + x.
    u = 1.0 + x
    error = (x - (u - 1.0)).where(x.compare("<", 1.0), 1.0 - (u - x))
    value = _ends(u, _natural(*_split(u), error / u))
    return x.where(x.compare("==", 0.0), value)  # -0 stays -0


def logaddexp(x: Term, y: Term) -> Term:
    """log(exp(x) + exp(y)) as numpy.logaddexp: the larger one plus log1p(exp(-difference))."""
    larger = x.where(x.compare(">=", y), y)
    value = larger + log1p(exponential.exp(-abs(x - y)))
    return (x + math.log(2)).where(x.compare("==", y), value)  # two equal infinities too
