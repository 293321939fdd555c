"""The hyperbolic secant distribution."""

from __future__ import annotations

from math import log, pi

from ... import numpy as np
from .families import Standard, location_scale, untraced

_STANDARD = Standard(
    logpdf=lambda z: log(1 / pi) - np.log(np.cosh(z)),
    cdf=lambda z: 2 / pi * np.arctan(np.exp(z)),
    sf=lambda z: 2 / pi * np.arctan(np.exp(-z)),
    ppf=lambda q: np.log(np.tan(0.5 * pi * q)),
    isf=lambda q: -np.log(np.tan(0.5 * pi * q)),
)


pdf, logpdf, cdf, logcdf, sf, logsf, ppf, isf = location_scale("hypsecant", _STANDARD)
rvs = untraced("hypsecant", "rvs")
