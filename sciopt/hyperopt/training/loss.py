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

from .augment import AUGMENTING, augmented
from .draws import Draw

Weights = list[Any]
_MODEL = "model."
_TAKEN = ("example_weights", "label_smoothing", *AUGMENTING)
Examples = tuple[Any, Any]
"""Inputs (N, ...) and targets (N, K)."""


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
        tuned = {name.removeprefix(_MODEL): value for name, value in arguments_in(hyper).items()}
        arguments = {**self.model.arguments, **tuned}
        return self.model.predict(unflatten(self.layout.structure, weights), inputs, **arguments)

    def examples(self, hyper: dict[str, Any]) -> Examples:
        """All that there are."""
        inputs = hyper.get("training_inputs", self.inputs)
        if "training_labels" not in hyper:
            return inputs, self.targets
        logits = hyper["training_labels"]
        shares = np.exp(logits - np.max(logits, axis=1, keepdims=True))
        return inputs, shares / np.sum(shares, axis=1, keepdims=True)

    def __call__(
        self, weights: Weights, hyper: dict[str, Any], examples: Examples, draw: Draw
    ) -> Any:
        """sum_i c_i loss_i / B over the B examples of a draw, with their weights c.

        Args:
            examples: what `examples` gives for these values.
        """
        inputs, targets = examples
        factors = hyper.get("example_weights")
        if "rows" in draw:
            rows = draw["rows"]
            inputs, targets = inputs[rows], targets[rows]
            factors = None if factors is None else factors[rows]
        if "label_smoothing" in hyper:
            smoothing = hyper["label_smoothing"]
            targets = (1 - smoothing) * targets + smoothing / targets.shape[1]
        if "normals" in draw:
            inputs = augmented(inputs, hyper, draw["normals"])
        losses = self.model.loss(self.predict(weights, hyper, inputs), targets)
        return np.mean(losses if factors is None else losses * factors)

    def gradient(
        self, weights: Weights, hyper: dict[str, Any], examples: Examples, draw: Draw
    ) -> list[Any]:
        """The gradient by the weights, array by array."""

        def of_arrays(*arrays: Any) -> Any:
            return self(list(arrays), hyper, examples, draw)

        return list(grad(of_arrays, argnum=tuple(range(len(weights))))(*weights))


def arguments_in(hyper: dict[str, Any]) -> dict[str, Any]:
    """Those of the values that are named arguments of the model."""
    return {name: value for name, value in hyper.items() if name.startswith(_MODEL)}


def taken_by_loss(hyper: dict[str, Any]) -> dict[str, Any]:
    """Those of the values that the loss takes by name; others come into it by its examples."""
    return {
        name: value for name, value in hyper.items() if name.startswith(_MODEL) or name in _TAKEN
    }


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

    Written out rather than traced: it is differentiated again inside of every training step.
    """
    if l2_slopes is not None:
        g = [gi + slope * w for gi, slope, w in zip(g, l2_slopes, weights)]
    if l1_slopes is not None:
        g = [gi + slope * np.sign(w) for gi, slope, w in zip(g, l1_slopes, weights)]
    return g
