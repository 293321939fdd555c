"""The Cauchy distribution."""

from __future__ import annotations

from math import log, pi
from typing import Any

from ... import numpy as np
from .families import Standard, location_scale, untraced


def _tail(z: Any) -> Any:
    """Probability of less than -z: an angle, exact in the far tail too."""
    return np.arctan2(1.0, z) / pi


_STANDARD = Standard(
    logpdf=lambda z: -np.log1p(z * z) - log(pi),
    cdf=lambda z: _tail(-z),
    sf=_tail,
    ppf=lambda q: np.tan(pi * q - 0.5 * pi),
    isf=lambda q: -np.tan(pi * q - 0.5 * pi),
)


pdf, logpdf, cdf, logcdf, sf, logsf, ppf, isf = location_scale("cauchy", _STANDARD)
rvs = untraced("cauchy", "rvs")
