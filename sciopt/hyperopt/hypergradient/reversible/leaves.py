"""What a training run takes from the vector of hyperparameters, and the cotangents of all that.

A run sees the vector only through its leaves: columns of rates and decays, values that the data
loss takes, and initial weights. The backward pass adds up their cotangents; in the end one pull
takes them through `Schedules` and `Space.values` to the vector.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodiff import make_vjp
from autodiff.nests import flatten, unflatten
from sciopt.hyperopt.hyperparameters import KINDS
from sciopt.hyperopt.problem import Problem

CONSTANT, STACKED = "constants", "stacked"
_PENALTIES = ("l2", "l1")


@dataclass(frozen=True, eq=False)
class Leaves:
    """Leaves of one run.

    Attributes:
        values: "constants" and "stacked", columns by name as in `Schedules`; "hyper", what the loss
            takes by name; "initial", the weights before the first step.
        cotangents: the same nest, to be added to in place; arrays of float64.
        hyper: the values of all hyperparameters.
    """

    values: dict[str, Any]
    cotangents: dict[str, Any]
    hyper: dict[str, Any]
    pull: Callable[[Any], Any]

    def gradient(self) -> NDArray[np.float64]:
        """The cotangent of the vector from those of the leaves."""
        bars, structure = flatten(self.cotangents)
        values, _ = flatten(self.values)
        typed = [
            np.asarray(bar, np.asarray(value).dtype) if np.ndim(value) else float(bar)
            for bar, value in zip(bars, values)
        ]
        return np.asarray(self.pull(unflatten(structure, typed)), np.float64)


def leaves_of(problem: Problem, vector: NDArray[np.float64], seed: int) -> Leaves:
    """The leaves of the run with that vector and seed, all cotangents zero."""
    inner = problem.inner

    def spread(vector: Any) -> dict[str, Any]:
        hyper, schedules = problem.hyper(vector), inner.schedules
        return {
            CONSTANT: schedules.constants(hyper),
            # Adam's corrections follow from the momenta as fractions, see `rates`.
            STACKED: schedules.changing(hyper),
            "hyper": {name: hyper[name] for name in taken_by_loss(problem)},
            "initial": inner.initial_weights(hyper, seed),
        }

    pull, values = make_vjp(spread)(vector)
    found, structure = flatten(values)
    zeros = [np.zeros(np.shape(value)) for value in found]
    return Leaves(values, unflatten(structure, zeros), problem.hyper(vector), pull)


def taken_by_loss(problem: Problem) -> list[str]:
    """Names of what is tuned and enters the loss, penalties aside."""
    return [
        part.name
        for part in problem.space.parts
        if KINDS[part.name.split(".")[0]].acts in ("loss", "data") and part.name not in _PENALTIES
    ]
