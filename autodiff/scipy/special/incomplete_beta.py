"""The derivatives of the incomplete beta function in its shapes, of any order; Student's t.

With t = 1 / (1 + exp(-u)) the integrand becomes t^a (1-t)^b / B(a, b), which is log-concave in u
and falls off exponentially. It is integrated over the tail that does not hold the mode, by a Gauss
rule on panels that double in length away from the end. The integrand is the exponential of a
function h of a and b whose derivatives are polygammas, so that its own follow by recursion.
Relative errors are below 1e-11.

Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.5.1, 26.5.2 and 26.7.1.
"""

from __future__ import annotations

from collections.abc import Callable
from math import comb
from typing import Any

import numpy as onp
import scipy.special

from ...numpy.wrapper import wrapped_namespace as anp
from ...tracer import primitive
from ..partials import def_partials
from .namespace import wrapped_special as sp

_NODES, _WEIGHTS = onp.polynomial.legendre.leggauss(24)
_PANELS = 14
_DECAY = 45.0
"""The tail is cut where the integrand has fallen by exp(-45), below any rounding."""

Slopes = Callable[[int, int], Any]


def _of_exponential(slopes: Slopes, i: int, j: int) -> Any:
    """The derivative of exp(h(a, b)) of orders i and j, over exp(h)."""
    if i == j == 0:
        return 1.0
    if i == 0:
        return sum(
            comb(j - 1, q) * slopes(0, q + 1) * _of_exponential(slopes, 0, j - 1 - q)
            for q in range(j)
        )
    return sum(
        comb(i - 1, p) * comb(j, q) * slopes(p + 1, q) * _of_exponential(slopes, i - 1 - p, j - q)
        for p in range(i)
        for q in range(j + 1)
    )


def _slopes(a: Any, b: Any, log_t: Any, log_rest: Any, polygamma: Any) -> Slopes:
    """The derivatives of h = a log_t + b log_rest - log B(a, b)."""

    def slope(i: int, j: int) -> Any:
        of_sum = polygamma(i + j - 1, a + b)
        if i and j:
            return of_sum
        own = of_sum - polygamma(i + j - 1, a if i else b)
        return own + (log_t if i else log_rest) if i + j == 1 else own

    return slope


@primitive
def betainc_derivative(a: Any, b: Any, x: Any, i: int, j: int) -> Any:
    """The derivative of betainc(a, b, x), i times in a and j times in b; nan where it is not."""
    dtype = onp.result_type(a, b, x)
    a, b, x = onp.broadcast_arrays(*(onp.asarray(v, float) for v in (a, b, x)))
    allowed = (a > 0) & (b > 0) & (x >= 0) & (x <= 1)
    value = onp.where(allowed, 0.0, onp.nan)
    inner = allowed & (x > 0) & (x < 1)
    left = inner & (x * (a + b) <= a)
    right = inner & ~left
    value[left] = _left_tail(a[left], b[left], x[left], i, j)
    value[right] = -_left_tail(b[right], a[right], 1 - x[right], j, i)
    return value.astype(dtype if dtype.kind == "f" else float)[()]


def _left_tail(a: Any, b: Any, x: Any, i: int, j: int) -> Any:
    rate, bend = a - (a + b) * x, (a + b) * x * (1 - x)
    near = 2 * _DECAY / (rate + onp.sqrt(rate**2 + 2 * _DECAY * bend))
    length = 1.3 * near + _DECAY / a
    a, b, end = a[..., None], b[..., None], scipy.special.logit(x)[..., None]
    total = onp.zeros_like(x)
    for panel in range(_PANELS):
        stop = length * 0.5 ** (_PANELS - 1 - panel)
        start = 0.5 * stop if panel else onp.zeros_like(stop)
        half = 0.5 * (stop - start)
        u = end - (0.5 * (start + stop))[..., None] - half[..., None] * _NODES
        log_t, log_rest = scipy.special.log_expit(u), scipy.special.log_expit(-u)
        density = onp.exp(a * log_t + b * log_rest - scipy.special.betaln(a, b))
        slopes = _slopes(a, b, log_t, log_rest, scipy.special.polygamma)
        total += half * onp.sum(_WEIGHTS * density * _of_exponential(slopes, i, j), axis=-1)
    return total


