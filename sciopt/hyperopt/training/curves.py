"""How training goes: losses along one run, by plain steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .inner import InnerProblem
from .loss import Weights

_TRAIN_POINTS = 1000
_VALIDATION_POINTS = 50


@dataclass(frozen=True, eq=False)
class LearningCurve:
    """One training run.

    Attributes:
        train_steps: steps before which the training loss was taken, (K,), all T up to 1000.
        train: loss on the minibatch of that step, without penalties, (K,).
        validation_steps: how many steps were taken, (V,), 0 and T among them.
        validation: outer loss after so many steps, (V,).
        weights: after the last step.
    """

    train_steps: NDArray[np.int64]
    train: NDArray[np.float64]
    validation_steps: NDArray[np.int64]
    validation: NDArray[np.float64]
    weights: Weights


def learning_curve(
    inner: InnerProblem, hyper: dict[str, Any], seed: int, outer_loss: Callable[[Weights], Any]
) -> LearningCurve:
    """Train once with the values `hyper` and note losses on the way.

    Args:
        outer_loss: of weights, taken at about 50 points.
    """
    steps = inner.config.steps
    train_steps = _spread(steps - 1, _TRAIN_POINTS)
    validation_steps = _spread(steps, _VALIDATION_POINTS)
    train = np.empty(steps)
    with np.errstate(all="ignore"):
        state = inner.initial_state(hyper, seed)
        validation = [float(outer_loss(state[0]))]
        for first, end in pairwise(validation_steps):
            state, train[first:end] = inner.told_run(hyper, seed, state, first, end)
            validation.append(float(outer_loss(state[0])))
    return LearningCurve(
        train_steps=np.array(train_steps, np.int64),
        train=train[train_steps],
        validation_steps=np.array(validation_steps, np.int64),
        validation=np.array(validation),
        weights=state[0],
    )


def _spread(last: int, most: int) -> list[int]:
    """At most `most` whole numbers from 0 to `last`, evenly spread, both ends among them."""
    return sorted({int(n) for n in np.rint(np.linspace(0, last, min(last + 1, most)))})
