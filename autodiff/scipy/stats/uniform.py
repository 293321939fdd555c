"""The uniform distribution between loc and loc + scale."""

from __future__ import annotations

from typing import Any

from ... import numpy as np
from .families import Standard, location_scale, untraced


def _within(q: Any) -> Any:
    return np.where(np.logical_and(q >= 0, q <= 1), q, float("nan"))


_STANDARD = Standard(
    logpdf=lambda z: 0.0 * z,
    cdf=lambda z: z,
    sf=lambda z: 1 - z,
    ppf=_within,
    isf=lambda q: 1 - _within(q),
    support=(0.0, 1.0),
)


pdf, logpdf, cdf, logcdf, sf, logsf, ppf, isf = location_scale("uniform", _STANDARD)
rvs = untraced("uniform", "rvs")
