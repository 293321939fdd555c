"""Functions that take numbers apart: remainders, fractions, exponents, signs.

Between their steps they are straight; at a step the derivative is that of the side it belongs to.
"""

from __future__ import annotations

from typing import Any

import numpy as onp

from ..core import JVPTrace, Tape, defjvp, defvjp
from ..tracer import primitive, register_notrace
from .arithmetic import tangent_like
from .broadcasting import match_dtype, metadata, unbroadcast_f
from .composed import composed, untraced
from .wrapper import wrapped_namespace as anp

untraced(
    [
        "bitwise_and",
        "bitwise_count",
        "bitwise_invert",
        "bitwise_not",
        "bitwise_or",
        "bitwise_xor",
        "bitwise_left_shift",
        "bitwise_right_shift",
        "gcd",
        "lcm",
        "left_shift",
        "nextafter",
        "right_shift",
        "spacing",
    ]
)

# -- remainders ------------------------------------------------------------------------------------

defvjp(
    anp["fmod"],
    lambda ans, x, y: unbroadcast_f(x, lambda g: g),
    lambda ans, x, y: unbroadcast_f(y, lambda g: -g * anp["trunc"](x / y)),
)
defjvp(
    anp["fmod"],
    lambda g, ans, x, y: tangent_like(ans, g),
    lambda g, ans, x, y: tangent_like(ans, -g * anp["trunc"](x / y)),
)


@composed("divmod")
def divmod_(x: Any, y: Any) -> tuple[Any, Any]:
    """As numpy.divmod; the quotient is constant in steps."""
    return anp["floor_divide"](x, y), anp["mod"](x, y)


def _identity_vjp(ans: Any, x: Any, *args: Any, **kwargs: Any) -> Any:
    have = metadata(x).dtype
    return lambda g: match_dtype(g, have)


def _identity_jvp(g: Any, ans: Any, x: Any, *args: Any, **kwargs: Any) -> Any:
    return tangent_like(ans, g)


@primitive
def fraction(x: Any) -> Any:
    """The part of x behind the decimal point, with the sign of x."""
    return onp.modf(x)[0]


@composed("modf")
def modf(x: Any) -> tuple[Any, Any]:
    """As numpy.modf; the whole part is constant in steps."""
    return fraction(x), anp["trunc"](x)


# unwrap adds multiples of the period: steps.
for _fun in (fraction, anp["unwrap"], anp["real_if_close"]):
    defvjp(_fun, _identity_vjp)
    defjvp(_fun, _identity_jvp)

# -- binary exponents ------------------------------------------------------------------------------


@primitive
def binary_exponent(x: Any) -> Any:
    """The exponent of numpy.frexp."""
    return onp.frexp(x)[1]


for _kind in (Tape, JVPTrace):
    register_notrace(_kind, binary_exponent)

defvjp(
    anp["ldexp"],
    lambda ans, x, n: unbroadcast_f(x, lambda g: anp["ldexp"](g, n)),
    None,
)
defjvp(anp["ldexp"], "same", None)


@composed("frexp")
def frexp(x: Any) -> tuple[Any, Any]:
    """As numpy.frexp; the exponent is constant in steps."""
    exponent = binary_exponent(x)
    return anp["ldexp"](x, -exponent), exponent


# -- signs -----------------------------------------------------------------------------------------


def _turned(x: Any, y: Any) -> Any:
    """The derivative of copysign(x, y) in x; 0 at 0."""
    return anp["copysign"](1.0, y) * anp["sign"](x)


defvjp(anp["copysign"], lambda ans, x, y: unbroadcast_f(x, lambda g: g * _turned(x, y)), None)
defjvp(anp["copysign"], lambda g, ans, x, y: tangent_like(ans, g * _turned(x, y)), None)
defvjp(
    anp["heaviside"],
    None,
    lambda ans, x, h: unbroadcast_f(h, lambda g: g * anp["equal"](x, 0)),
)
defjvp(
    anp["heaviside"],
    None,
    lambda g, ans, x, h: tangent_like(ans, g * anp["equal"](x, 0)),
)
