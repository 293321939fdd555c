"""Outer losses and hypergradients of one problem: counted, timed, and remembered for a resume."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sciopt.hyperopt.hypergradient.average import SeedPool
from sciopt.hyperopt.one_thread import one_thread
from sciopt.hyperopt.problem import Problem

from .seeds import run_seeds

Vector = NDArray[np.float64]
Answer = dict[str, NDArray[Any]]
Remember = Callable[[Vector, Callable[[], Answer]], Answer]
"""``(question, compute) -> answer``: the answer given before to this question, or `compute()`."""


def forget(question: Vector, compute: Callable[[], Answer]) -> Answer:
    """Compute every answer anew."""
    return compute()


class Evaluations:
    """What a search asks of its problem.

    Attributes:
        hypergradients, training_runs: how many were asked for, remembered ones among them.
        seconds: what they took when they were computed.
        durations: of each hypergradient.
        notices: what methods said of their hypergradients, without repetition.
    """

    def __init__(self, problem: Problem, pool: SeedPool, remember: Remember = forget) -> None:
        self.problem, self._pool, self._remember = problem, pool, remember
        self.hypergradients = self.training_runs = 0
        self.seconds = 0.0
        self.durations: list[float] = []
        self.notices: dict[str, None] = {}

    def __call__(self, vector: Vector, step: int) -> tuple[float, Vector]:
        """Outer loss and hypergradient of an outer step, means over its seeds."""
        seeds = run_seeds(self.problem.config, step)
        computed = False

        def compute() -> Answer:
            nonlocal computed
            computed = True
            began = time.perf_counter()
            found = self._pool(vector, seeds)
            return {
                **self._pool.kept(),
                "loss": np.array(found.loss),
                "gradient": found.gradient,
                "notices": np.array(found.notices, dtype=np.str_),
                "seconds": np.array(time.perf_counter() - began),
            }

        answer = self._remember(vector, compute)
        if not computed:
            self._pool.recall(vector, seeds, answer)
        self.hypergradients += 1
        self.durations.append(float(answer["seconds"]))
        self.seconds += self.durations[-1]
        self.notices.update(dict.fromkeys(answer["notices"].tolist()))
        return float(answer["loss"]), answer["gradient"]

    def loss(self, vector: Vector) -> float:
        """The outer loss alone, by training plainly on the first seed."""

        def compute() -> Answer:
            began = time.perf_counter()
            loss = plain_loss(self.problem, vector)
            return {"loss": np.array(loss), "seconds": np.array(time.perf_counter() - began)}

        answer = self._remember(vector, compute)
        self.training_runs += 1
        self.seconds += float(answer["seconds"])
        return float(answer["loss"])


def plain_loss(problem: Problem, vector: Vector) -> float:
    """The outer loss of one training run on the first seed; NaN or infinite if it diverges."""
    with np.errstate(all="ignore"), one_thread():
        hyper = problem.hyper(vector)
        weights = problem.inner.train(hyper, problem.config.seed)
        return float(problem.outer_loss(weights, hyper))


def measured_cost(problem: Problem, vector: Vector, durations: list[float]) -> float:
    """Seconds of a hypergradient, by their median, over those of a training run.

    The first hypergradient is left out where there are others: it may have had to compile.
    """
    seconds: list[float] = []
    while len(seconds) < 3 and sum(seconds) < 1.0:
        began = time.perf_counter()
        plain_loss(problem, vector)
        seconds.append(time.perf_counter() - began)
    return float(np.median(durations[1:] or durations) / np.median(seconds))
