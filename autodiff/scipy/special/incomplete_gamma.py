"""The derivatives of the incomplete gamma function in its shape, of any order.

P(a, x) is a sum of positive terms x^(a+n) exp(-x) / gamma(a+n+1), which is short up to x = a + 1;
beyond, 1 - P is the integral of a density with a short tail, which a Gauss rule takes to rounding.
Each summand is the exponential of a function h of a whose derivatives are polygammas, so that its
own derivatives follow by recursion. Relative errors are below 1e-11.

Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 6.5.29 and 6.5.3.
"""

from __future__ import annotations

from math import comb, factorial
from typing import Any

import numpy as onp
import scipy.special

from ...numpy.wrapper import wrapped_namespace as anp
from ...tracer import primitive
from ..partials import def_partials
from .namespace import wrapped_special as sp

_NODES, _WEIGHTS = onp.polynomial.legendre.leggauss(96)
_DECAY = 45.0
"""The tail is cut where the density has fallen by exp(-45), below any rounding."""


@primitive
def gammainc_derivative(a: Any, x: Any, order: int) -> Any:
    """The derivative of gammainc(a, x) in a, `order` times; a > 0 and x >= 0, else nan."""
    dtype = onp.result_type(a, x)
    a, x = onp.broadcast_arrays(onp.asarray(a, float), onp.asarray(x, float))
    value = onp.where((a > 0) & (x >= 0), 0.0, onp.nan)
    series = (a > 0) & (x > 0) & (x <= a + 1)
    tail = (a > 0) & (x > a + 1) & onp.isfinite(x)
    value[series] = _by_series(a[series], x[series], order)
    value[tail] = -_by_tail(a[tail], x[tail], order)
    return value.astype(dtype if dtype.kind == "f" else float)[()]


def _of_exponential(slopes: list[Any]) -> Any:
    """The last derivative of exp(h), over exp(h), from the derivatives h', h'', ... ."""
    ratios: list[Any] = [1.0]
    for k in range(len(slopes)):
        ratios.append(sum(comb(k, j) * slopes[j] * ratios[k - j] for j in range(k + 1)))
    return ratios[-1]


def _polygammas(z: Any, order: int) -> list[Any]:
    return [scipy.special.polygamma(m, z) for m in range(order)]


def _by_series(a: Any, x: Any, order: int) -> Any:
    log_x = onp.log(x)
    term = onp.exp(a * log_x - x - scipy.special.gammaln(a + 1))
    z, psis = a + 1, _polygammas(a + 1, order)
    total = onp.zeros_like(a)
    for _ in range(int(9 * onp.sqrt(a.max(initial=0.0))) + 80):
        slopes = [log_x - psis[0], *(-psi for psi in psis[1:])]
        total += term * _of_exponential(slopes)
        psis = [psi + (-1) ** m * factorial(m) / z ** (m + 1) for m, psi in enumerate(psis)]
        term = term * x / z
        z = z + 1
    return total


def _by_tail(a: Any, x: Any, order: int) -> Any:
    rate, bend = 1 - (a - 1) / x, onp.maximum(a - 1, 0) / x**2
    length = 1.3 * 2 * _DECAY / (rate + onp.sqrt(rate**2 + 2 * _DECAY * bend))
    psis = _polygammas(a, order)
    total = onp.zeros_like(a)
    for node, weight in zip(_NODES, _WEIGHTS):
        t = x + 0.5 * (node + 1) * length
        density = onp.exp((a - 1) * onp.log(t) - t - scipy.special.gammaln(a))
        slopes = [onp.log(t) - psis[0], *(-psi for psi in psis[1:])]
        total += 0.5 * weight * length * density * _of_exponential(slopes)
    return total


def gamma_density(a: Any, x: Any) -> Any:
    """The derivative of gammainc(a, x) in x."""
    return anp["exp"](sp["xlogy"](a - 1, x) - x - sp["gammaln"](a))


def _density_derivative(a: Any, x: Any, order: int) -> Any:
    """The derivative of that density in a, `order` times."""
    log_x = anp["log"](x)
    slopes = [log_x - sp["psi"](a), *(-sp["polygamma"](m, a) for m in range(1, order))]
    return gamma_density(a, x) * _of_exponential(slopes)


def_partials(
    gammainc_derivative,
    lambda ans, a, x, order: gammainc_derivative(a, x, order + 1),
    lambda ans, a, x, order: _density_derivative(a, x, order),
)

_INCOMPLETE: dict[str, tuple[Any, ...]] = {
    "gammainc": (
        lambda ans, a, x: gammainc_derivative(a, x, 1),
        lambda ans, a, x: gamma_density(a, x),
    ),
    "gammaincc": (
        lambda ans, a, x: -gammainc_derivative(a, x, 1),
        lambda ans, a, x: -gamma_density(a, x),
    ),
    # Inverses: along the level of P (or of 1 - P), dx/da = -P_a / P_x.
    "gammaincinv": (
        lambda ans, a, y: -gammainc_derivative(a, ans, 1) / gamma_density(a, ans),
        lambda ans, a, y: 1 / gamma_density(a, ans),
    ),
    "gammainccinv": (
        lambda ans, a, y: -gammainc_derivative(a, ans, 1) / gamma_density(a, ans),
        lambda ans, a, y: -1 / gamma_density(a, ans),
    ),
}
for _name, _partials in _INCOMPLETE.items():
    def_partials(sp[_name], *_partials)
