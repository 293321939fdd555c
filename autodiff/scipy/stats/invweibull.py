"""The inverse Weibull, or Frechet, distribution of shape c."""

from __future__ import annotations

from ... import numpy as np
from .families import Standard, location_scale, log_one_minus_exp, untraced

_STANDARD = Standard(
    logpdf=lambda z, c: np.log(c) - (c + 1) * np.log(z) - z ** (-c),
    cdf=lambda z, c: np.exp(-(z ** (-c))),
    sf=lambda z, c: -np.expm1(-(z ** (-c))),
    logcdf=lambda z, c: -(z ** (-c)),
    logsf=lambda z, c: log_one_minus_exp(z ** (-c)),
    ppf=lambda q, c: (-np.log(q)) ** (-1 / c),
    isf=lambda q, c: (-np.log1p(-q)) ** (-1 / c),
    shapes=("c",),
    open_support=True,
    support=(0.0, float("inf")),
)


pdf, logpdf, cdf, logcdf, sf, logsf, ppf, isf = location_scale("invweibull", _STANDARD)
rvs = untraced("invweibull", "rvs")
