"""The self-check: all ways to the hypergradient side by side, on the user's own problem."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sciopt.errors import ConfigError
from sciopt.hyperopt.problem import Problem

from .forward import slope
from .hypergradient import Hypergradient
from .methods import counts_of, method_of
from .reverse import reverse
from .reversible import reversible
from .truncated import truncated

Vector = NDArray[np.float64]

_DIRECTIONS = 2
_UNTELLING = 0.3  # a tolerance above which an agreement would say nothing


@dataclass(frozen=True)
class Comparison:
    """One line of the check.

    Attributes:
        name: of what is compared with reverse mode, its states stored.
        value, reference: the norms of two gradients, or two derivatives along one direction.
        error: the norm of their difference by that of the reference; 0 if both are 0.
        tolerance: what the error may be.
        verdict: "skipped" where the method cannot be used here; "shown" where it is an
            approximation.
        reason: of the tolerance, or of the verdict.
    """

    name: str
    value: float
    reference: float
    error: float
    tolerance: float
    verdict: Literal["agrees", "differs", "shown", "skipped"]
    reason: str


@dataclass(frozen=True)
class _Precision:
    """What rounding leaves of an agreement in one dtype."""

    exact: float
    reversible: float
    differences: float
    steps: tuple[float, ...]


_PRECISIONS = {
    "float64": _Precision(1e-8, 1e-6, 1e-6, (1e-2, 5e-3, 2.5e-3, 1.25e-3, 6.25e-4)),
    "float32": _Precision(1e-3, 1e-2, 5e-2, (1e-1, 5e-2, 2.5e-2, 1.25e-2)),
}


def check_gradient(problem: Problem, vector: Vector, seed: int) -> list[Comparison]:
    """Compare the methods with reverse mode, and reverse mode with finite differences.

    It takes about 10 training runs for each hyperparameter kind that is tuned, and 40 more. A
    gradient that is not finite is compared with nothing.
    """
    stored = reverse(problem, vector, seed)
    if not (np.isfinite(stored.loss) and np.isfinite(stored.gradient).all()):
        return [
            Comparison(
                "reverse", stored.loss, np.nan, np.nan, 0.0, "differs",
                "the outer loss or its gradient is not finite here: training diverges",
            )
        ]  # fmt: skip
    precision = _PRECISIONS[problem.config.training.dtype]
    directions = _random_directions(vector.size)
    return [
        *_exact_methods(problem, vector, seed, stored, precision),
        *(_along(problem, vector, seed, stored, k, d, precision) for k, d in enumerate(directions)),
        *_chosen_method(problem, vector, seed, stored),
        *_differences(problem, vector, seed, stored, directions, precision),
    ]


def _exact_methods(
    problem: Problem, vector: Vector, seed: int, stored: Hypergradient, precision: _Precision
) -> Iterator[Comparison]:
    """Methods that give the whole gradient of `reverse`."""
    steps = problem.inner.config.steps
    few = 3 * counts_of(problem).state_bytes
    found = reverse(problem, vector, seed, memory=few)
    yield _compared("checkpointed", found, stored, 0.0, "the same operations on the same numbers")
    found = truncated(problem, vector, seed, last_steps=steps)
    yield _compared(
        f"truncated to all {steps} steps", found, stored, precision.exact, "the same sums"
    )
    reason = "the run in fixed point differs from that in floating point by its rounding"
    bits = problem.config.hypergradient.radix_bits
    try:
        found = reversible(problem, vector, seed, radix_bits=bits)
    except ConfigError as error:
        yield _skipped("reversible", str(error))
    else:
        if np.isfinite(found.loss):
            yield _compared("reversible", found, stored, precision.reversible, reason)
        else:
            yield _skipped("reversible", " ".join(found.notices))


def _along(
    problem: Problem,
    vector: Vector,
    seed: int,
    stored: Hypergradient,
    k: int,
    direction: Vector,
    precision: _Precision,
) -> Comparison:
    """Forward mode along one direction."""
    value = slope(problem, vector, seed, direction)[1]
    return _numbers(
        f"forward along random direction {k + 1}",
        value,
        float(stored.gradient @ direction),
        _scale(stored, direction),
        precision.exact,
        "the same derivative in other order",
    )


def _chosen_method(
    problem: Problem, vector: Vector, seed: int, stored: Hypergradient
) -> Iterator[Comparison]:
    """The method of the settings, where it is an approximation."""
    name = problem.config.hypergradient.method
    if name not in ("truncated", "implicit"):
        return
    found = method_of(problem)(problem, vector, seed)
    reason = " ".join(("an approximation, as set by hypergradient.method.", *found.notices))
    yield _compared(name, found, stored, np.inf, reason, "shown")


def _differences(
    problem: Problem,
    vector: Vector,
    seed: int,
    stored: Hypergradient,
    directions: list[Vector],
    precision: _Precision,
) -> Iterator[Comparison]:
    """Central differences along random directions and single hyperparameters of each kind."""
    named = [(f"random direction {k + 1}", d) for k, d in enumerate(directions)]
    for place in problem.space.slices().values():
        # The largest entry of each kind: a difference sees it best.
        index = place.start + int(np.argmax(np.abs(stored.gradient[place])))
        named.append((problem.space.label(index, problem.layout), np.eye(1, vector.size, index)[0]))

    def loss(at: Vector) -> float:
        hyper = problem.hyper(at)
        with np.errstate(all="ignore"):
            return float(problem.outer_loss(problem.inner.train(hyper, seed), hyper))

    for name, direction in named:
        value, spread = central_difference(loss, vector, direction, precision.steps)
        exact = float(stored.gradient @ direction)
        scale = _scale(stored, direction)
        rounding = spread / scale if scale > 0 else spread
        tolerance = max(precision.differences, 10 * rounding)
        if tolerance > _UNTELLING:
            yield _skipped(
                f"finite difference along {name}",
                f"differences of several step lengths are {rounding:.1e} apart themselves: the loss"
                " is too rough here, or too flat for its rounding",
            )
            continue
        reason = (
            "truncation and rounding of differences"
            if tolerance == precision.differences
            else f"differences of several step lengths are {rounding:.1e} apart themselves"
        )
        yield _numbers(f"finite difference along {name}", value, exact, scale, tolerance, reason)


def central_difference(
    loss: Callable[[Vector], float], vector: Vector, direction: Vector, steps: tuple[float, ...]
) -> tuple[float, float]:
    """The derivative along a direction, and about how uncertain it is.

    Central differences over falling step lengths, each pair extrapolated to zero (Richardson, for
    halved steps); of the extrapolated ones the two that differ least.
    """
    plain = [(loss(vector + h * direction) - loss(vector - h * direction)) / (2 * h) for h in steps]
    better = [fine + (fine - coarse) / 3 for coarse, fine in pairwise(plain)]
    gaps = [abs(b - a) for a, b in pairwise(better)]
    best = int(np.argmin(gaps))
    return better[best + 1], gaps[best]


def _random_directions(size: int) -> list[Vector]:
    drawn = np.random.default_rng(0).standard_normal((_DIRECTIONS, size))
    return [each / np.linalg.norm(each) for each in drawn]


def _scale(stored: Hypergradient, direction: Vector) -> float:
    """What an error along a direction is measured by: sums cancel to any size."""
    return float(np.linalg.norm(stored.gradient * direction))


def _compared(
    name: str,
    found: Hypergradient,
    stored: Hypergradient,
    tolerance: float,
    reason: str,
    verdict: Literal["shown"] | None = None,
) -> Comparison:
    difference = float(np.linalg.norm(found.gradient - stored.gradient))
    scale = float(np.linalg.norm(stored.gradient))
    error = difference / scale if scale > 0 else difference
    return Comparison(
        name, float(np.linalg.norm(found.gradient)), scale, error, tolerance,
        verdict or ("agrees" if error <= tolerance else "differs"), reason,
    )  # fmt: skip


def _numbers(
    name: str, value: float, exact: float, scale: float, tolerance: float, reason: str
) -> Comparison:
    difference = abs(value - exact)
    error = difference / scale if scale > 0 else difference
    return Comparison(
        name, value, exact, error, tolerance, "agrees" if error <= tolerance else "differs", reason
    )


def _skipped(name: str, reason: str) -> Comparison:
    return Comparison(name, np.nan, np.nan, np.nan, np.nan, "skipped", reason)
