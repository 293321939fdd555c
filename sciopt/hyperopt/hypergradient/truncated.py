"""Truncated reverse mode: through the last steps of the run only.

Shaban et al. (2019). What hyperparameters do before those steps is left out: near a minimum with
smallest curvature mu, at the rate a, the error is of the order (1 - a mu)^K.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodiff import make_vjp
from sciopt.hyperopt.problem import Problem
from sciopt.hyperopt.training import arguments_in

from .hypergradient import Hypergradient


def truncated(
    problem: Problem,
    vector: NDArray[np.float64],
    seed: int,
    *,
    last_steps: int,
    memory: str | int | None = None,
) -> Hypergradient:
    """The hypergradient through the last `last_steps`; all of them give that of `reverse`.

    Args:
        memory: what stored states may take, in bytes or as "500 MB"; None stores every
            state.
    Raises: ValueError if the budget is less than one state.
    """
    inner = problem.inner
    steps = inner.config.steps
    first = max(steps - last_steps, 0)
    with np.errstate(all="ignore"):  # see `reverse`
        plain = problem.hyper(vector)
        reached = inner.run(plain, seed, inner.initial_state(plain, seed), 0, first)

        def train(vector: Any) -> Any:
            hyper = problem.hyper(vector)
            state = reached if first else inner.initial_state(hyper, seed)
            return inner.run(hyper, seed, state, first, steps, memory)[0], arguments_in(hyper)

        pull, trained = make_vjp(train)(vector)
        loss, slopes = problem.objective.slopes(*trained)
        gradient = pull(slopes)
    return Hypergradient(float(loss), np.asarray(gradient, np.float64))
