"""What every way to compute a hypergradient returns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sciopt.hyperopt.problem import Problem


@dataclass(frozen=True, eq=False)
class Hypergradient:
    """The outer loss of one training run and its gradient.

    Attributes:
        loss: the outer loss; NaN or infinite if the run diverged.
        gradient: by the vector of hyperparameters on their scales, (size,), float64.
        diagnostics: numbers that tell how far it can be trusted, such as residuals.
        notices: sentences that the user should read: why it cannot be trusted.
    """

    loss: float
    gradient: NDArray[np.float64]
    diagnostics: dict[str, float] = field(default_factory=dict)
    notices: tuple[str, ...] = ()


Method = Callable[[Problem, NDArray[np.float64], int], Hypergradient]
"""``(problem, vector, seed) -> Hypergradient``: what `method_of` gives for the settings."""
