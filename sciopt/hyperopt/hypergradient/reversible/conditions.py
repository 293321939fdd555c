"""What cannot be retraced, refused by name with the reason."""

from __future__ import annotations

from typing import Any

import numpy as np

from sciopt.errors import ConfigError
from sciopt.hyperopt.training import InnerProblem

REVERSIBLE = ("heavy-ball", "momentum", "adam")
_REASONS = {
    "sgd": "keeps no velocity: the weights before a step follow from those after it only through"
    " their own gradient",
    "nesterov": "moves the weights by the gradient itself, which is not known before they are",
    "rmsprop": "moves the weights by the gradient itself, which is not known before they are",
}


def refuse_irreversible(inner: InnerProblem, hyper: dict[str, Any]) -> None:
    """Raises: ConfigError if some step of the run has no inverse."""
    where = "hypergradient.method: reversible cannot retrace"
    instead = "take reverse with a budget of memory"
    name = inner.config.optimizer
    if name in _REASONS:
        raise ConfigError(
            f"{where} training.optimizer {name}, for it {_REASONS[name]}; {instead}, or"
            f" {', '.join(REVERSIBLE[:-1])} or {REVERSIBLE[-1]}"
        )
    if "weight_decay" in hyper and inner.config.decay == "decoupled":
        raise ConfigError(
            f"{where} training.decay decoupled, for shrinking the weights loses bits of them;"
            f" {instead}, or plain"
        )
    for momentum in inner.rule.uses:
        value = hyper[momentum]
        if not np.all((np.asarray(value) > 0) & (np.asarray(value) <= 1)):
            raise ConfigError(
                f"{where} hyperparameters.{momentum} of {np.min(value):g}: a momentum of 0 forgets"
                f" what was before a step, and one below 0 or above 1 is none; {instead}"
            )
