"""Rules of incomplete elliptic integrals, of Owen's T, of Struve's functions, and of a few others.

Source: Abramowitz and Stegun, Handbook of Mathematical Functions, chapters 12, 17 and 27.7; Owen,
Tables for computing bivariate normal probabilities, Ann. Math. Statist. 27 (1956).
"""

from __future__ import annotations

from math import pi, sqrt
from typing import Any

from ...core import def_elementwise
from ...numpy.arithmetic import over
from ...numpy.wrapper import wrapped_namespace as anp
from ..partials import def_partials
from .namespace import wrapped_special as sp

_exp, _sin, _sqrt = anp["exp"], anp["sin"], anp["sqrt"]
_DEGREE = pi / 180


def _delta(phi: Any, m: Any) -> Any:
    return _sqrt(1 - m * _sin(phi) ** 2)


def _first_kind_in_m(ans: Any, phi: Any, m: Any) -> Any:
    rest = 1 - m
    bend = _sin(2 * phi) / (4 * rest * _delta(phi, m))
    return sp["ellipeinc"](phi, m) / (2 * m * rest) - ans / (2 * m) - bend


def _struve_slope(name: str) -> Any:
    return lambda ans, v, x: sp[name](v - 1.0, x) - v * ans / x


_SEVERAL: dict[str, tuple[Any, ...]] = {
    "ellipkinc": (lambda ans, phi, m: 1 / _delta(phi, m), _first_kind_in_m),
    "ellipeinc": (
        lambda ans, phi, m: _delta(phi, m),
        lambda ans, phi, m: (ans - sp["ellipkinc"](phi, m)) / (2 * m),
    ),
    "owens_t": (
        lambda ans, h, a: -_exp(-0.5 * h * h) * sp["erf"](a * h * sqrt(0.5)) / sqrt(8 * pi),
        lambda ans, h, a: _exp(-0.5 * h * h * (1 + a * a)) / (2 * pi * (1 + a * a)),
    ),
    "struve": (None, _struve_slope("struve")),
    "modstruve": (None, _struve_slope("modstruve")),
    "wright_bessel": (None, None, lambda ans, a, b, x: sp["wright_bessel"](a, a + b, x)),
}
for _name, _partials in _SEVERAL.items():
    def_partials(sp[_name], *_partials)

_OF_ARGUMENT = {
    "ellipkm1": lambda g, p: (
        g * over(sp["ellipkm1"](p) - over(sp["ellipe"](1 - p), p), 2 * (1 - p))
    ),
    # (exp(x) - 1) / x is 1F1(1, 2, x): no difference of near numbers around zero.
    "exprel": lambda g, x: g * (0.5 * sp["hyp1f1"](2.0, 3.0, x)),
    "spence": lambda g, z: over(g * anp["log"](z), 1 - z),
    "sindg": lambda g, x: g * (_DEGREE * sp["cosdg"](x)),
    "cosdg": lambda g, x: g * (-_DEGREE * sp["sindg"](x)),
    "tandg": lambda g, x: g * (_DEGREE * (1 + sp["tandg"](x) ** 2)),
}
for _name, _pull in _OF_ARGUMENT.items():
    def_elementwise(sp[_name], _pull)
def_elementwise(sp["wrightomega"], lambda g, ans: over(g * ans, 1 + ans), keeps_answer=True)
