"""The half-Cauchy distribution: the modulus of a Cauchy number."""

from __future__ import annotations

from math import log, pi

from ... import numpy as np
from .families import Standard, location_scale, untraced

_STANDARD = Standard(
    logpdf=lambda z: log(2 / pi) - np.log1p(z * z),
    cdf=lambda z: 2 / pi * np.arctan(z),
    sf=lambda z: 2 / pi * np.arctan(1 / z),
    ppf=lambda q: np.tan(0.5 * pi * q),
    isf=lambda q: 1 / np.tan(0.5 * pi * q),
    support=(0.0, float("inf")),
)


pdf, logpdf, cdf, logcdf, sf, logsf, ppf, isf = location_scale("halfcauchy", _STANDARD)
rvs = untraced("halfcauchy", "rvs")
