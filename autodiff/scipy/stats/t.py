"""Student's t distribution, of `df` degrees of freedom."""

from __future__ import annotations

from typing import Any

from ... import numpy as np
from ..special import betaln, stdtr, stdtrit
from .families import Standard, location_scale, untraced


def _logpdf(z: Any, df: Any) -> Any:
    shape = -0.5 * (df + 1) * np.log1p(z * z / df)
    return shape - betaln(0.5 * df, 0.5 * np.ones_like(df)) - 0.5 * np.log(df)


_STANDARD = Standard(
    _logpdf,
    cdf=lambda z, df: stdtr(df, z),
    sf=lambda z, df: stdtr(df, -z),
    ppf=lambda q, df: stdtrit(df, q),
    isf=lambda q, df: -stdtrit(df, q),
    shapes=("df",),
)


pdf, logpdf, cdf, logcdf, sf, logsf, ppf, isf = location_scale("t", _STANDARD)
rvs = untraced("t", "rvs")
