"""The beta distribution of shapes a and b."""

from __future__ import annotations

from typing import Any

from ..special import betainc, betaincinv, betaln, xlog1py, xlogy
from .families import Standard, location_scale, untraced


def _logpdf(z: Any, a: Any, b: Any) -> Any:
    return xlogy(a - 1, z) + xlog1py(b - 1, -z) - betaln(a, b)


_STANDARD = Standard(
    _logpdf,
    cdf=lambda z, a, b: betainc(a, b, z),
    sf=lambda z, a, b: betainc(b, a, 1 - z),
    ppf=lambda q, a, b: betaincinv(a, b, q),
    isf=lambda q, a, b: 1 - betaincinv(b, a, q),
    shapes=("a", "b"),
    support=(0.0, 1.0),
)


pdf, logpdf, cdf, logcdf, sf, logsf, ppf, isf = location_scale("beta", _STANDARD)
rvs = untraced("beta", "rvs")
