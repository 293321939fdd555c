"""The lecture's time step, shifted by half so that one backtrace moves everything.

The lecture advects the velocity by itself, projects it, and then advects the smoke by the new
velocity. The next step advects the velocity by that same new velocity. Here the two advections by
one velocity are taken together: a state is (v_x, v_y, s, ...) with s behind by its advection.
With w = A(state; v), the next state is (P(w_x, w_y), w_s, ...). A rollout begins with
(P(A(v0; v0)), s0) and ends with A(s; v).

Source: Stam (1999), Stable Fluids; Autograd's fluid example, lecture 10, slides 20-21.
"""

from __future__ import annotations

import numpy as np

from .advect import advect_into, advect_tangent, pull_back
from .checks import check_arrays
from .project import project_into
from .scratch import scratch


def step(state: np.ndarray, sweeps: int) -> np.ndarray:
    """Advance a state by one time step.

    Args:
        state: shape (2 + dyes, nx, ny): velocity in cells per step, then the advected densities;
            float32 or float64.
        sweeps: Jacobi sweeps of the projection, >= 0.
    Returns: the next state, same shape.
    Raises: TypeError for another dtype, ValueError for a wrong shape or negative sweeps.
    """
    (state,) = check_states(state=state)
    state_next = np.empty_like(state)
    step_into(state_next, state, sweeps)
    return state_next


def step_into(state_next: np.ndarray, state: np.ndarray, sweeps: int) -> None:
    """Fill `state_next` with `step` of a checked state."""
    advected = scratch("advected", state.shape, state.dtype)
    advect_into(advected, state, state[:2])
    project_into(state_next, advected, sweeps)


def step_tangent(state: np.ndarray, state_dot: np.ndarray, sweeps: int) -> np.ndarray:
    """Derivative of `step` along `state_dot`, shapes and errors as there."""
    state, state_dot = check_states(state=state, state_dot=state_dot)
    advected_dot = advect_tangent(state, state[:2], state_dot, state_dot[:2])
    state_next_dot = np.empty_like(state)
    project_into(state_next_dot, advected_dot, sweeps)
    return state_next_dot


def step_adjoint(state_next_bar: np.ndarray, state: np.ndarray, sweeps: int) -> np.ndarray:
    """Cotangent of the state from that of the next state, shapes and errors as in `step`.

    The velocity's cotangent adds up what it moved and where it was moved.
    """
    state_next_bar, state = check_states(state_next_bar=state_next_bar, state=state)
    state_bar = np.empty_like(state)
    pull_step(state_bar, state_next_bar, state, sweeps)
    return state_bar


def pull_step(
    state_bar: np.ndarray, state_next_bar: np.ndarray, state: np.ndarray, sweeps: int
) -> None:
    """Fill `state_bar`, which may be `state_next_bar` itself, with `step_adjoint`, all checked."""
    advected_bar = scratch("advected", state.shape, state.dtype)
    project_into(advected_bar, state_next_bar, sweeps)
    velocity_bar = scratch("velocity_bar", state[:2].shape, state.dtype)
    pull_back(advected_bar, state, state[:2], state_bar, velocity_bar, True)


def check_states(**states: np.ndarray) -> tuple[np.ndarray, ...]:
    """`check_arrays` for states: two velocities and any number of densities."""
    checked = check_arrays(**states)
    if checked[0].shape[0] < 2:
        name = next(iter(states))
        raise ValueError(f"{name} must begin with two velocities, got shape {checked[0].shape}")
    return checked
