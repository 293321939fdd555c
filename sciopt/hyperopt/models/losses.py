"""Losses of single examples."""

from __future__ import annotations

from typing import Any

import autodiff.numpy as np
from autodiff.scipy.special import logsumexp


def cross_entropy(outputs: Any, shares: Any) -> Any:
    """-sum_k share_k log softmax(outputs)_k of logits (B, K) and shares (B, K) that sum to one."""
    return logsumexp(outputs, axis=1) - np.sum(shares * outputs, axis=1)


def squared_error(outputs: Any, targets: Any) -> Any:
    """sum_k (output_k - target_k)^2 / 2 of numbers (B, K)."""
    difference = outputs - targets
    return 0.5 * np.sum(difference * difference, axis=1)
