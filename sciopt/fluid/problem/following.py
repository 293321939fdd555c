"""Forces under which a flow on a finer grid does what one on a coarse grid did.

The same forces, counted in finer cells, lead elsewhere: bilinear transport slows a flow like a
viscosity of a fixed number of cells^2 per step, which on a finer grid is less of the box. So what
is handed on is the flow. From knot to knot its forces are those of the coarse flow, put right by
what the velocity at the end of the knot's time lacks.
"""

from __future__ import annotations

from typing import Any

import numpy as onp
from numpy.typing import NDArray

from sciopt.fluid.physics import Forces, Medium, Scheme, State, project, simulate

_PASSES = 2
"""Corrections of each force: more change nothing that can be seen."""


def following_forces(
    scheme: Scheme,
    medium: Medium,
    start: State,
    wanted: NDArray[Any],
    first: NDArray[Any],
    every: int,
    steps: int,
) -> NDArray[Any]:
    """Held forces that lead from a state through the wanted velocities.

    Args:
        start: the state at the start, whose dtype is computed in.
        wanted: velocities at the end of each knot's time, (knots, 2, nx, ny), cells per step.
        first: forces to begin with, the same shape, cells per step^2.
        every: steps from knot to knot, the last one perhaps of fewer.
        steps: in all.
    Returns: forces, shape and dtype of `first`.
    """
    dtype = start.velocity.dtype
    state, found = start, onp.empty_like(first)
    for knot, force in enumerate(first):
        length = min(every, steps - knot * every)
        aim = project(scheme, medium, wanted[knot].astype(dtype))
        end = _after(scheme, medium, state, force, length)
        for _ in range(_PASSES):
            force = force + (aim - end.velocity) / (length * scheme.dt)
            end = _after(scheme, medium, state, force, length)
        found[knot], state = force, end
    return found


def _after(scheme: Scheme, medium: Medium, state: State, force: NDArray[Any], steps: int) -> State:
    knots = force[onp.newaxis].astype(state.velocity.dtype)
    end = simulate(
        scheme, state.velocity, state.smoke, steps=steps, medium=medium,
        forces=Forces(knots, steps),
    )  # fmt: skip
    return State(end.velocity, end.smoke)
