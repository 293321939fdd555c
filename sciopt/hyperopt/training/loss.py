"""The training loss, written in `autodiff.numpy`, and its gradient by the weights.

Hyperparameters come as a dict of values, see `Space.values`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

import autodiff.numpy as np
from autodiff import grad
from autodiff.nests import unflatten
from sciopt.hyperopt.hyperparameters import Layout
from sciopt.hyperopt.models import Model
from sciopt.hyperopt.primitives import plus_scaled

from .augment import augmented

Weights = list[Any]
_AUGMENTING = ("shift", "rotation", "contrast")


@dataclass(frozen=True, eq=False)
class TrainingLoss:
    """The loss of a model on training data, apart from penalties on the weights.

    Attributes:
        model, layout: what is trained, and how its weights are laid out.
        inputs: (N, ...), of the run's dtype.
        targets: (N, K): shares of classes, or numbers.
    """

    model: Model
    layout: Layout
    inputs: NDArray[Any]
    targets: NDArray[Any]

    def predict(self, weights: Weights, hyper: dict[str, Any], inputs: Any) -> Any:
        """The model's outputs, (B, K)."""
        arguments = {
            **self.model.arguments,
            **{key[6:]: value for key, value in hyper.items() if key.startswith("model.")},
        }
        return self.model.predict(unflatten(self.layout.structure, weights), inputs, **arguments)

    def __call__(
        self, weights: Weights, hyper: dict[str, Any], rows: Any, seed: int, n: int
    ) -> Any:
        """sum_i c_i loss_i / B over the B examples `rows`, None for all, with their weights c.

        Args:
            seed, n: of the run and its step, on which augmentation depends.
        """
        inputs, targets = self.examples(hyper, rows)
        if any(name in hyper for name in _AUGMENTING):
            inputs = augmented(inputs, hyper, seed, n)
        losses = self.model.loss(self.predict(weights, hyper, inputs), targets)
        if "example_weights" in hyper:
            factors = hyper["example_weights"]
            losses = losses * (factors if rows is None else factors[rows])
        return np.mean(losses)

    def gradient(
        self, weights: Weights, hyper: dict[str, Any], rows: Any, seed: int, n: int
    ) -> list[Any]:
        """The gradient by the weights, array by array."""

        def of_arrays(*arrays: Any) -> Any:
            return self(list(arrays), hyper, rows, seed, n)

        return list(grad(of_arrays, argnum=tuple(range(len(weights))))(*weights))

    def examples(self, hyper: dict[str, Any], rows: Any) -> tuple[Any, Any]:
        """Inputs and targets of the examples `rows`, None for all."""
        inputs = hyper.get("training_inputs", self.inputs)
        targets = self.targets
        if "training_labels" in hyper:
            logits = hyper["training_labels"]
            shares = np.exp(logits - np.max(logits, axis=1, keepdims=True))
            targets = shares / np.sum(shares, axis=1, keepdims=True)
        if rows is not None:
            inputs, targets = inputs[rows], targets[rows]
        if "label_smoothing" in hyper:
            smoothing = hyper["label_smoothing"]
            targets = (1 - smoothing) * targets + smoothing / self.targets.shape[1]
        return inputs, targets


def penalty(weights: Weights, l2_slopes: list[Any] | None, l1_slopes: list[Any] | None) -> Any:
    """sum c w^2 + sum d |w|, from 2c and d for each array."""
    total: Any = 0.0
    for slope, w in zip(l2_slopes or (), weights):
        total = total + 0.5 * np.sum(slope * (w * w))
    for slope, w in zip(l1_slopes or (), weights):
        total = total + np.sum(slope * np.abs(w))
    return total


def penalty_gradient(
    weights: Weights, l2_slopes: list[Any] | None, l1_slopes: list[Any] | None, g: list[Any]
) -> list[Any]:
    """`g` with the gradient of `penalty` added; at w = 0 that of |w| is taken as 0.

    Written out rather than traced: inside every training step it is differentiated again.
    """
    if l2_slopes is not None:
        g = [plus_scaled(gi, slope, w) for gi, slope, w in zip(g, l2_slopes, weights)]
    if l1_slopes is not None:
        g = [gi + slope * np.sign(w) for gi, slope, w in zip(g, l1_slopes, weights)]
    return g
