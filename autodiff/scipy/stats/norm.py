"""The normal distribution: loc is its mean, scale its standard deviation."""

from __future__ import annotations

from math import log, pi
from typing import Any

from ..special import log_ndtr, ndtr, ndtri
from .families import Standard, location_scale, untraced

_LOG_ROOT_TWO_PI = 0.5 * log(2 * pi)


def _logpdf(z: Any) -> Any:
    return -0.5 * (z * z) - _LOG_ROOT_TWO_PI


_STANDARD = Standard(
    _logpdf,
    cdf=ndtr,
    sf=lambda z: ndtr(-z),
    ppf=ndtri,
    logcdf=log_ndtr,
    logsf=lambda z: log_ndtr(-z),
    isf=lambda q: -ndtri(q),
)


pdf, logpdf, cdf, logcdf, sf, logsf, ppf, isf = location_scale("norm", _STANDARD)
rvs = untraced("norm", "rvs")
