"""Closer looks around a point: loss and slope against the learning rate, central differences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as onp
from numpy.typing import NDArray

import autodiff.numpy as np
from autodiff import value_and_grad

from .hypergradient.check import central_difference
from .outer import run_seeds
from .problem import Problem

Vector = NDArray[onp.float64]

_STEPS = {
    "float64": (1e-2, 5e-3, 2.5e-3, 1.25e-3),
    "float32": (1e-1, 5e-2, 2.5e-2),
}
"""Of central differences, on the scale of a hyperparameter; the best two are extrapolated."""


@dataclass(frozen=True, eq=False)
class RateScan:
    """Outer loss against a factor on all learning rates.

    Attributes:
        factors: (F,), evenly spaced on a logarithmic scale.
        losses: outer loss at each, (F,); NaN or infinite where training diverges.
        slopes: its derivative by the logarithm of the factor, (F,).
    """

    factors: Vector
    losses: Vector
    slopes: Vector


@dataclass(frozen=True, eq=False)
class Differences:
    """Derivatives of some hyperparameters, by the hypergradient and by central differences.

    Attributes:
        labels: which they are, Q of them.
        gradient, differences: (Q,).
    """

    labels: tuple[str, ...]
    gradient: Vector
    differences: Vector


def scan_rates(
    problem: Problem, vector: Vector, points: int, span: tuple[float, float]
) -> RateScan:
    """Train with all learning rates times each of `points` factors from `span`, on one seed."""

    def outer(log_factor: Any) -> Any:
        hyper = problem.hyper(vector)
        factor = np.exp(log_factor).astype(problem.space.dtype)
        hyper["learning_rate"] = hyper["learning_rate"] * factor
        weights = problem.inner.train(hyper, problem.config.seed)
        return problem.outer_loss(weights, hyper)

    factors = onp.geomspace(*span, points)
    with onp.errstate(all="ignore"):
        pairs = [value_and_grad(outer)(onp.log(factor)) for factor in factors]
    losses = onp.array([float(loss) for loss, _ in pairs])
    return RateScan(factors, losses, onp.array([float(slope) for _, slope in pairs]))


def central_differences(
    problem: Problem, vector: Vector, gradient: Vector, count: int
) -> Differences:
    """Compare `count` entries of the hypergradient of the first outer step with differences.

    They are the largest ones of every family of hyperparameters in turn: of those a difference
    tells most.
    """
    chosen = _largest_in_turn(problem, gradient, count)
    steps = _STEPS[problem.config.training.dtype]
    seeds = run_seeds(problem.config, 0)

    def loss(moved: Vector) -> float:
        hyper = problem.hyper(moved)
        runs = (problem.outer_loss(problem.inner.train(hyper, seed), hyper) for seed in seeds)
        return sum(map(float, runs)) / len(seeds)

    with onp.errstate(all="ignore"):
        found = [
            central_difference(loss, vector, onp.eye(1, vector.size, k)[0], steps)[0]
            for k in chosen
        ]
    labels = tuple(problem.space.label(k, problem.layout) for k in chosen)
    return Differences(labels, gradient[chosen], onp.array(found, float))


def _largest_in_turn(problem: Problem, gradient: Vector, count: int) -> list[int]:
    """Places of `count` entries: the largest of each family, then the second largest, ..."""
    places = [
        place.start + onp.argsort(-onp.abs(gradient[place]), kind="stable")
        for place in problem.space.slices().values()
    ]
    longest = min(count, max(map(len, places)))  # there may be millions
    in_turn = [int(family[k]) for k in range(longest) for family in places if k < len(family)]
    return sorted(in_turn[:count])