def beta_density(a: Any, b: Any, x: Any) -> Any:
    """The derivative of betainc(a, b, x) in x."""
    return anp["exp"](sp["xlogy"](a - 1, x) + sp["xlog1py"](b - 1, -x) - sp["betaln"](a, b))


def _density_derivative(a: Any, b: Any, x: Any, i: int, j: int) -> Any:
    slopes = _slopes(a, b, anp["log"](x), anp["log1p"](-x), sp["polygamma"])
    return beta_density(a, b, x) * _of_exponential(slopes, i, j)


def_partials(
    betainc_derivative,
    lambda ans, a, b, x, i, j: betainc_derivative(a, b, x, i + 1, j),
    lambda ans, a, b, x, i, j: betainc_derivative(a, b, x, i, j + 1),
    lambda ans, a, b, x, i, j: _density_derivative(a, b, x, i, j),
)


def _level(i: int, j: int) -> Any:
    """How the inverse moves with a shape, along a level of betainc or of its complement."""
    return lambda x, a, b, y: -betainc_derivative(a, b, x, i, j) / beta_density(a, b, x)


_INCOMPLETE: dict[str, tuple[Any, ...]] = {
    "betainc": (
        lambda ans, a, b, x: betainc_derivative(a, b, x, 1, 0),
        lambda ans, a, b, x: betainc_derivative(a, b, x, 0, 1),
        lambda ans, a, b, x: beta_density(a, b, x),
    ),
    "betaincc": (
        lambda ans, a, b, x: -betainc_derivative(a, b, x, 1, 0),
        lambda ans, a, b, x: -betainc_derivative(a, b, x, 0, 1),
        lambda ans, a, b, x: -beta_density(a, b, x),
    ),
    "betaincinv": (_level(1, 0), _level(0, 1), lambda x, a, b, y: 1 / beta_density(a, b, x)),
    "betainccinv": (_level(1, 0), _level(0, 1), lambda x, a, b, y: -1 / beta_density(a, b, x)),
}

# -- Student's t: stdtr(df, t) is half of betainc(df / 2, 1 / 2, df / (df + t^2)) below zero -------


def _student_density(df: Any, t: Any) -> Any:
    log_scale = sp["betaln"](0.5 * df, 0.5 * anp["ones_like"](df)) + 0.5 * anp["log"](df)
    return anp["exp"](-0.5 * (df + 1) * anp["log1p"](t * t / df) - log_scale)


def _student_in_df(df: Any, t: Any) -> Any:
    half, one_half = 0.5 * df, 0.5 * anp["ones_like"](df)
    z = df / (df + t * t)
    of_shape = 0.5 * betainc_derivative(half, one_half, z, 1, 0)
    # The density at z times dz/d(df), without the 0 / 0 that both make at t = 0.
    log_rest = (half - 1) * anp["log"](z) - 1.5 * anp["log"](df + t * t)
    of_place = anp["abs"](t) * anp["exp"](log_rest - sp["betaln"](half, one_half))
    return -0.5 * anp["sign"](t) * (of_shape + of_place)


_STUDENT: dict[str, tuple[Any, ...]] = {
    "stdtr": (
        lambda ans, df, t: _student_in_df(df, t),
        lambda ans, df, t: _student_density(df, t),
    ),
    "stdtrit": (
        lambda ans, df, p: -_student_in_df(df, ans) / _student_density(df, ans),
        lambda ans, df, p: 1 / _student_density(df, ans),
    ),
}
for _name, _partials in {**_INCOMPLETE, **_STUDENT}.items():
    if _name in sp:  # betaincc came with SciPy 1.11
        def_partials(sp[_name], *_partials)
