"""The logistic distribution: its cumulative function is expit."""

from __future__ import annotations

from ..special import expit, log_expit, logit
from .families import Standard, location_scale, untraced

_STANDARD = Standard(
    logpdf=lambda z: log_expit(z) + log_expit(-z),
    cdf=expit,
    sf=lambda z: expit(-z),
    ppf=logit,
    logcdf=log_expit,
    logsf=lambda z: log_expit(-z),
    isf=lambda q: -logit(q),
)


pdf, logpdf, cdf, logcdf, sf, logsf, ppf, isf = location_scale("logistic", _STANDARD)
rvs = untraced("logistic", "rvs")
