"""Fisher's F distribution with dfn and dfd degrees of freedom."""

from __future__ import annotations

from typing import Any

from ... import numpy as np
from ..special import betainc, betaincc, betainccinv, betaincinv, betaln, xlogy
from .families import Standard, location_scale, untraced


def _logpdf(z: Any, n: Any, m: Any) -> Any:
    total = 0.5 * (n + m)
    scaled = xlogy(0.5 * n, n) + xlogy(0.5 * m, m) - betaln(0.5 * n, 0.5 * m)
    return scaled + xlogy(0.5 * n - 1, z) - total * np.log(n * z + m)


def _ratio(p: Any, n: Any, m: Any) -> Any:
    """The ratio z of which p = n z / (n z + m)."""
    return m * p / (n * (1 - p))


_STANDARD = Standard(
    logpdf=_logpdf,
    cdf=lambda z, n, m: betainc(0.5 * n, 0.5 * m, n * z / (n * z + m)),
    sf=lambda z, n, m: betaincc(0.5 * n, 0.5 * m, n * z / (n * z + m)),
    ppf=lambda q, n, m: _ratio(betaincinv(0.5 * n, 0.5 * m, q), n, m),
    isf=lambda q, n, m: _ratio(betainccinv(0.5 * n, 0.5 * m, q), n, m),
    shapes=("dfn", "dfd"),
    support=(0.0, float("inf")),
)


pdf, logpdf, cdf, logcdf, sf, logsf, ppf, isf = location_scale("f", _STANDARD)
rvs = untraced("f", "rvs")
