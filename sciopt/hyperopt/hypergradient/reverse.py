"""Reverse mode through the whole training run, its states stored or recomputed on a schedule.

Maclaurin, Duvenaud and Adams (2015), section 2, by automatic differentiation of the unrolled run.
The gradient does not depend on `memory`, to the last bit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodiff import value_and_grad
from sciopt.hyperopt.problem import Problem

from .hypergradient import Hypergradient
from .recording import collector_paused, whole_run_or_states


def reverse(
    problem: Problem, vector: NDArray[np.float64], seed: int, *, memory: str | int | None = None
) -> Hypergradient:
    """The hypergradient by reverse mode.

    Args:
        memory: what stored states may take, in bytes or as "500 MB"; None stores every operation
            where that takes at most 1 GB, else every state.
    Raises: ValueError if the budget is less than one state.
    """
    if memory is None:
        memory = whole_run_or_states(problem, problem.inner.config.steps)

    def outer(vector: Any) -> Any:
        hyper = problem.hyper(vector)
        weights = problem.inner.train(hyper, seed, memory)
        return problem.outer_loss(weights, hyper)

    # A run that diverges is for the outer problem to deal with, without warnings from each step.
    with np.errstate(all="ignore"), collector_paused():
        loss, gradient = value_and_grad(outer)(vector)
    return Hypergradient(float(loss), np.asarray(gradient, np.float64))
