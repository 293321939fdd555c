"""Running a scheme for many steps: the last state, and those at chosen steps on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as onp

import autodiff.numpy as np
from autodiff import unroll
from autodiff.checkpointing.plan import parse_bytes
from sciopt.errors import ConfigError

from .forces import Forces
from .grid import Array
from .scheme import Medium, Scheme, State, project, step


class Rollout(NamedTuple):
    """What a simulation gives.

    Attributes:
        velocity: at the end, shape (2, nx, ny).
        smoke: at the end, shape (dyes, nx, ny).
        kept: the states after the steps asked for, in their order.
    """

    velocity: Array
    smoke: Array
    kept: tuple[State, ...]


def simulate(
    scheme: Scheme,
    velocity: Array,
    smoke: Array,
    *,
    steps: int,
    medium: Medium | None = None,
    forces: Forces | None = None,
    keep: Sequence[int] = (),
    pieces: Mapping[int, State] | None = None,
    project_first: bool = False,
    memory: int | float | str | None = None,
    compiled: bool = True,
) -> Rollout:
    """Run `steps` steps. Velocity, smoke, the medium and the forces' knots may be traced.

    Args:
        velocity: at the start, shape (2, nx, ny), cells per unit of time.
        smoke: at the start, shape (dyes, nx, ny).
        medium: what the flow goes through; nothing special if None.
        keep: steps, from 0 to `steps`, after which the state is kept; in any order.
        pieces: states, by step, from which it goes on after that step in place of its own; what is
            kept after that step is still its own. May be traced.
        project_first: whether the velocity at the start is projected before the first step.
        memory: what the states stored for a gradient may take; see `autodiff.unroll`.
        compiled: whether the step is compiled.

    Raises:
        ConfigError: settings that do not go together, a keyframe outside, too little memory.
    """
    medium = medium or Medium()
    scheme.check(medium)
    _check_shapes(scheme, velocity, smoke, forces)
    pieces = pieces or {}
    cuts = _cuts(steps, (*keep, *pieces), forces)
    shares = _memory_shares(cuts, memory, _nbytes(velocity) + _nbytes(smoke))
    if project_first:
        velocity = project(scheme, medium, velocity)
    state = State(velocity, smoke)
    seen = {0: state}
    for (first, last), share in zip(pairwise(cuts), shares):
        state = _run(scheme, medium, state, first, last, forces, share, compiled)
        seen[last] = state
        state = pieces.get(last, state)
    state = seen[steps]
    return Rollout(state.velocity, state.smoke, tuple(seen[k] for k in keep))


def _run(
    scheme: Scheme,
    medium: Medium,
    state: State,
    first: int,
    last: int,
    forces: Forces | None,
    memory: int | None,
    compiled: bool,
) -> State:
    """Steps first to last - 1, between which the forces have no knot."""
    if forces is None:
        return unroll(
            lambda state, _: step(scheme, medium, state), state, length=last - first,
            memory=memory, compiled=compiled,
        )  # fmt: skip
    knot = min(first // forces.every, np.shape(forces.knots)[0] - 1)
    before = forces.knots[knot]
    if forces.between == "held" or knot + 1 == np.shape(forces.knots)[0]:
        return unroll(
            lambda state, _: step(scheme, medium, state, before), state, length=last - first,
            memory=memory, compiled=compiled,
        )  # fmt: skip
    change = forces.knots[knot + 1] - before
    shares = (onp.arange(first, last) / forces.every - knot).astype(before.dtype)
    return unroll(
        lambda state, share: step(scheme, medium, state, before + share * change), state, shares,
        memory=memory, compiled=compiled,
    )  # fmt: skip


def _cuts(steps: int, keep: Sequence[int], forces: Forces | None) -> list[int]:
    """Steps at which the loop is cut: both ends, states to keep, knots."""
    for k in keep:
        if not 0 <= k <= steps:
            raise ConfigError(
                f"keyframes: step {k} is not within the simulation, which has steps 0 to {steps};"
                " move the keyframe, or raise steps"
            )
    knots = range(0, steps, forces.every) if forces is not None else ()
    return sorted({0, steps, *keep, *knots})


def _memory_shares(
    cuts: list[int], memory: int | float | str | None, state: int
) -> list[int | None]:
    """Bytes for each part of the loop: a state for its start, and of the rest by its length."""
    lengths = [last - first for first, last in pairwise(cuts)]
    if memory is None:
        return [None] * len(lengths)
    rest = parse_bytes(memory) - state * len(lengths)
    if rest < 0:
        raise ConfigError(
            f"memory: {memory} is less than {len(lengths)} states of {state} bytes, one for the"
            f" start and one for each keyframe and force on the way; the least is"
            f" {state * len(lengths)} bytes"
        )
    return [state + rest * length // max(cuts[-1], 1) for length in lengths]


def _nbytes(x: Array) -> int:
    return int(onp.prod(np.shape(x), dtype=int)) * onp.dtype(x.dtype).itemsize


def _check_shapes(scheme: Scheme, velocity: Array, smoke: Array, forces: Forces | None) -> None:
    shape = scheme.grid.shape
    if np.shape(velocity) != (2, *shape) or np.shape(smoke)[1:] != shape:
        raise ValueError(
            f"velocity and smoke must have shapes (2, *{shape}) and (dyes, *{shape}), got"
            f" {np.shape(velocity)} and {np.shape(smoke)}"
        )
    if forces is not None and np.shape(forces.knots)[1:] != (2, *shape):
        raise ValueError(
            f"forces must have shape (knots, 2, *{shape}), got {np.shape(forces.knots)}"
        )
