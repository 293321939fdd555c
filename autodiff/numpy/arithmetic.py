"""+ - * / and powers: their rules, as pullbacks (cotangent, what was saved) -> cotangent(s).

`operators` records the same pullbacks for the operators of boxes, in the form that fits the
operands. Here they are registered for NumPy's functions, with un-broadcasting around them.
"""

from __future__ import annotations

from typing import Any

from ..core import def_elementwise, defjvp, defvjp
from .broadcasting import match_dtype, metadata, unbroadcast_f
from .wrapper import wrapped_namespace as anp


def over(g: Any, x: Any) -> Any:
    """g / x, and what NumPy makes of it where Python would raise: at a float zero."""
    if x.__class__ is float or x.__class__ is complex:
        return anp["true_divide"](g, x)
    return g / x


def pull_same(g: Any, _: Any) -> Any:
    """x + constant."""
    return g


def pull_negated(g: Any, _: Any) -> Any:
    """constant - x."""
    return -g


def pull_add(g: Any, _: Any) -> tuple[Any, Any]:
    """x + y."""
    return g, g


def pull_subtract(g: Any, _: Any) -> tuple[Any, Any]:
    """x - y."""
    return g, -g


def pull_multiply(g: Any, operands: tuple[Any, Any]) -> tuple[Any, Any]:
    """x * y."""
    x, y = operands
    return g * y, g * x


def pull_scale(g: Any, factor: Any) -> Any:
    """x * constant."""
    return g * factor


def pull_divide(g: Any, saved: tuple[Any, Any]) -> tuple[Any, Any]:
    """x / y, by the answer and y."""
    ans, y = saved
    gx = g / y
    return gx, -gx * ans


def pull_divide_by(g: Any, y: Any) -> Any:
    """x / constant."""
    return g / y


def pull_divide_into(g: Any, saved: tuple[Any, Any]) -> Any:
    """constant / y, by the answer and y."""
    ans, y = saved
    return -(g / y) * ans


def pull_power(g: Any, saved: tuple[Any, Any]) -> Any:
    """x**constant; zero where the exponent is, also at x = 0."""
    x, y = saved
    if y == 2:
        return g * (2 * x)
    return g * (y * _power(x, y - 1)) if y else g * anp["zeros_like"](x)


def _power(x: Any, y: Any) -> Any:
    # The operator knows cheap exponents; on a Python float it would raise at 0 ** -1.
    return anp["power"](x, y) if x.__class__ is float else x**y


def pull_base(g: Any, x: Any, y: Any) -> Any:
    """Cotangent of x in x**y; zero where y is, also at x = 0."""
    if y.__class__ is int or y.__class__ is float:
        return pull_power(g, (x, y))
    both_zero = anp["logical_and"](anp["equal"](x, 0), anp["equal"](y, 0))
    return g * (y * anp["power"](x, y - 1 + both_zero))


def pull_exponent(g: Any, ans: Any, x: Any) -> Any:
    """Cotangent of y in x**y; zero at x = 0."""
    return g * (ans * anp["log"](anp["where"](x, x, 1.0)))


defvjp(
    anp["add"],
    lambda ans, x, y: unbroadcast_f(x, lambda g: g),
    lambda ans, x, y: unbroadcast_f(y, lambda g: g),
)
defvjp(
    anp["subtract"],
    lambda ans, x, y: unbroadcast_f(x, lambda g: g),
    lambda ans, x, y: unbroadcast_f(y, lambda g: -g),
)
defvjp(
    anp["multiply"],
    lambda ans, x, y: unbroadcast_f(x, lambda g: g * y),
    lambda ans, x, y: unbroadcast_f(y, lambda g: g * x),
)
defvjp(
    anp["true_divide"],
    lambda ans, x, y: unbroadcast_f(x, lambda g: over(g, y)),
    lambda ans, x, y: unbroadcast_f(y, lambda g: -over(g, y) * ans),
)
defvjp(
    anp["power"],
    lambda ans, x, y: unbroadcast_f(x, lambda g: pull_base(g, x, y)),
    lambda ans, x, y: unbroadcast_f(y, lambda g: pull_exponent(g, ans, x)),
)
def_elementwise(anp["negative"], pull_negated)


def tangent_like(ans: Any, tangent: Any) -> Any:
    """A tangent with the shape and dtype of the result it belongs to."""
    shape, dtype = metadata(ans)
    if metadata(tangent).shape != shape:
        tangent = anp["broadcast_to"](tangent, shape)
    return match_dtype(tangent, dtype)


defjvp(
    anp["add"],
    lambda g, ans, x, y: tangent_like(ans, g),
    lambda g, ans, x, y: tangent_like(ans, g),
)
defjvp(
    anp["subtract"],
    lambda g, ans, x, y: tangent_like(ans, g),
    lambda g, ans, x, y: tangent_like(ans, -g),
)
defjvp(anp["multiply"], "same", "same")
defjvp(anp["true_divide"], "same", lambda g, ans, x, y: -over(g, y) * ans)
defjvp(
    anp["power"],
    lambda g, ans, x, y: pull_base(g, x, y),
    lambda g, ans, x, y: pull_exponent(g, ans, x),
)
defvjp(
    anp["float_power"],
    lambda ans, x, y: unbroadcast_f(x, lambda g: pull_base(g, x, y)),
    lambda ans, x, y: unbroadcast_f(y, lambda g: pull_exponent(g, ans, x)),
)
defjvp(
    anp["float_power"],
    lambda g, ans, x, y: tangent_like(ans, pull_base(g, x, y)),
    lambda g, ans, x, y: tangent_like(ans, pull_exponent(g, ans, x)),
)
