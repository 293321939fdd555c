"""Where a training run diverges, and what would keep it from that."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np

from autodiff.nests import map_leaves

from .inner import InnerProblem

_CURVATURE_LIMIT = {"sgd": "2", "heavy-ball": "2(1+b)/(1-b)", "momentum": "2(1+b)"}
"""Largest rate times curvature with which a quadratic loss does not grow, b the momentum."""


@dataclass(frozen=True)
class Divergence:
    """The first step after which weights are not finite.

    Attributes:
        step: its number; -1 if the initial weights already are not.
        array: the name of the first such array, such as "0.weights".
        largest: the largest |w| of all arrays before that step.
    """

    step: int
    array: str
    largest: float


def first_bad_step(inner: InnerProblem, hyper: dict[str, Any], seed: int) -> Divergence | None:
    """Train, plainly, until weights become infinite or NaN; None if they do not.

    Args:
        hyper: values of the hyperparameters, see `Space.values`.
    """
    with np.errstate(all="ignore"):
        state = inner.initial_state(hyper, seed)
        take, xs = inner.step(hyper), inner.stacked(hyper, seed, 0, inner.config.steps)
        largest = 0.0
        for step in range(-1, inner.config.steps):
            if step >= 0:
                state = take(state, map_leaves(itemgetter(step), xs))
            for name, w in zip(inner.layout.names, state[0]):
                if not np.isfinite(w).all():
                    return Divergence(step, name, largest)
            largest = max((float(np.max(np.abs(w), initial=0.0)) for w in state[0]), default=0.0)
    return None


def divergence_message(inner: InnerProblem, hyper: dict[str, Any], seed: int) -> str:
    """One or two sentences on a run whose outer loss is not finite: where, and what to lower."""
    found = first_bad_step(inner, hyper, seed)
    if found is None:
        return (
            "the outer loss is not finite although training ends at finite weights; lower"
            " learning_rate, or scale the inputs"
        )
    if found.step < 0:
        return (
            f"the initial weights of {found.array} are not finite; lower init_scale, or see to the"
            " model's init"
        )
    message = (
        f"training diverged at step {found.step} of {inner.config.steps}: {found.array} is no"
        f" longer finite, after |w| up to {found.largest:.3g}. Lower {_suspects(inner, hyper)}"
    )
    if found.step == 0:
        message += ", or see to it that the model's loss has a finite gradient at its first weights"
    limit = _CURVATURE_LIMIT.get(inner.config.optimizer)
    if "l2" in hyper and limit is not None:
        message += f"; a penalty c is stable only while learning_rate * 2c < {limit}"
    return message


def _suspects(inner: InnerProblem, hyper: dict[str, Any]) -> str:
    """What can make training diverge, with the largest values in use."""
    names = [
        name
        for name in ("learning_rate", "rate_multiplier", "l2", "weight_decay", "init_scale")
        if name in hyper
    ]
    shown = [f"{name} (up to {float(np.max(hyper[name])):.3g})" for name in names]
    return " or ".join(shown)
