"""Nonlinearities between layers, smooth enough to be differentiated twice almost everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autodiff.numpy as np
from autodiff.scipy.special import erf

_ROOT_HALF = 0.5**0.5


def relu(x: Any) -> Any:
    """max(x, 0); its derivative at 0 is 0."""
    return np.where(x > 0, x, 0.0)


def softplus(x: Any) -> Any:
    """log(1 + exp(x)), without overflow."""
    return np.logaddexp(x, 0.0)


def gelu(x: Any) -> Any:
    """x Phi(x) with the normal distribution Phi (Hendrycks and Gimpel, 2016)."""
    return 0.5 * x * (1.0 + erf(x * _ROOT_HALF))


ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "tanh": np.tanh,
    "relu": relu,
    "softplus": softplus,
    "gelu": gelu,
}
