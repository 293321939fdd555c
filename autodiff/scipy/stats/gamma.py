"""The gamma distribution of shape a."""

from __future__ import annotations

from typing import Any

from ..special import gammainc, gammaincc, gammainccinv, gammaincinv, gammaln, xlogy
from .families import Standard, location_scale, untraced


def _logpdf(z: Any, a: Any) -> Any:
    return xlogy(a - 1, z) - z - gammaln(a)


_STANDARD = Standard(
    _logpdf,
    cdf=lambda z, a: gammainc(a, z),
    sf=lambda z, a: gammaincc(a, z),
    ppf=lambda q, a: gammaincinv(a, q),
    isf=lambda q, a: gammainccinv(a, q),
    shapes=("a",),
    support=(0.0, float("inf")),
)


pdf, logpdf, cdf, logcdf, sf, logsf, ppf, isf = location_scale("gamma", _STANDARD)
rvs = untraced("gamma", "rvs")
