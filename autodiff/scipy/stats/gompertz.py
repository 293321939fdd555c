"""Gompertz's distribution of shape c, of lifetimes."""

from __future__ import annotations

from ... import numpy as np
from .families import Standard, location_scale, log_one_minus_exp, untraced

_STANDARD = Standard(
    logpdf=lambda z, c: np.log(c) + z - c * np.expm1(z),
    cdf=lambda z, c: -np.expm1(-c * np.expm1(z)),
    sf=lambda z, c: np.exp(-c * np.expm1(z)),
    logsf=lambda z, c: -c * np.expm1(z),
    logcdf=lambda z, c: log_one_minus_exp(c * np.expm1(z)),
    ppf=lambda q, c: np.log1p(-np.log1p(-q) / c),
    isf=lambda q, c: np.log1p(-np.log(q) / c),
    shapes=("c",),
    support=(0.0, float("inf")),
)


pdf, logpdf, cdf, logcdf, sf, logsf, ppf, isf = location_scale("gompertz", _STANDARD)
rvs = untraced("gompertz", "rvs")
