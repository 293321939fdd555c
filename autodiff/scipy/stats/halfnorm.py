"""The half-normal distribution: the modulus of a standard normal number."""

from __future__ import annotations

from math import log, pi, sqrt

from ..special import erf, erfc, erfcinv, erfinv
from .families import Standard, location_scale, untraced

_STANDARD = Standard(
    logpdf=lambda z: 0.5 * log(2 / pi) - 0.5 * z * z,
    cdf=lambda z: erf(sqrt(0.5) * z),
    sf=lambda z: erfc(sqrt(0.5) * z),
    ppf=lambda q: sqrt(2) * erfinv(q),
    isf=lambda q: sqrt(2) * erfcinv(q),
    support=(0.0, float("inf")),
)


pdf, logpdf, cdf, logcdf, sf, logsf, ppf, isf = location_scale("halfnorm", _STANDARD)
rvs = untraced("halfnorm", "rvs")
