"""Descent by adam, sgd or rmsprop inside a box, with the guards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sciopt.hyperopt.config import OuterConfig

from .guards import Clipping, StepLength
from .moves import direction, no_moments

Vector = NDArray[np.float64]
Evaluate = Callable[[Vector, int], tuple[float, Vector]]
"""``(vector, outer step) -> (outer loss, hypergradient)``, either of which may be NaN."""

_FAILURES_BEFORE_RESTART = 2


@dataclass(frozen=True, eq=False)
class Trial:
    """One outer step: a vector that was tried.

    Attributes:
        index: 0 for the start.
        vector: (size,).
        loss: the outer loss; NaN or infinite if training diverged.
        gradient: the hypergradient, (size,), unclipped.
        accepted: whether the search goes on from here, or from the last accepted one.
    """

    index: int
    vector: Vector
    loss: float
    gradient: Vector
    accepted: bool

    @property
    def is_finite(self) -> bool:
        """Whether loss and gradient are numbers to go on with."""
        return bool(np.isfinite(self.loss) and np.isfinite(self.gradient).all())


def descend(
    evaluate: Evaluate,
    start: Vector,
    low: Vector,
    high: Vector,
    config: OuterConfig,
    on_trial: Callable[[Trial], None],
    *,
    is_exact: bool,
) -> None:
    """Take `config.iterations` steps from `start`, each reported to `on_trial` with its start.

    A step is projected onto the box from `low` to `high`. With `config.guard` and an exact loss, a
    step that does not lower it is taken back and tried again at half its length; after two
    failures in a row without what is remembered of earlier gradients, so that it points downhill.
    A step whose loss or gradient is not finite is always taken back.

    Args:
        is_exact: whether a vector always has the same loss, so that losses can be compared.
    Ends early if the start is not finite: its trial says so.
    """
    clip, length = Clipping(config.clip), StepLength()
    moments = no_moments(start.size)
    loss, gradient = evaluate(start, 0)
    here = Trial(0, start, loss, gradient, accepted=True)
    on_trial(here)
    if not here.is_finite:
        return
    step, moments = direction(config, moments, clip(gradient))
    for k in range(1, config.iterations + 1):
        vector = np.clip(here.vector + length.share * step, low, high)
        loss, gradient = evaluate(vector, k)
        must_fall = is_exact and config.guard
        is_finite = np.isfinite(loss) and bool(np.isfinite(gradient).all())
        accepted = is_finite and not (must_fall and loss >= here.loss)
        trial = Trial(k, vector, loss, gradient, accepted)
        if accepted:
            here = trial
            length.helped()
            step, moments = direction(config, moments, clip(gradient))
        else:
            length.failed()
            if length.failures == _FAILURES_BEFORE_RESTART:
                step, moments = direction(config, no_moments(start.size), clip(here.gradient))
        on_trial(trial)
