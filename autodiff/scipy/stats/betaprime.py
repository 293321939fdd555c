"""The beta prime distribution of shapes a and b: the odds of a beta number."""

from __future__ import annotations

from typing import Any

from ... import numpy as np
from ..special import betainc, betaincc, betainccinv, betaincinv, betaln, xlogy
from .families import Standard, location_scale, untraced


def _odds(p: Any) -> Any:
    return p / (1 - p)


_STANDARD = Standard(
    logpdf=lambda z, a, b: xlogy(a - 1, z) - (a + b) * np.log1p(z) - betaln(a, b),
    cdf=lambda z, a, b: betainc(a, b, z / (1 + z)),
    sf=lambda z, a, b: betaincc(a, b, z / (1 + z)),
    ppf=lambda q, a, b: _odds(betaincinv(a, b, q)),
    isf=lambda q, a, b: _odds(betainccinv(a, b, q)),
    shapes=("a", "b"),
    support=(0.0, float("inf")),
)


pdf, logpdf, cdf, logcdf, sf, logsf, ppf, isf = location_scale("betaprime", _STANDARD)
rvs = untraced("betaprime", "rvs")
