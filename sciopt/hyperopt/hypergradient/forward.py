"""Forward mode: one tangent of the whole run for each hyperparameter.

Franceschi et al. (2017), section 3.2: with d/dlambda of the state pushed along beside it, nothing
is stored from step to step. The tangents are pushed one after the other, each beside a run of its
own: memory for one state and one tangent, whatever the numbers of steps and of hyperparameters.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodiff import make_jvp
from sciopt.hyperopt.problem import Problem

from .hypergradient import Hypergradient


def forward(problem: Problem, vector: NDArray[np.float64], seed: int) -> Hypergradient:
    """The hypergradient by forward mode; its time grows with the number of hyperparameters."""
    loss, gradient = np.nan, np.zeros(vector.size)
    for k, direction in enumerate(np.eye(vector.size)):
        loss, gradient[k] = slope(problem, vector, seed, direction)
    return Hypergradient(loss, gradient)


def slope(
    problem: Problem, vector: NDArray[np.float64], seed: int, direction: NDArray[np.float64]
) -> tuple[float, float]:
    """The outer loss and its derivative along one direction, (size,)."""

    def outer(vector: Any) -> Any:
        hyper = problem.hyper(vector)
        return problem.outer_loss(problem.inner.train(hyper, seed), hyper)

    with np.errstate(all="ignore"):  # see `reverse`
        loss, along = make_jvp(outer)(vector)(direction)
    return float(loss), float(along)
