"""Gumbel's distribution of smallest values."""

from __future__ import annotations

from ... import numpy as np
from .families import Standard, location_scale, log_one_minus_exp, untraced

_STANDARD = Standard(
    logpdf=lambda z: z - np.exp(z),
    cdf=lambda z: -np.expm1(-np.exp(z)),
    sf=lambda z: np.exp(-np.exp(z)),
    logsf=lambda z: -np.exp(z),
    logcdf=lambda z: log_one_minus_exp(np.exp(z)),
    ppf=lambda q: np.log(-np.log1p(-q)),
    isf=lambda q: np.log(-np.log(q)),
)


pdf, logpdf, cdf, logcdf, sf, logsf, ppf, isf = location_scale("gumbel_l", _STANDARD)
rvs = untraced("gumbel_l", "rvs")
