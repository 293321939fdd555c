"""The chi-squared distribution, of `df` degrees of freedom."""

from __future__ import annotations

from math import log
from typing import Any

from ..special import gammainc, gammaincc, gammainccinv, gammaincinv, gammaln, xlogy
from .families import Standard, location_scale, untraced


def _logpdf(z: Any, df: Any) -> Any:
    half = 0.5 * df
    return xlogy(half - 1, z) - 0.5 * z - gammaln(half) - log(2.0) * half


_STANDARD = Standard(
    _logpdf,
    cdf=lambda z, df: gammainc(0.5 * df, 0.5 * z),
    sf=lambda z, df: gammaincc(0.5 * df, 0.5 * z),
    ppf=lambda q, df: 2 * gammaincinv(0.5 * df, q),
    isf=lambda q, df: 2 * gammainccinv(0.5 * df, q),
    shapes=("df",),
    support=(0.0, float("inf")),
)


pdf, logpdf, cdf, logcdf, sf, logsf, ppf, isf = location_scale("chi2", _STANDARD)
rvs = untraced("chi2", "rvs")
