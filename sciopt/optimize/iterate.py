"""What an optimiser tells the world: a point on its way, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Status = Literal["finished", "interrupted", "diverged"]


@dataclass(frozen=True, eq=False)
class Iterate:
    """One accepted point of an optimiser.

    Attributes:
        index: 0 at the start, then one more per iteration.
        evaluations: values with gradients computed so far.
        loss, grad_norm: the objective and the 2-norm of its gradient, both finite.
        seconds: time since the search began.
        x: the point, in the shape and dtype of the start; read-only.
    """

    index: int
    evaluations: int
    loss: float
    grad_norm: float
    seconds: float
    x: NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class Outcome:
    """The end of a search: the best point of all that were evaluated, line searches included.

    Attributes:
        x: the point with the lowest loss, in the shape and dtype of the start; read-only.
        loss, grad_norm: at `x`; NaN if the start itself was not finite.
        iterations, evaluations: how many there were.
        seconds: how long the search took.
        status: "finished", "interrupted" by Ctrl-C, or "diverged" on a NaN or infinity.
        message: why it ended, in words.
    """

    x: NDArray[np.floating]
    loss: float
    grad_norm: float
    iterations: int
    evaluations: int
    seconds: float
    status: Status
    message: str
