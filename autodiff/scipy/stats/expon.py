"""The exponential distribution: scale is its mean above loc."""

from __future__ import annotations

from ... import numpy as np
from .families import Standard, location_scale, untraced

_STANDARD = Standard(
    logpdf=lambda z: -z,
    cdf=lambda z: -np.expm1(-z),
    sf=lambda z: np.exp(-z),
    ppf=lambda q: -np.log1p(-q),
    logcdf=lambda z: np.log(-np.expm1(-z)),
    logsf=lambda z: -z,
    isf=lambda q: -np.log(q),
    support=(0.0, float("inf")),
)


pdf, logpdf, cdf, logcdf, sf, logsf, ppf, isf = location_scale("expon", _STANDARD)
rvs = untraced("expon", "rvs")
