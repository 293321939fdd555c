"""Maxwell's distribution: the length of a standard normal vector in space."""

from __future__ import annotations

from math import log, pi

from numpy import float32

from ... import numpy as np
from ..special import gammainc, gammaincc, gammainccinv, gammaincinv
from .families import Standard, location_scale, untraced

_SHAPE = float32(1.5)
"""Of the gamma distribution of half the square; exact in float32, and so it changes no dtype."""

_STANDARD = Standard(
    logpdf=lambda z: 0.5 * log(2 / pi) + 2 * np.log(z) - 0.5 * z * z,
    cdf=lambda z: gammainc(_SHAPE, 0.5 * z * z),
    sf=lambda z: gammaincc(_SHAPE, 0.5 * z * z),
    ppf=lambda q: np.sqrt(2 * gammaincinv(_SHAPE, q)),
    isf=lambda q: np.sqrt(2 * gammainccinv(_SHAPE, q)),
    open_support=True,
    support=(0.0, float("inf")),
)


pdf, logpdf, cdf, logcdf, sf, logsf, ppf, isf = location_scale("maxwell", _STANDARD)
rvs = untraced("maxwell", "rvs")
