"""Rules of elementwise functions, each VJP with its JVP.

Where the derivative of a function has a form in its answer (exp, tanh, sqrt, ...), the rule keeps
the answer, which is alive anyway, and a derivative of the derivative stays as short.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp

from ..core import def_elementwise, defjvp, defvjp
from .arithmetic import over, tangent_like
from .broadcasting import match_dtype, metadata, unbroadcast_f
from .wrapper import wrapped_namespace as anp

_log2, _log10 = float(onp.log(2.0)), float(onp.log(10.0))
_square, _sqrt, _cosh = anp["square"], anp["sqrt"], anp["cosh"]

_OF_ARGUMENT = {
    "square": lambda g, x: g * (2 * x),
    "log": lambda g, x: over(g, x),
    "log2": lambda g, x: over(g, _log2 * x),
    "log10": lambda g, x: over(g, _log10 * x),
    "log1p": lambda g, x: over(g, x + 1),
    "sin": lambda g, x: g * anp["cos"](x),
    "cos": lambda g, x: -g * anp["sin"](x),
    "arcsin": lambda g, x: g / _sqrt(1 - x * x),
    "arccos": lambda g, x: -g / _sqrt(1 - x * x),
    "arctan": lambda g, x: g / (1 + x * x),
    "sinh": lambda g, x: g * _cosh(x),
    "cosh": lambda g, x: g * anp["sinh"](x),
    "arcsinh": lambda g, x: g / _sqrt(x * x + 1),
    "arccosh": lambda g, x: g / _sqrt(x * x - 1),
    "arctanh": lambda g, x: over(g, 1 - x * x),
    "rad2deg": lambda g, x: g * (180 / onp.pi),
    "deg2rad": lambda g, x: g * (onp.pi / 180),
    "positive": lambda g, x: g,
}
_OF_ANSWER = {
    "reciprocal": lambda g, ans: -g * (ans * ans),
    "exp": lambda g, ans: g * ans,
    "exp2": lambda g, ans: g * (_log2 * ans),
    "expm1": lambda g, ans: g * (ans + 1),
    "sqrt": lambda g, ans: g * (0.5 / ans),
    "cbrt": lambda g, ans: g / (3 * ans * ans),
    "tan": lambda g, ans: g * (1 + ans * ans),
    "tanh": lambda g, ans: g * (1 - ans * ans),
}
for _name, _pull in _OF_ARGUMENT.items():
    def_elementwise(anp[_name], _pull)
for _name, _pull in _OF_ANSWER.items():
    def_elementwise(anp[_name], _pull, keeps_answer=True)
for _alias, _name in {"degrees": "rad2deg", "radians": "deg2rad"}.items():
    def_elementwise(anp[_alias], _OF_ARGUMENT[_name])


# -- functions that are not holomorphic ------------------------------------------------------------


def _is_complex(x: Any) -> bool:
    return metadata(x).dtype.kind == "c"


def _unit_conjugate(x: Any, ans: Any) -> Any:
    """conj(x) / |x|: the sign of a real x. Zero at zero."""
    if not _is_complex(x):
        return anp["sign"](x)
    zero = ans == 0
    return anp["conj"](x) / (ans + zero) * anp["logical_not"](zero)


defvjp(anp["absolute"], lambda ans, x: lambda g: g * _unit_conjugate(x, ans))
defjvp(anp["absolute"], lambda g, ans, x: anp["real"](g * _unit_conjugate(x, ans)))
defvjp(anp["fabs"], lambda ans, x: lambda g: g * anp["sign"](x))
defjvp(anp["fabs"], lambda g, ans, x: g * anp["sign"](x))

defvjp(anp["real"], lambda ans, x: lambda g: g if not _is_complex(x) else g + 0j)
defjvp(anp["real"], lambda g, ans, x: anp["real"](g))
defvjp(anp["imag"], lambda ans, x: lambda g: -1j * g if _is_complex(x) else 0.0 * g)
defjvp(anp["imag"], lambda g, ans, x: anp["imag"](g))
defvjp(anp["conjugate"], lambda ans, x: lambda g: anp["conj"](g))
defjvp(anp["conjugate"], lambda g, ans, x: anp["conj"](g))


def _turn(x: Any, deg: bool) -> Any:
    """-i / x: what turns a change of x into a change of its angle."""
    return over(-180j / onp.pi if deg else -1j, x)


def _angle_vjp(ans: Any, z: Any, deg: bool = False) -> Callable[[Any], Any]:
    return (lambda g: g * _turn(z, deg)) if _is_complex(z) else _no_cotangent


def _no_cotangent(g: Any) -> None:
    """The pullback of a function that is constant in steps."""


defvjp(anp["angle"], _angle_vjp)
defjvp(
    anp["angle"],
    lambda g, ans, z, deg=False: anp["real"](g * _turn(z, deg)) if _is_complex(z) else None,
)

# -- choices between operands: ties share the derivative equally -----------------------------------


def _share(ans: Any, chosen: Any, other: Any) -> Any:
    """The part of the derivative that goes to `chosen`: 1 where it is the answer, 1/2 in ties."""
    one = metadata(ans).dtype.type(1)
    return (chosen == ans) / (one + (chosen == other))


for _name in ("maximum", "minimum", "fmax", "fmin"):
    _fun = anp[_name]
    defvjp(
        _fun,
        lambda ans, x, y: _share_pull(ans, x, y),
        lambda ans, x, y: _share_pull(ans, y, x),
    )
    defjvp(
        _fun,
        lambda g, ans, x, y: g * _share_like(ans, x, y),
        lambda g, ans, x, y: g * _share_like(ans, y, x),
    )


def _share_like(ans: Any, chosen: Any, other: Any) -> Any:
    return match_dtype(_share(ans, chosen, other), metadata(ans).dtype)


def _share_pull(ans: Any, chosen: Any, other: Any) -> Any:
    share = _share_like(ans, chosen, other)
    return unbroadcast_f(chosen, lambda g: g * share)


# -- other functions of two operands ---------------------------------------------------------------


def _define_logaddexp(name: str, exp: str) -> None:
    def share(x: Any, ans: Any) -> Any:
        """exp(x - ans), and 0 where both operands are minus infinity: no mass, no share."""
        return anp[exp](x - anp["where"](anp["equal"](ans, -onp.inf), 0, ans))

    defvjp(
        anp[name],
        lambda ans, x, y: unbroadcast_f(x, lambda g: g * share(x, ans)),
        lambda ans, x, y: unbroadcast_f(y, lambda g: g * share(y, ans)),
    )
    defjvp(
        anp[name],
        lambda g, ans, x, y: g * share(x, ans),
        lambda g, ans, x, y: g * share(y, ans),
    )


_define_logaddexp("logaddexp", "exp")
_define_logaddexp("logaddexp2", "exp2")


def _not_zero(size: Any) -> Any:
    """A size, or the smallest normal number in the place of 0: a divisor of what is 0 there."""
    dtype = metadata(size).dtype
    return anp["maximum"](size, onp.finfo(dtype).tiny if dtype.kind == "f" else 0)


def _turn_by(g: Any, x: Any, y: Any) -> Any:
    """g x / (x^2 + y^2): how an angle changes. At the origin, where it has none, 0."""
    squared = x * x + y * y
    return over(g * x, _not_zero(squared))


defvjp(
    anp["arctan2"],
    lambda ans, x, y: unbroadcast_f(x, lambda g: _turn_by(g, y, x)),
    lambda ans, x, y: unbroadcast_f(y, lambda g: -_turn_by(g, x, y)),
)
defjvp(
    anp["arctan2"],
    lambda g, ans, x, y: _turn_by(g, y, x),
    lambda g, ans, x, y: -_turn_by(g, x, y),
)


def _cosine(x: Any, ans: Any) -> Any:
    """x / hypot(x, y). At the origin, where hypot has its tip, 0."""
    return over(x, _not_zero(ans))


defvjp(
    anp["hypot"],
    lambda ans, x, y: unbroadcast_f(x, lambda g: g * _cosine(x, ans)),
    lambda ans, x, y: unbroadcast_f(y, lambda g: g * _cosine(y, ans)),
)
defjvp(
    anp["hypot"],
    lambda g, ans, x, y: g * _cosine(x, ans),
    lambda g, ans, x, y: g * _cosine(y, ans),
)


def _quotient(remainder: Any, x: Any, y: Any) -> Any:
    """x // y, by the remainder: a third of floor_divide's time."""
    return anp["rint"](over(x - remainder, y))


