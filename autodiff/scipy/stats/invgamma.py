"""The inverse gamma distribution of shape a."""

from __future__ import annotations

from ... import numpy as np
from ..special import gammainc, gammaincc, gammainccinv, gammaincinv, gammaln
from .families import Standard, location_scale, untraced

_STANDARD = Standard(
    logpdf=lambda z, a: -(a + 1) * np.log(z) - gammaln(a) - 1 / z,
    cdf=lambda z, a: gammaincc(a, 1 / z),
    sf=lambda z, a: gammainc(a, 1 / z),
    ppf=lambda q, a: 1 / gammainccinv(a, q),
    isf=lambda q, a: 1 / gammaincinv(a, q),
    shapes=("a",),
    open_support=True,
    support=(0.0, float("inf")),
)


pdf, logpdf, cdf, logcdf, sf, logsf, ppf, isf = location_scale("invgamma", _STANDARD)
rvs = untraced("invgamma", "rvs")
