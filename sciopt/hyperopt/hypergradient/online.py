"""Real-time hypergradients: hyperparameters change while training goes on.

RTHO of Franceschi et al. (2017), section 3.3. Each call trains some steps further with the vector
it is given and returns the derivative of the outer loss there, by tangents that were carried along.
It is biased: the tangents of earlier steps belong to the vectors of those steps, while the vector
is one. The bias is small where the vector changes little within a run.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodiff import make_jvp, value_and_grad
from autodiff.nests import flatten
from sciopt.hyperopt.problem import Problem
from sciopt.hyperopt.training import State

from .hypergradient import Hypergradient


@dataclass
class Online:
    """A training run that goes on from call to call, and begins anew after its last step.

    A run keeps the seed that it began with. The outer loss is that of the weights so far: it falls
    as training goes on and jumps back where a run begins, so it must not be asked to fall with
    every step.

    Attributes:
        update_every: steps that each call trains.
        at: steps taken in this run; 0 before the first.
        seed: of this run.
        state: weights and slots after them.
        tangents: the derivative of the state by each hyperparameter.
    """

    update_every: int
    at: int = 0
    seed: int = 0
    state: State | None = None
    tangents: list[Any] = field(default_factory=list)

    def __call__(self, problem: Problem, vector: NDArray[np.float64], seed: int) -> Hypergradient:
        """Train on; the outer loss of the weights reached, and its derivative."""
        steps = problem.inner.config.steps
        with np.errstate(all="ignore"):  # see `reverse`
            if self.state is None or self.at >= steps:
                self._begin(problem, vector, seed)
            end = min(self.at + self.update_every, steps)
            self._advance(problem, vector, end)
            loss, gradient = self._outer(problem, vector)
        if not np.isfinite(loss) or not np.isfinite(gradient).all():
            self.at = steps  # nothing can be made of this run any more
        return Hypergradient(loss, gradient, {"inner step": float(end)})

    def _begin(self, problem: Problem, vector: NDArray[np.float64], seed: int) -> None:
        def initial(vector: Any) -> State:
            return problem.inner.initial_state(problem.hyper(vector), seed)

        self.at, self.seed = 0, seed
        self.state = initial(vector)
        push = make_jvp(initial)(vector)
        self.tangents = [push(direction)[1] for direction in np.eye(vector.size)]

    def _advance(self, problem: Problem, vector: NDArray[np.float64], end: int) -> None:
        def run(both: Any) -> State:
            vector, state = both
            return problem.inner.run(problem.hyper(vector), self.seed, state, self.at, end)

        push = make_jvp(run)((vector, self.state))
        pushed = [push(each) for each in zip(np.eye(vector.size), self.tangents)]
        self.tangents = [tangent for _, tangent in pushed]
        self.state = pushed[0][0]
        self.at = end

    def _outer(
        self, problem: Problem, vector: NDArray[np.float64]
    ) -> tuple[float, NDArray[np.float64]]:
        def outer(vector: Any, weights: Any) -> Any:
            return problem.outer_loss(weights, problem.hyper(vector))

        assert self.state is not None
        loss, (direct, slopes) = value_and_grad(outer, argnum=(0, 1))(vector, self.state[0])
        through = [
            sum(float(np.vdot(a, b)) for a, b in zip(flatten(slopes)[0], flatten(tangent[0])[0]))
            for tangent in self.tangents
        ]
        return float(loss), np.asarray(direct, np.float64) + through
