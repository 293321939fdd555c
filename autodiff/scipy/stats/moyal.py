"""Moyal's distribution, an approximation of Landau's."""

from __future__ import annotations

from math import log, pi, sqrt

from ... import numpy as np
from ..special import erf, erfc, erfcinv, erfinv
from .families import Standard, location_scale, untraced

_STANDARD = Standard(
    logpdf=lambda z: -0.5 * (z + np.exp(-z)) - 0.5 * log(2 * pi),
    cdf=lambda z: erfc(sqrt(0.5) * np.exp(-0.5 * z)),
    sf=lambda z: erf(sqrt(0.5) * np.exp(-0.5 * z)),
    ppf=lambda q: -2 * np.log(sqrt(2) * erfcinv(q)),
    isf=lambda q: -2 * np.log(sqrt(2) * erfinv(q)),
)


pdf, logpdf, cdf, logcdf, sf, logsf, ppf, isf = location_scale("moyal", _STANDARD)
rvs = untraced("moyal", "rvs")
