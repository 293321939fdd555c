"""What the outer problem makes small, and the metrics that are reported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as onp
from numpy.typing import NDArray

import autodiff.numpy as np
from autodiff import compiled, value_and_grad

from .models.losses import cross_entropy
from .training import InnerProblem, Weights


@dataclass(frozen=True, eq=False)
class Objective:
    """The outer loss, a function of trained weights and of the model's tuned arguments by name.

    Attributes:
        inner: training, which knows the model.
        is_error: whether it is the soft error rate, or else the mean of the model's loss.
        inputs, targets: the examples that it is taken on, (N, ...) and (N, K).
    """

    inner: InnerProblem
    is_error: bool
    inputs: NDArray[Any]
    targets: NDArray[Any]

    def __call__(self, weights: Weights, arguments: dict[str, Any]) -> Any:
        """The loss, a float."""
        return self._value(weights, arguments, self.inputs, self.targets)

    def slopes(self, weights: Weights, arguments: dict[str, Any]) -> tuple[Any, tuple[Any, Any]]:
        """The loss, and its gradients by weights and arguments."""
        return self._slopes(weights, arguments, self.inputs, self.targets)

    @cached_property
    def _value(self) -> Callable[..., Any]:
        return compiled(self._plain) if self.inner.compiled else self._plain

    @cached_property
    def _slopes(self) -> Callable[..., Any]:
        slopes = value_and_grad(self._plain, argnum=(0, 1))
        return compiled(slopes) if self.inner.compiled else slopes

    def _plain(self, weights: Weights, arguments: dict[str, Any], inputs: Any, targets: Any) -> Any:
        outputs = self.inner.predict(weights, arguments, inputs)
        if self.is_error:
            return soft_error(outputs, targets)
        return mean_loss(self.inner.model.loss(outputs, targets))


def mean_loss(losses: Any) -> Any:
    """The mean of losses (N,)."""
    return np.mean(losses)


def soft_error(outputs: Any, shares: Any) -> Any:
    """One minus the mean probability of the true class, from logits (N, K): smooth, 0 to 1."""
    return 1 - np.mean(np.exp(-cross_entropy(outputs, shares)))


def error_rate(outputs: NDArray[Any], classes: NDArray[onp.integer[Any]]) -> float:
    """The share of examples whose largest logit (N, K) is not that of their class (N,)."""
    return float(onp.mean(onp.argmax(outputs, axis=1) != classes))


def unexplained_variance(outputs: NDArray[Any], targets: NDArray[Any]) -> float:
    """The mean square error relative to the variance of the targets, (N, K): 1 - R^2."""
    residual = onp.mean((outputs - targets) ** 2)
    return float(residual / onp.mean((targets - targets.mean(axis=0)) ** 2))
