"""What the outer problem makes small, and the metrics that are reported."""

from __future__ import annotations

from typing import Any

import numpy as onp
from numpy.typing import NDArray

import autodiff.numpy as np
from autodiff.scipy.special import logsumexp


def mean_loss(losses: Any) -> Any:
    """The mean of losses (N,)."""
    return np.mean(losses)


def soft_error(outputs: Any, shares: Any) -> Any:
    """One minus the mean probability of the true class, from logits (N, K): smooth, 0 to 1."""
    log_probability = np.sum(shares * outputs, axis=1) - logsumexp(outputs, axis=1)
    return 1 - np.mean(np.exp(log_probability))


def error_rate(outputs: NDArray[Any], classes: NDArray[onp.integer[Any]]) -> float:
    """The share of examples whose largest logit (N, K) is not that of their class (N,)."""
    return float(onp.mean(onp.argmax(outputs, axis=1) != classes))


def unexplained_variance(outputs: NDArray[Any], targets: NDArray[Any]) -> float:
    """The mean square error relative to the variance of the targets, (N, K): 1 - R^2."""
    residual = onp.mean((outputs - targets) ** 2)
    return float(residual / onp.mean((targets - targets.mean(axis=0)) ** 2))
