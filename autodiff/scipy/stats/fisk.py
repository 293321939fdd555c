"""The log-logistic distribution of shape c."""

from __future__ import annotations

from ... import numpy as np
from ..special import expit, log_expit, logit, xlogy
from .families import Standard, location_scale, untraced

_STANDARD = Standard(
    logpdf=lambda z, c: np.log(c) + xlogy(c - 1, z) - 2 * np.log1p(z**c),
    cdf=lambda z, c: expit(c * np.log(z)),
    sf=lambda z, c: expit(-c * np.log(z)),
    logcdf=lambda z, c: log_expit(c * np.log(z)),
    logsf=lambda z, c: log_expit(-c * np.log(z)),
    ppf=lambda q, c: np.exp(logit(q) / c),
    isf=lambda q, c: np.exp(-logit(q) / c),
    shapes=("c",),
    support=(0.0, float("inf")),
)


pdf, logpdf, cdf, logcdf, sf, logsf, ppf, isf = location_scale("fisk", _STANDARD)
rvs = untraced("fisk", "rvs")
