"""The Rayleigh distribution: the length of a standard normal vector in the plane."""

from __future__ import annotations

from ... import numpy as np
from .families import Standard, location_scale, log_one_minus_exp, untraced

_STANDARD = Standard(
    logpdf=lambda z: np.log(z) - 0.5 * z * z,
    cdf=lambda z: -np.expm1(-0.5 * z * z),
    sf=lambda z: np.exp(-0.5 * z * z),
    logsf=lambda z: -0.5 * z * z,
    logcdf=lambda z: log_one_minus_exp(0.5 * z * z),
    ppf=lambda q: np.sqrt(-2 * np.log1p(-q)),
    isf=lambda q: np.sqrt(-2 * np.log(q)),
    open_support=True,
    support=(0.0, float("inf")),
)


pdf, logpdf, cdf, logcdf, sf, logsf, ppf, isf = location_scale("rayleigh", _STANDARD)
rvs = untraced("rayleigh", "rvs")
