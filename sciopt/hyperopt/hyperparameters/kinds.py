"""What each kind of hyperparameter may be: its scale, bounds and granularities, in one table."""

from __future__ import annotations

from dataclasses import dataclass

_INF = float("inf")
_IN_TRAINING = ("global", "layer", "array", "step", "weight", "step layer", "step array")


@dataclass(frozen=True)
class Kind:
    """One kind of hyperparameter.

    Attributes:
        scale: on which steps are taken, unless the settings say otherwise.
        bounds: of the value, unless the settings say otherwise.
        per: granularities that make sense; "step layer" stands for [step, layer].
        start: where none is given; None where the settings must say.
        acts: "start" of training, its "steps", the training "loss", or the "data".
    """

    scale: str
    bounds: tuple[float, float]
    per: tuple[str, ...] = ("global",)
    start: float | None = None
    acts: str = "steps"


KINDS: dict[str, Kind] = {
    "learning_rate": Kind("log", (1e-6, 1e3), _IN_TRAINING, 0.1),
    "rate_multiplier": Kind("log", (1e-3, 1e3), ("step",), 1.0),
    "rate_decay": Kind("log", (1e-4, 1e4), start=0.1),
    "momentum": Kind("logit", (1e-4, 1 - 1e-6), _IN_TRAINING, 0.9),
    "beta1": Kind("logit", (1e-4, 1 - 1e-6), _IN_TRAINING, 0.9),
    "beta2": Kind("logit", (1e-4, 1 - 1e-7), _IN_TRAINING, 0.999),
    "weight_decay": Kind("log", (1e-10, 1e2), _IN_TRAINING, 1e-4),
    "init_scale": Kind("log", (1e-6, 1e2), ("global", "layer", "array"), acts="start"),
    "l2": Kind("log", (1e-12, 1e4), ("global", "layer", "array", "weight"), 1e-4, "loss"),
    "l1": Kind("log", (1e-12, 1e4), ("global", "layer", "array", "weight"), 1e-5, "loss"),
    "initial_weights": Kind("linear", (-_INF, _INF), ("weight",), acts="start"),
    "example_weights": Kind("logit", (1e-9, 1 - 1e-9), ("example",), 0.5, "loss"),
    "label_smoothing": Kind("logit", (1e-6, 0.99), start=0.1, acts="loss"),
    "shift": Kind("log", (1e-3, 1e2), start=1.0, acts="data"),
    "rotation": Kind("log", (1e-2, 180.0), start=5.0, acts="data"),
    "contrast": Kind("log", (1e-4, 10.0), start=0.1, acts="data"),
    "training_inputs": Kind("linear", (-_INF, _INF), ("input",), acts="data"),
    "training_labels": Kind("linear", (-50.0, 50.0), ("label",), 4.0, "data"),
    "model": Kind("linear", (-_INF, _INF), start=1.0, acts="loss"),
}
"""Kind by name; `model` stands for every named argument of a user's model."""

NATURAL_PER = {
    "rate_multiplier": "step",
    "initial_weights": "weight",
    "example_weights": "example",
    "training_inputs": "input",
    "training_labels": "label",
}
"""Granularity of the kinds that have only one, which the settings need not repeat."""
