"""How training goes: losses along one run, by plain steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodiff.nests import map_leaves

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
    train, validation = dict.fromkeys(train_steps, np.nan), dict.fromkeys(validation_steps, np.nan)
    take, examples = inner.step(hyper), inner.data_loss.examples(hyper)
    xs = inner.stacked(hyper, seed, 0, steps)
    with np.errstate(all="ignore"):
        state = inner.initial_state(hyper, seed)
        for n in range(steps):
            if n in validation:
                validation[n] = float(outer_loss(state[0]))
            x = _row(xs, n)
            if n in train:
                train[n] = float(inner.data_loss(state[0], hyper, examples, x["draw"]))
            state = take(state, x)
        validation[steps] = float(outer_loss(state[0]))
    return LearningCurve(
        train_steps=np.array(train_steps, np.int64),
        train=np.array(list(train.values())),
        validation_steps=np.array(validation_steps, np.int64),
        validation=np.array(list(validation.values())),
        weights=state[0],
    )


def _row(xs: Any, n: int) -> Any:
    return map_leaves(lambda rows: rows[n], xs)


def _spread(last: int, most: int) -> list[int]:
    """At most `most` whole numbers from 0 to `last`, evenly spread, both ends among them."""
    return sorted({int(n) for n in np.rint(np.linspace(0, last, min(last + 1, most)))})
