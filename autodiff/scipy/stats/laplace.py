"""The Laplace distribution: two exponentials back to back. At loc its slope is taken as 0."""

from __future__ import annotations

from math import log
from typing import Any

from ... import numpy as np
from .families import Standard, location_scale, untraced


def _logpdf(z: Any) -> Any:
    return -np.abs(z) - log(2.0)


def _cdf(z: Any) -> Any:
    tail = 0.5 * np.exp(-np.abs(z))
    return np.where(z > 0, 1 - tail, tail)


def _logcdf(z: Any) -> Any:
    distance = np.abs(z)
    return np.where(z > 0, np.log1p(-0.5 * np.exp(-distance)), -distance - log(2.0))


def _ppf(q: Any) -> Any:
    upper = q > 0.5
    distance = np.log(2 * np.where(upper, 1 - q, q))
    return np.where(upper, -distance, distance)


_STANDARD = Standard(
    _logpdf,
    cdf=_cdf,
    sf=lambda z: _cdf(-z),
    ppf=_ppf,
    logcdf=_logcdf,
    logsf=lambda z: _logcdf(-z),
    isf=lambda q: -_ppf(q),
)


pdf, logpdf, cdf, logcdf, sf, logsf, ppf, isf = location_scale("laplace", _STANDARD)
rvs = untraced("laplace", "rvs")
