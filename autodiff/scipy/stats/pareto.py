"""Pareto's distribution of shape b, above one."""

from __future__ import annotations

from ... import numpy as np
from .families import Standard, location_scale, log_one_minus_exp, untraced

_STANDARD = Standard(
    logpdf=lambda z, b: np.log(b) - (b + 1) * np.log(z),
    cdf=lambda z, b: -np.expm1(-b * np.log(z)),
    sf=lambda z, b: z ** (-b),
    logsf=lambda z, b: -b * np.log(z),
    logcdf=lambda z, b: log_one_minus_exp(b * np.log(z)),
    ppf=lambda q, b: np.exp(-np.log1p(-q) / b),
    isf=lambda q, b: q ** (-1 / b),
    shapes=("b",),
    inside=2.0,
    support=(1.0, float("inf")),
)


pdf, logpdf, cdf, logcdf, sf, logsf, ppf, isf = location_scale("pareto", _STANDARD)
rvs = untraced("pareto", "rvs")
