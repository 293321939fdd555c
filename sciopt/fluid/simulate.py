"""The lecture's scheme by compiled kernels: from an initial velocity and smoke to what they become.

The lecture's step is: advect the velocity by itself, project it, advect the smoke by the new
velocity. The smoke's advection of one step and the velocity's of the next use the same velocity, so
they are done together: a rollout begins with a velocity alone, steps the pair, and ends with the
smoke alone. The numbers are the lecture's, and those of `physics` to round-off, which is the plain
form.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import autodiff.numpy as np

from . import primitives
from .physics import State


def lecture_states(
    velocity: Any, smoke: Any, *, keep: Sequence[int], sweeps: int
) -> tuple[State, ...]:
    """The states after some steps.

    Args:
        velocity: initial velocity, shape (2, nx, ny), cells per step; may be traced.
        smoke: initial densities, shape (dyes, nx, ny); may be traced.
        keep: the steps, from 0, rising.
        sweeps: Jacobi sweeps of each projection.
    """
    kept = [State(velocity, smoke)] if keep[0] == 0 else []
    moved = primitives.project(primitives.advect(velocity, velocity), sweeps)
    pair, done = np.concatenate([moved, smoke]), 1  # the smoke is one step behind
    for step in keep[len(kept) :]:
        pair, done = primitives.evolve(pair, step - done, sweeps), step
        kept.append(State(pair[:2], primitives.advect(pair[2:], pair[:2])))
    return tuple(kept)


def rollout(velocity: Any, smoke: Any, *, steps: int, sweeps: int) -> Any:
    """The smoke after `steps` time steps, at least 1; shape (nx, ny), as the smoke's."""
    (end,) = lecture_states(velocity, smoke[None], keep=(steps,), sweeps=sweeps)
    return end.smoke[0]
