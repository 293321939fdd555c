"""What solving a fluid problem yields: arrays and scalars only, ready to be saved and drawn."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Status = Literal["finished", "interrupted", "diverged"]


@dataclass(frozen=True)
class FluidResult:
    """The best flow that was found and how it was found.

    Axis 0 of a field is x (image rows, top to bottom), axis 1 is y (image columns, left to right).
    Densities: 1 is full smoke, 0 is none.

    Attributes:
        target: density to be formed, (nx, ny).
        smoke_initial: density at the start of the simulation, (nx, ny).
        smoke_final: density after the last time step, (nx, ny).
        velocity: initial velocity, (2, nx, ny), cells per time step, along x and along y.
        frames: smoke through time, (F, nx, ny), 0 to 255 for density 0 to 1; the first is
            `smoke_initial`, the last `smoke_final`.
        frame_steps: the time step of each frame, (F,); 0 is the start.
        loss_history: loss of the start and of each accepted iterate, (E,).
        grad_norm_history: Euclidean norm of the gradient at the same points, (E,).
        loss_initial: mean square mismatch of `smoke_final` with `target` for the start.
        loss_final: the same for `velocity`.
        evaluations: simulations with gradient that were run.
        iterations: accepted iterates, without the start.
        message: why the optimizer stopped, for the user.
        status: "finished", "interrupted" by the user, or "diverged".
    """

    target: NDArray[np.floating[Any]]
    smoke_initial: NDArray[np.floating[Any]]
    smoke_final: NDArray[np.floating[Any]]
    velocity: NDArray[np.floating[Any]]
    frames: NDArray[np.uint8]
    frame_steps: NDArray[np.integer[Any]]
    loss_history: NDArray[np.float64]
    grad_norm_history: NDArray[np.float64]
    loss_initial: float
    loss_final: float
    evaluations: int
    iterations: int
    message: str
    status: Status
