"""Which code runs the simulation, and how: the one place where that is decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Literal

from sciopt.errors import ConfigError
from sciopt.fluid.config import FluidConfig
from sciopt.fluid.controls import state_of
from sciopt.fluid.physics import Forces, Scheme, State, simulate
from sciopt.fluid.simulate import lecture_states

from .medium import medium_of

Backend = Literal["numba", "compiled", "numpy"]

_OF_KERNELS = {"velocity", "smoke"}
"""All values that the kernels take."""


def choose_backend(config: FluidConfig, scheme: Scheme, values: set[str], fits: bool) -> Backend:
    """The one asked for, or the fastest that can do it.

    Args:
        values: names of what the simulation takes.
        fits: whether all states may be stored, which is what the kernels do.
    Raises: ConfigError if the kernels are asked for what they cannot do.
    """
    if config.backend in ("compiled", "numpy"):
        return config.backend
    reason = _beyond_kernels(config, scheme, values, fits)
    if config.backend == "numba" and reason is not None:
        raise ConfigError(
            f"backend: numba runs the lecture's scheme only, and {reason}; choose backend:"
            " compiled, or auto."
        )
    return "numba" if reason is None else "compiled"


def _beyond_kernels(
    config: FluidConfig, scheme: Scheme, values: set[str], fits: bool
) -> str | None:
    """The first reason why the kernels cannot do it; None if they can."""
    lecture = Scheme(scheme.grid, sweeps=scheme.sweeps, tolerance=scheme.tolerance, up=scheme.up)
    for name in ("advection", "backtrace", "limiter", "projection", "dt"):
        if getattr(scheme, name) != getattr(lecture, name):
            return f"{name} is {getattr(scheme, name)}"
    if scheme.grid.boundary != ("periodic", "periodic"):
        return "boundary is not periodic"
    others = sorted(values - _OF_KERNELS)
    if others:
        return f"there is {others[0]}"
    if config.project_start:
        return "project_start is true"
    return None if fits else "memory is too small to store all states"


def run(
    backend: Backend,
    config: FluidConfig,
    scheme: Scheme,
    values: Mapping[str, Any],
    keep: Sequence[int],
    memory: int | None = None,
    joints: Sequence[int] = (),
) -> tuple[State, ...]:
    """The states after the steps to keep, which rise.

    Args:
        values: what the simulation takes, by name; may be traced.
        memory: what stored states may take, in bytes; None for all.
        joints: steps, rising, after which it goes on from a state among the values.
    """
    velocity, smoke = values["velocity"], values["smoke"]
    pieces = {step: state_of(values, step) for step in joints if step < keep[-1]}
    if backend == "numba":
        return _lecture_pieces({0: State(velocity, smoke), **pieces}, keep, scheme.sweeps)
    knots, every = values.get("forces"), config.controls.forces
    forces = None if knots is None or every is None else Forces(knots, every.every, every.between)
    return simulate(
        scheme,
        velocity,
        smoke,
        steps=keep[-1],
        medium=medium_of(scheme, values, config.smoke_enters),
        forces=forces,
        keep=keep,
        pieces=pieces,
        project_first=config.project_start,
        memory=memory,
        compiled=backend == "compiled",
    ).kept


def _lecture_pieces(
    pieces: Mapping[int, State], keep: Sequence[int], sweeps: int
) -> tuple[State, ...]:
    """The states after the steps to keep, each of the piece that comes to it."""
    kept: list[State] = [pieces[0]] if keep[0] == 0 else []
    for first, last in pairwise((*pieces, keep[-1])):
        if within := [step - first for step in keep if first < step <= last]:
            kept += lecture_states(*pieces[first], keep=within, sweeps=sweeps)
    return tuple(kept)
