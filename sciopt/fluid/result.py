"""What solving a fluid problem yields: arrays and scalars only, ready to be saved and drawn."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Status = Literal["finished", "interrupted", "diverged"]
Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class FluidResult:
    """The best flow that was found and how it was found.

    Axis 0 of a field is x (image rows, top to bottom), axis 1 is y (image columns, left to right).
    Densities: 1 is full smoke, 0 is none. What the settings do not have is an array of size 0.

    Attributes:
        keyframe_steps: time steps after which there is a picture to form, rising, (K,); the target
            is the one at the end.
        targets: densities to be formed, (K, dyes, nx, ny).
        keyframe_smoke: densities at these steps, (K, dyes, nx, ny).
        smoke_initial: densities at the start of the simulation, (dyes, nx, ny).
        smoke_final: densities after the last time step, (dyes, nx, ny).
        velocity: initial velocity, (2, nx, ny), cells per time step, along x and along y.
        velocity_final: after the last time step, (2, nx, ny).
        forces: through time, (knots, 2, nx, ny), cells per time step squared.
        inflow: speed at which the stream enters a channel, (cells across it,), cells per step.
        occlusion: from 0, free, to 1, solid, (nx, ny).
        viscosity: cells^2 per step; a number as an array.
        buoyancy: cells per step^2; a number as an array.
        frames: smoke through time, (F, dyes, nx, ny), 0 to 255 for density 0 to 1; the first is
            `smoke_initial`, the last `smoke_final`.
        frame_smoke: the same as numbers, where they are to be exported.
        frame_velocity: velocity at the same times, (F, 2, nx, ny), where it is shown or exported.
        frame_steps: the time step of each frame, (F,); 0 is the start.
        loss_history: loss of the start and of each accepted iterate, (E,).
        grad_norm_history: Euclidean norm of the gradient at the same points, (E,).
        level_history: number of the level, from coarse to fine, at the same points, (E,); a loss
            means something within its level only.
        search_history: number of the search at the same points, (E,): the trials of the starts, if
            there are restarts, then one for each level.
        trial_losses: what the trial of each start came to, (S,); none without restarts.
        start_chosen: number of the start, from 0, that went on.
        vector: what the optimiser moved, (N,): the controls in their units, one after the other.
        controls: a line of text for each control.
        part_names: of the parts of the loss.
        parts_initial, parts_final: the weighted parts, at the start and at the end.
        loss_initial: what is made small, on the last level, for the start.
        loss_final: the same for the best controls.
        picture_mismatch: mean square difference of smoke and pictures; NaN if there are none.
        evaluations: simulations with gradient that were run.
        iterations: accepted iterates, without the start.
        message: why the optimizer stopped, for the user.
        status: "finished", "interrupted" by the user, or "diverged".
    """

    keyframe_steps: NDArray[np.integer[Any]]
    targets: Floats
    keyframe_smoke: Floats
    smoke_initial: Floats
    smoke_final: Floats
    velocity: Floats
    velocity_final: Floats
    forces: Floats
    inflow: Floats
    occlusion: Floats
    viscosity: Floats
    buoyancy: Floats
    frames: NDArray[np.uint8]
    frame_smoke: NDArray[np.float32]
    frame_velocity: NDArray[np.float32]
    frame_steps: NDArray[np.integer[Any]]
    loss_history: NDArray[np.float64]
    grad_norm_history: NDArray[np.float64]
    level_history: NDArray[np.integer[Any]]
    search_history: NDArray[np.integer[Any]]
    trial_losses: NDArray[np.float64]
    start_chosen: int
    vector: NDArray[np.float64]
    controls: NDArray[np.str_]
    part_names: NDArray[np.str_]
    parts_initial: NDArray[np.float64]
    parts_final: NDArray[np.float64]
    loss_initial: float
    loss_final: float
    picture_mismatch: float
    evaluations: int
    iterations: int
    message: str
    status: Status
