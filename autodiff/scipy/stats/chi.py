"""The chi distribution with df degrees of freedom: the root of a chi-squared number."""

from __future__ import annotations

from math import log

from ... import numpy as np
from ..special import gammainc, gammaincc, gammainccinv, gammaincinv, gammaln, xlogy
from .families import Standard, location_scale, untraced

_STANDARD = Standard(
    logpdf=lambda z, df: (
        (1 - 0.5 * df) * log(2) - gammaln(0.5 * df) + xlogy(df - 1, z) - 0.5 * z * z
    ),
    cdf=lambda z, df: gammainc(0.5 * df, 0.5 * z * z),
    sf=lambda z, df: gammaincc(0.5 * df, 0.5 * z * z),
    ppf=lambda q, df: np.sqrt(2 * gammaincinv(0.5 * df, q)),
    isf=lambda q, df: np.sqrt(2 * gammainccinv(0.5 * df, q)),
    shapes=("df",),
    support=(0.0, float("inf")),
)


pdf, logpdf, cdf, logcdf, sf, logsf, ppf, isf = location_scale("chi", _STANDARD)
rvs = untraced("chi", "rvs")
