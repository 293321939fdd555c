"""Rules of the gamma and beta functions and of what is made of them.

Source: Abramowitz and Stegun, Handbook of Mathematical Functions, chapters 6 and 23.
"""

from __future__ import annotations

from typing import Any

import numpy as onp

from ...core import JVPTrace, Tape, def_elementwise
from ...numpy.broadcasting import match_dtype, metadata
from ...numpy.wrapper import wrapped_namespace as anp
from ...tracer import register_notrace
from ..partials import def_partials
from .namespace import wrapped_special as sp

_psi, _polygamma = sp["psi"], sp["polygamma"]

for _kind in (Tape, JVPTrace):
    register_notrace(_kind, sp["gammasgn"])


def _trigamma(g: Any, x: Any) -> Any:
    # SciPy's polygamma gives float64 whatever it is given.
    return match_dtype(g * _polygamma(1, x), metadata(g).dtype)


_UNARY = {
    "gammaln": lambda g, x: g * _psi(x),
    "loggamma": lambda g, x: g * _psi(x),
    "psi": _trigamma,
    "digamma": _trigamma,
}
for _name, _pull in _UNARY.items():
    def_elementwise(sp[_name], _pull)


def _digammas(ans: Any, a: Any, d: Any) -> Any:
    return anp["sum"](_psi(anp["expand_dims"](a, -1) - onp.arange(d) / 2.0), -1)


_SEVERAL: dict[str, tuple[Any, ...]] = {
    "gamma": (lambda ans, x: ans * _psi(x),),
    "rgamma": (lambda ans, x: -ans * _psi(x),),
    "polygamma": (None, lambda ans, n, x: _polygamma(n + 1, x)),
    "multigammaln": (_digammas,),
    "beta": (
        lambda ans, a, b: ans * (_psi(a) - _psi(a + b)),
        lambda ans, a, b: ans * (_psi(b) - _psi(a + b)),
    ),
    "betaln": (
        lambda ans, a, b: _psi(a) - _psi(a + b),
        lambda ans, a, b: _psi(b) - _psi(a + b),
    ),
    "binom": (
        lambda ans, n, k: ans * (_psi(n + 1) - _psi(n - k + 1)),
        lambda ans, n, k: ans * (_psi(n - k + 1) - _psi(k + 1)),
    ),
    "poch": (
        lambda ans, z, m: ans * (_psi(z + m) - _psi(z)),
        lambda ans, z, m: ans * _psi(z + m),
    ),
    # The Hurwitz zeta function, in its second argument.
    "zeta": (None, lambda ans, x, q: -x * sp["zeta"](x + 1, q)),
}
for _name, _partials in _SEVERAL.items():
    def_partials(sp[_name], *_partials)


def _as_operand(x: Any) -> Any:
    return onp.asarray(x) if isinstance(x, (list, tuple)) else x


def comb(N: Any, k: Any, *, exact: bool = False, repetition: bool = False) -> Any:  # noqa: N803
    """Number of ways to choose k of N things, as scipy.special.comb; zero where there is none.

    Raises:
        NotImplementedError: `exact=True`: those are integers. Ask SciPy's own function.
    """
    if exact:
        raise NotImplementedError("comb with exact=True gives integers: use scipy.special.comb")
    N, k = _as_operand(N), _as_operand(k)  # noqa: N806
    if repetition:
        return comb(N + k - 1, k)
    possible = anp["logical_and"](anp["logical_and"](k <= N, k >= 0), N >= 0)
    return anp["where"](possible, sp["binom"](N, k), 0.0)


def factorial(n: Any, exact: bool = False) -> Any:
    """n! = gamma(n + 1), zero for negative n, as scipy.special.factorial.

    Raises:
        NotImplementedError: `exact=True`: those are integers. Ask SciPy's own function.
    """
    if exact:
        raise NotImplementedError(
            "factorial with exact=True gives integers: use scipy.special.factorial"
        )
    n = _as_operand(n)
    return anp["where"](n >= 0, sp["gamma"](n + 1.0), 0.0)
