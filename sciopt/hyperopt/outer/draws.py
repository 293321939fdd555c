"""Random vectors from the box, and a start from the best of some."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sciopt.errors import ConfigError
from sciopt.hyperopt.hyperparameters import Space

_DRAWS = 12  # tag of this use of a seed
Vector = NDArray[np.float64]


def random_vectors(space: Space, count: int, seed: int) -> NDArray[np.float64]:
    """Vectors drawn uniformly between the bounds, each on its scale, (count, size).

    Raises: ConfigError if a hyperparameter has no bounds to draw from.
    """
    refuse_without_bounds(space)
    rng = np.random.default_rng([seed, _DRAWS])
    return rng.uniform(space.low, space.high, (count, space.size))


def refuse_without_bounds(space: Space) -> None:
    """Refuse to search a box that reaches to infinity."""
    for part in space.parts:
        if not (np.isfinite(part.low).all() and np.isfinite(part.high).all()):
            raise ConfigError(
                f"hyperparameters.{part.name}.bounds: random search draws between bounds, but"
                " there are none; give them, or start from the settings and without --compare"
            )


def best_of_draws(space: Space, count: int, seed: int, loss: Callable[[Vector], float]) -> Vector:
    """The best of `count` random vectors, the start of the settings if all of them diverge."""
    vectors = random_vectors(space, count, seed)
    losses = np.array([loss(vector) for vector in vectors])
    finite = np.where(np.isfinite(losses), losses, np.inf)
    best = int(np.argmin(finite))
    return vectors[best] if np.isfinite(finite[best]) else space.start
