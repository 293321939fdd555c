"""The binomial distribution: n trials that each succeed with probability p."""

from __future__ import annotations

from typing import Any

from ... import numpy as np
from ..special import betainc, gammaln, xlog1py, xlogy
from .families import untraced
from .lattice import Lattice, on_integers


def _logpmf(k: Any, n: Any, p: Any) -> Any:
    ways = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return ways + xlogy(k, p) + xlog1py(n - k, -p)


def _allowed(n: Any, p: Any) -> Any:
    whole = np.logical_and(n >= 0, np.equal(np.floor(n), n))
    return np.logical_and(whole, np.logical_and(p >= 0, p <= 1))


def _trials(n: Any, k: Any) -> Any:
    """n - k, kept positive where there is nothing to count: those results are not used."""
    return np.maximum(n - k, 1)


_LATTICE = Lattice(
    _logpmf,
    cdf=lambda k, n, p: betainc(_trials(n, k), k + 1, 1 - p),
    sf=lambda k, n, p: betainc(k + 1, _trials(n, k), p),
    shapes=("n", "p"),
    allowed=_allowed,
    last=lambda n, p: n,
)

pmf, logpmf, cdf, logcdf, sf, logsf = on_integers("binom", _LATTICE)
ppf = untraced("binom", "ppf")
rvs = untraced("binom", "rvs")
