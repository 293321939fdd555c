"""The power-function distribution of shape a, on [0, 1]."""

from __future__ import annotations

from ... import numpy as np
from ..special import xlogy
from .families import Standard, location_scale, log_one_minus_exp, untraced

_STANDARD = Standard(
    logpdf=lambda z, a: np.log(a) + xlogy(a - 1, z),
    cdf=lambda z, a: z**a,
    sf=lambda z, a: -np.expm1(a * np.log(z)),
    logcdf=lambda z, a: a * np.log(z),
    logsf=lambda z, a: log_one_minus_exp(-a * np.log(z)),
    ppf=lambda q, a: q ** (1 / a),
    isf=lambda q, a: np.exp(np.log1p(-q) / a),
    shapes=("a",),
    support=(0.0, 1.0),
)


pdf, logpdf, cdf, logcdf, sf, logsf, ppf, isf = location_scale("powerlaw", _STANDARD)
rvs = untraced("powerlaw", "rvs")
