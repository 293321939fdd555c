"""Rules of the error function and its kin, of the logistic function, of exponential integrals.

Source: Abramowitz and Stegun, Handbook of Mathematical Functions, chapters 5 and 7.
"""

from __future__ import annotations

from math import pi, sqrt
from typing import Any

from ...core import def_elementwise
from ...numpy.arithmetic import over
from ...numpy.broadcasting import metadata
from ...numpy.wrapper import wrapped_namespace as anp
from ..partials import def_partials
from .namespace import wrapped_special as sp

_exp = anp["exp"]
_TWO_OVER_ROOT_PI = 2 / sqrt(pi)
_HALF_ROOT_PI = sqrt(pi) / 2
_ROOT_TWO_PI = sqrt(2 * pi)
_HALF_ROOT = sqrt(0.5)
_LN10 = 2.302585092994046

_OF_ARGUMENT = {
    "erf": lambda g, x: g * (_TWO_OVER_ROOT_PI * _exp(-x * x)),
    "erfc": lambda g, x: -g * (_TWO_OVER_ROOT_PI * _exp(-x * x)),
    "erfi": lambda g, x: g * (_TWO_OVER_ROOT_PI * _exp(x * x)),
    "erfcx": lambda g, x: g * (2 * x * sp["erfcx"](x) - _TWO_OVER_ROOT_PI),
    "dawsn": lambda g, x: g * (1 - 2 * x * sp["dawsn"](x)),
    "ndtr": lambda g, x: g * (_exp(-0.5 * x * x) / _ROOT_TWO_PI),
    # density / ndtr, in a form that neither tail makes 0 / 0
    "log_ndtr": lambda g, x: g * (2 / _ROOT_TWO_PI / sp["erfcx"](-_HALF_ROOT * x)),
    "logit": lambda g, x: over(g, x * (1 - x)),
    "log_expit": lambda g, x: g * sp["expit"](-x),
    "exp1": lambda g, x: over(-g * _exp(-x), x),
    "expi": lambda g, x: over(g * _exp(x), x),
    "log1p": lambda g, x: over(g, 1 + x),
    "cosm1": lambda g, x: -g * anp["sin"](x),
    "ellipk": lambda g, m: over(g * (sp["ellipe"](m) / (1 - m) - sp["ellipk"](m)), 2 * m),
    "ellipe": lambda g, m: over(g * (sp["ellipe"](m) - sp["ellipk"](m)), 2 * m),
}
_OF_ANSWER = {
    "erfinv": lambda g, ans: g * (_HALF_ROOT_PI * _exp(ans * ans)),
    "erfcinv": lambda g, ans: -g * (_HALF_ROOT_PI * _exp(ans * ans)),
    "ndtri": lambda g, ans: g * (_ROOT_TWO_PI * _exp(0.5 * ans * ans)),
    "expit": lambda g, ans: g * (ans * (1 - ans)),
    "expm1": lambda g, ans: g * (ans + 1),
    "exp2": lambda g, ans: g * (0.6931471805599453 * ans),
    "exp10": lambda g, ans: g * (_LN10 * ans),
    "cbrt": lambda g, ans: over(g, 3 * ans * ans),
}
for _name, _pull in _OF_ARGUMENT.items():
    def_elementwise(sp[_name], _pull)
for _name, _pull in _OF_ANSWER.items():
    def_elementwise(sp[_name], _pull, keeps_answer=True)


def _expn_partial(ans: Any, n: Any, x: Any) -> Any:
    """-E_(n-1)(x), for n = 0 by the recurrence, since E_(-1) is not in SciPy."""
    lowest = anp["exp"](-x) * (1 + 1 / x) / x
    return -anp["where"](anp["equal"](n, 0), lowest, sp["expn"](anp["maximum"](n - 1, 0), x))


_SEVERAL: dict[str, tuple[Any, ...]] = {
    "expn": (None, _expn_partial),
    "lambertw": (lambda ans, z, *rest: _exp(-ans) / (1 + ans),),
    "hyp2f1": (
        None,
        None,
        None,
        lambda ans, a, b, c, z: a * b / c * sp["hyp2f1"](a + 1, b + 1, c + 1, z),
    ),
    "hyp1f1": (None, None, lambda ans, a, b, z: a / b * sp["hyp1f1"](a + 1, b + 1, z)),
    "hyp0f1": (None, lambda ans, v, z: sp["hyp0f1"](v + 1, z) / v),
    "hyperu": (None, None, lambda ans, a, b, x: -a * sp["hyperu"](a + 1, b + 1, x)),
}
for _name, _partials in _SEVERAL.items():
    def_partials(sp[_name], *_partials)

# -- entropies: x log(x) is zero at zero, and so are its derivatives in what multiplies a zero -----


def _ratio(x: Any, y: Any) -> Any:
    """x / y, zero where both are."""
    both_zero = anp["logical_and"](anp["equal"](x, 0), anp["equal"](y, 0))
    return x / anp["where"](both_zero, anp["ones_like"](y), y)


def _as_float(x: Any) -> Any:
    """x for use in a logarithm: integers have no derivative but may be multiplied by one."""
    return x if metadata(x).dtype.kind in "fc" else x * 1.0


_ENTROPIES: dict[str, tuple[Any, ...]] = {
    "xlogy": (lambda ans, x, y: anp["log"](_as_float(y)), lambda ans, x, y: _ratio(x, y)),
    "xlog1py": (lambda ans, x, y: anp["log1p"](_as_float(y)), lambda ans, x, y: _ratio(x, 1 + y)),
    "rel_entr": (lambda ans, x, y: anp["log"](x / y) + 1, lambda ans, x, y: -_ratio(x, y)),
    "kl_div": (lambda ans, x, y: anp["log"](x / y), lambda ans, x, y: 1 - _ratio(x, y)),
}
for _name, _partials in _ENTROPIES.items():
    def_partials(sp[_name], *_partials)
def_elementwise(sp["entr"], lambda g, x: -g * (anp["log"](x) + 1))
