"""Nakagami's distribution of shape nu."""

from __future__ import annotations

from math import log

from ... import numpy as np
from ..special import gammainc, gammaincc, gammainccinv, gammaincinv, gammaln, xlogy
from .families import Standard, location_scale, untraced

_STANDARD = Standard(
    logpdf=lambda z, nu: log(2) + xlogy(nu, nu) - gammaln(nu) + xlogy(2 * nu - 1, z) - nu * z * z,
    cdf=lambda z, nu: gammainc(nu, nu * z * z),
    sf=lambda z, nu: gammaincc(nu, nu * z * z),
    ppf=lambda q, nu: np.sqrt(gammaincinv(nu, q) / nu),
    isf=lambda q, nu: np.sqrt(gammainccinv(nu, q) / nu),
    shapes=("nu",),
    support=(0.0, float("inf")),
)


pdf, logpdf, cdf, logcdf, sf, logsf, ppf, isf = location_scale("nakagami", _STANDARD)
rvs = untraced("nakagami", "rvs")
