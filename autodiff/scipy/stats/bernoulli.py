"""The Bernoulli distribution: 1 with probability p, else 0."""

from __future__ import annotations

from typing import Any

from ... import numpy as np
from ..special import xlog1py, xlogy
from .families import untraced
from .lattice import Lattice, on_integers


def _logpmf(k: Any, p: Any) -> Any:
    return xlogy(k, p) + xlog1py(1 - k, -p)


_LATTICE = Lattice(
    _logpmf,
    cdf=lambda k, p: 1 - p + 0 * k,
    sf=lambda k, p: p + 0 * k,
    shapes=("p",),
    allowed=lambda p: np.logical_and(p >= 0, p <= 1),
    last=lambda p: 1,
)

pmf, logpmf, cdf, logcdf, sf, logsf = on_integers("bernoulli", _LATTICE)
ppf = untraced("bernoulli", "ppf")
rvs = untraced("bernoulli", "rvs")
