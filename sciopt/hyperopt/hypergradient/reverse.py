"""Reverse mode through the whole training run, its states stored or recomputed on a schedule.

Maclaurin, Duvenaud and Adams (2015), section 2, by automatic differentiation of the unrolled run.
The gradient does not depend on `memory`, to the last bit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodiff import make_vjp
from sciopt.hyperopt.problem import Problem
from sciopt.hyperopt.training import arguments_in

from .hypergradient import Hypergradient


def reverse(
    problem: Problem, vector: NDArray[np.float64], seed: int, *, memory: str | int | None = None
) -> Hypergradient:
    """The hypergradient by reverse mode.

    Args:
        memory: what stored states may take, in bytes or as "500 MB"; None stores every state.
    Raises: ValueError if the budget is less than one state.
    """

    def train(vector: Any) -> Any:
        hyper = problem.hyper(vector)
        return problem.inner.train(hyper, seed, memory), arguments_in(hyper)

    # A run that diverges is for the outer problem to deal with, without warnings from each step.
    with np.errstate(all="ignore"):
        pull, trained = make_vjp(train)(vector)
        loss, slopes = problem.objective.slopes(*trained)
        gradient = pull(slopes)
    return Hypergradient(float(loss), np.asarray(gradient, np.float64))