defvjp(
    anp["mod"],
    lambda ans, x, y: unbroadcast_f(x, lambda g: g),
    lambda ans, x, y: unbroadcast_f(y, lambda g: -g * _quotient(ans, x, y)),
)
defjvp(
    anp["mod"],
    lambda g, ans, x, y: tangent_like(ans, g),
    lambda g, ans, x, y: -g * _quotient(ans, x, y),
)

defvjp(
    anp["where"],
    None,
    lambda ans, c, x, y: unbroadcast_f(x, lambda g: anp["where"](c, g, 0)),
    lambda ans, c, x, y: unbroadcast_f(y, lambda g: anp["where"](c, 0, g)),
)
defjvp(
    anp["where"],
    None,
    lambda g, ans, c, x, y: tangent_like(ans, anp["where"](c, g, 0)),
    lambda g, ans, c, x, y: tangent_like(ans, anp["where"](c, 0, g)),
)


def _astype_vjp(ans: Any, x: Any, *args: Any, **kwargs: Any) -> Callable[[Any], Any]:
    return unbroadcast_f(x, lambda g: g) if metadata(ans).dtype.kind in "fc" else _no_cotangent


def _astype_jvp(g: Any, ans: Any, x: Any, *args: Any, **kwargs: Any) -> Any:
    dtype = metadata(ans).dtype
    return anp["astype"](g, dtype) if dtype.kind in "fc" else None


# Integers are steps: nothing flows through a conversion to them.
defvjp(anp["astype"], _astype_vjp)
defjvp(anp["astype"], _astype_jvp)
