"""Weibull's distribution of shape c, of smallest values."""

from __future__ import annotations

from ... import numpy as np
from ..special import xlogy
from .families import Standard, location_scale, log_one_minus_exp, untraced

_STANDARD = Standard(
    logpdf=lambda z, c: np.log(c) + xlogy(c - 1, z) - z**c,
    cdf=lambda z, c: -np.expm1(-(z**c)),
    sf=lambda z, c: np.exp(-(z**c)),
    logsf=lambda z, c: -(z**c),
    logcdf=lambda z, c: log_one_minus_exp(z**c),
    ppf=lambda q, c: (-np.log1p(-q)) ** (1 / c),
    isf=lambda q, c: (-np.log(q)) ** (1 / c),
    shapes=("c",),
    support=(0.0, float("inf")),
)


pdf, logpdf, cdf, logcdf, sf, logsf, ppf, isf = location_scale("weibull_min", _STANDARD)
rvs = untraced("weibull_min", "rvs")
