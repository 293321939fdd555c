"""Levy's distribution: the inverse square of a normal number."""

from __future__ import annotations

from math import log, pi

from ... import numpy as np
from ..special import erf, erfc, erfcinv, erfinv
from .families import Standard, location_scale, untraced

_STANDARD = Standard(
    logpdf=lambda z: -0.5 * log(2 * pi) - 1.5 * np.log(z) - 0.5 / z,
    cdf=lambda z: erfc(np.sqrt(0.5 / z)),
    sf=lambda z: erf(np.sqrt(0.5 / z)),
    ppf=lambda q: 0.5 / erfcinv(q) ** 2,
    isf=lambda q: 0.5 / erfinv(q) ** 2,
    open_support=True,
    support=(0.0, float("inf")),
)


pdf, logpdf, cdf, logcdf, sf, logsf, ppf, isf = location_scale("levy", _STANDARD)
rvs = untraced("levy", "rvs")
