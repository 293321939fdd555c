"""Rules of Bessel functions, in their argument. There is none in the order.

Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 9.1.27 and 9.6.26.
"""

from __future__ import annotations

from typing import Any

from ...core import def_elementwise
from ...numpy.arithmetic import over
from ...numpy.wrapper import wrapped_namespace as anp
from ..partials import def_partials
from .namespace import wrapped_special as sp

_sign = anp["sign"]

_ORDER_ZERO_AND_ONE = {
    "j0": lambda g, x: -g * sp["j1"](x),
    "y0": lambda g, x: -g * sp["y1"](x),
    "i0": lambda g, x: g * sp["i1"](x),
    "k0": lambda g, x: -g * sp["k1"](x),
    "i0e": lambda g, x: g * (sp["i1e"](x) - _sign(x) * sp["i0e"](x)),
    "k0e": lambda g, x: g * (sp["k0e"](x) - sp["k1e"](x)),
    "j1": lambda g, x: g * (0.5 * (sp["j0"](x) - sp["jv"](2.0, x))),
    "y1": lambda g, x: g * (sp["y0"](x) - over(sp["y1"](x), x)),
    "i1": lambda g, x: g * (0.5 * (sp["i0"](x) + sp["iv"](2.0, x))),
    "k1": lambda g, x: -g * (sp["k0"](x) + over(sp["k1"](x), x)),
    "i1e": lambda g, x: g * (0.5 * (sp["i0e"](x) + sp["ive"](2.0, x)) - _sign(x) * sp["i1e"](x)),
    "k1e": lambda g, x: g * (sp["k1e"](x) - 0.5 * (sp["k0e"](x) + sp["kve"](2.0, x))),
}
for _name, _pull in _ORDER_ZERO_AND_ONE.items():
    def_elementwise(sp[_name], _pull)


def _neighbours(name: str, sign: int) -> Any:
    """Half the function one order below, plus or minus one order above."""
    fun = sp[name]
    if sign > 0:
        return lambda n, x: 0.5 * (fun(n - 1, x) + fun(n + 1, x))
    return lambda n, x: 0.5 * (fun(n - 1, x) - fun(n + 1, x))


def _integer_kn(ans: Any, n: Any, x: Any) -> Any:
    # SciPy's kn wants integers that are not negative: kv knows both.
    return -0.5 * (sp["kv"](n - 1.0, x) + sp["kv"](n + 1.0, x))


_SIGN_OF_UPPER = {"iv": 1, **dict.fromkeys(("jv", "jn", "jve", "yv", "yn", "yve"), -1)}
for _name, _sign_of_upper in _SIGN_OF_UPPER.items():
    _mean = _neighbours(_name, _sign_of_upper)
    def_partials(sp[_name], None, lambda ans, n, x, mean=_mean: mean(n, x))
def_partials(sp["kv"], None, lambda ans, n, x: -_neighbours("kv", 1)(n, x))
def_partials(sp["kn"], None, _integer_kn)
def_partials(sp["ive"], None, lambda ans, n, x: _neighbours("ive", 1)(n, x) - _sign(x) * ans)
def_partials(sp["kve"], None, lambda ans, n, x: ans - _neighbours("kve", 1)(n, x))
