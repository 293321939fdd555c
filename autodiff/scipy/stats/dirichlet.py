"""The Dirichlet distribution, on points of the simplex."""

from __future__ import annotations

from typing import Any

from ... import numpy as np
from ..special import gammaln, xlogy
from .families import as_operand, untraced


def logpdf(x: Any, alpha: Any) -> Any:
    """Log density at x, as scipy.stats.dirichlet.logpdf.

    Args:
        x: shape (K,) or (K, N), columns that sum to 1; or without its last row, which then is what
            is missing to 1. The sum is not checked: off the simplex the formula is continued.
        alpha: shape (K,), positive.

    Returns: a number, or shape (N,).

    Raises:
        ValueError: x has neither K nor K - 1 rows.
    """
    x, alpha = as_operand(x), as_operand(alpha)
    rows, k = np.shape(x)[0], np.shape(alpha)[0]
    if rows == k - 1:
        x = np.concatenate([x, 1 - np.sum(x, axis=0, keepdims=True)])
    elif rows != k:
        raise ValueError(f"dirichlet: x must have {k} or {k - 1} rows, as alpha has, got {rows}")
    log_norm = np.sum(gammaln(alpha)) - gammaln(np.sum(alpha))
    exponents = np.reshape(alpha - 1, (k,) + (1,) * (len(np.shape(x)) - 1))
    return np.sum(xlogy(exponents, x), axis=0) - log_norm


def pdf(x: Any, alpha: Any) -> Any:
    """Density at x; see `logpdf`."""
    return np.exp(logpdf(x, alpha))


rvs = untraced("dirichlet", "rvs")
