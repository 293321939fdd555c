"""The log-normal distribution: log((x - loc) / scale) is normal with deviation s."""

from __future__ import annotations

from math import log, pi
from typing import Any

from ... import numpy as np
from ..special import log_ndtr, ndtr, ndtri
from .families import Standard, location_scale, untraced

_LOG_ROOT_TWO_PI = 0.5 * log(2 * pi)


def _logpdf(z: Any, s: Any) -> Any:
    log_z = np.log(z)
    return -0.5 * (log_z / s) ** 2 - _LOG_ROOT_TWO_PI - np.log(s) - log_z


_STANDARD = Standard(
    _logpdf,
    cdf=lambda z, s: ndtr(np.log(z) / s),
    sf=lambda z, s: ndtr(-np.log(z) / s),
    ppf=lambda q, s: np.exp(s * ndtri(q)),
    logcdf=lambda z, s: log_ndtr(np.log(z) / s),
    logsf=lambda z, s: log_ndtr(-np.log(z) / s),
    isf=lambda q, s: np.exp(-s * ndtri(q)),
    shapes=("s",),
    support=(0.0, float("inf")),
    open_support=True,
)


pdf, logpdf, cdf, logcdf, sf, logsf, ppf, isf = location_scale("lognorm", _STANDARD)
rvs = untraced("lognorm", "rvs")
