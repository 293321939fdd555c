"""The Poisson distribution of mean mu."""

from __future__ import annotations

from typing import Any

from ..special import gammainc, gammaincc, gammaln, xlogy
from .families import untraced
from .lattice import Lattice, on_integers


def _logpmf(k: Any, mu: Any) -> Any:
    return xlogy(k, mu) - gammaln(k + 1) - mu


_LATTICE = Lattice(
    _logpmf,
    cdf=lambda k, mu: gammaincc(k + 1, mu),
    sf=lambda k, mu: gammainc(k + 1, mu),
    shapes=("mu",),
    allowed=lambda mu: mu >= 0,
)

pmf, logpmf, cdf, logcdf, sf, logsf = on_integers("poisson", _LATTICE)
ppf = untraced("poisson", "ppf")
rvs = untraced("poisson", "rvs")
