"""Losses of single examples."""

from __future__ import annotations

from typing import Any

import numpy as onp

import autodiff.numpy as np
from autodiff.extend import defjvp, defvjp, primitive


@primitive
def cross_entropy(outputs: Any, shares: Any) -> Any:
    """-sum_k share_k log softmax(outputs)_k of logits (B, K) and shares (B, K) that sum to one.

    One primitive, because every training step records it and its derivatives.
    """
    largest = onp.max(outputs, axis=1)
    total = onp.sum(onp.exp(outputs - largest[:, None]), axis=1)
    return onp.log(total) + largest - onp.sum(shares * outputs, axis=1)


@primitive
def probabilities(outputs: Any) -> Any:
    """softmax(outputs) of logits (B, K), row by row."""
    powers = onp.exp(outputs - onp.max(outputs, axis=1, keepdims=True))
    powers /= onp.sum(powers, axis=1, keepdims=True)
    return powers


def _column(g: Any) -> Any:
    return np.reshape(g, (-1, 1))


def _pull_probabilities(p: Any, g: Any) -> Any:
    """p (g - p . g): the Jacobian diag(p) - p p^T, which is symmetric."""
    weighted = p * g
    return weighted - p * np.sum(weighted, axis=1, keepdims=True)


defvjp(
    cross_entropy,
    lambda ans, z, shares: lambda g: _column(g) * (probabilities(z) - shares),
    lambda ans, z, shares: lambda g: -_column(g) * z,
)
defjvp(
    cross_entropy,
    lambda z_dot, ans, z, shares: np.sum((probabilities(z) - shares) * z_dot, axis=1),
    lambda shares_dot, ans, z, shares: -np.sum(shares_dot * z, axis=1),
)
defvjp(probabilities, lambda ans, z: lambda g: _pull_probabilities(ans, g))
defjvp(probabilities, lambda z_dot, ans, z: _pull_probabilities(ans, z_dot))


def squared_error(outputs: Any, targets: Any) -> Any:
    """sum_k (output_k - target_k)^2 / 2 of numbers (B, K)."""
    difference = outputs - targets
    return 0.5 * np.sum(difference * difference, axis=1)
