"""Running the simulation: from an initial velocity and smoke to the smoke at the end.

The lecture's step is: advect the velocity by itself, project it, advect the smoke by the new
velocity. The smoke's advection of one step and the velocity's of the next use the same velocity, so
they are done together: a rollout begins with a velocity alone, steps the pair, and ends with the
smoke alone. The numbers are the lecture's.
"""

from __future__ import annotations

from importlib import import_module
from itertools import pairwise
from types import ModuleType
from typing import Any, Literal

import autodiff.numpy as np

Backend = Literal["numba", "numpy"]
_MODULES = {"numba": "sciopt.fluid.primitives", "numpy": "sciopt.fluid.reference"}


def operations(backend: Backend) -> ModuleType:
    """The module with `advect`, `project` and `evolve`: compiled kernels, or plain NumPy."""
    return import_module(_MODULES[backend])


def _first_state(velocity: Any, smoke: Any, sweeps: int, scheme: ModuleType) -> Any:
    """Velocity after the first step and smoke before it, shape (3, nx, ny)."""
    velocity = scheme.project(scheme.advect(velocity, velocity), sweeps)
    return np.concatenate([velocity, smoke[None]])


def _last_smoke(state: Any, scheme: ModuleType) -> Any:
    """The smoke after the step whose velocity `state` has, shape (nx, ny)."""
    return scheme.advect(state[2:], state[:2])[0]


def rollout(
    velocity: Any, smoke: Any, *, steps: int, sweeps: int, backend: Backend = "numba"
) -> Any:
    """The smoke after `steps` time steps.

    Args:
        velocity: initial velocity, shape (2, nx, ny), cells per step; may be traced.
        smoke: initial density, shape (nx, ny).
        steps: time steps, at least 1.
        sweeps: Jacobi sweeps of each projection.
        backend: "numba" for the compiled kernels, "numpy" for the plain form.

    Returns: density, shape (nx, ny).
    """
    scheme = operations(backend)
    state = _first_state(velocity, smoke, sweeps, scheme)
    return _last_smoke(scheme.evolve(state, steps - 1, sweeps), scheme)


def smoke_frames(
    velocity: Any,
    smoke: Any,
    *,
    steps: int,
    sweeps: int,
    backend: Backend = "numba",
    frames: int,
) -> tuple[list[int], list[Any]]:
    """The smoke at about `frames` evenly spaced steps, the first and the last among them.

    Returns: the steps, 0 to `steps`, and a density (nx, ny) for each.
    """
    count = min(frames, steps + 1)
    wanted = [round(k * steps / (count - 1)) for k in range(count)]
    scheme = operations(backend)
    state = _first_state(velocity, smoke, sweeps, scheme)
    kept = [state[2]]
    for before, after in pairwise(wanted[:-1]):
        state = scheme.evolve(state, after - before, sweeps)
        kept.append(state[2].copy())
    state = scheme.evolve(state, steps - 1 - wanted[-2], sweeps)
    return wanted, [*kept, _last_smoke(state, scheme)]
