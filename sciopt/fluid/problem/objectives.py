"""The weighted sum that the settings ask for, on one level."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from sciopt.errors import ConfigError
from sciopt.fluid.config import FluidConfig
from sciopt.fluid.controls import Domain
from sciopt.fluid.levels import Level
from sciopt.fluid.objectives import (
    Flow,
    Keyframe,
    Objective,
    Term,
    blurred_mean_square,
    drag,
    keyframes_mismatch,
    lift,
    mean_energy,
    minus_lift_over_drag,
    transport,
)

from .physics import whole_domain

_LOOKS = 10
"""Times at which the energy is looked at, besides those that are kept anyway."""


def objective_of(
    config: FluidConfig, level: Level, domain: Domain, keyframes: Sequence[Keyframe]
) -> Objective:
    """What is made small on this level.

    Raises: ConfigError if nothing is, or if something needs a target or a wind that there is not.
    """
    terms = [*_distances(config, level, domain, keyframes), *_of_the_flow(config, domain)]
    terms = [term for term in terms if term.weight]
    if not terms:
        raise ConfigError(
            "objectives: nothing is to be made small; give at least one of them a weight above 0,"
            " such as objectives.mean_square: 1."
        )
    pictured = {"mean square", "blurred", "transport"} & {term.name for term in terms}
    if pictured and not keyframes:
        raise ConfigError(
            f"objectives: {', '.join(sorted(pictured))} compare smoke with pictures, and there is"
            " none; name a target or keyframes, or set objectives.mean_square to 0."
        )
    return Objective(tuple(terms))


def kept_steps(config: FluidConfig, domain: Domain, keyframes: Sequence[Keyframe]) -> list[int]:
    """The steps after which the objective wants to see the state, rising, the last one too."""
    looks = range(1, _LOOKS + 1) if config.objectives.energy else ()
    at = {max(1, domain.steps * k // (_LOOKS + 1)) for k in looks}
    return sorted({*at, *(frame.step for frame in keyframes), domain.steps})


def _distances(
    config: FluidConfig, level: Level, domain: Domain, keyframes: Sequence[Keyframe]
) -> list[Term]:
    """Distances of the smoke from the pictures."""
    wanted, periodic = config.objectives, domain.periodic
    frames = [_in_dtype(frame, config.dtype) for frame in keyframes]
    width = wanted.blurred.width * _cell_ratio(config, domain)

    def term(name: str, weight: float, distance: Callable[[Any, Any], Any]) -> Term:
        return Term(name, weight, lambda flow: keyframes_mismatch(flow, frames, distance))

    blurred = partial(blurred_mean_square, periodic=periodic)
    carried = partial(
        transport, cells=wanted.transport.cells, width=wanted.transport.width, periodic=periodic,
        iterations=wanted.transport.iterations,
    )  # fmt: skip
    return [
        term("mean square", wanted.mean_square, partial(blurred, width=level.blur)),
        term("blurred", wanted.blurred.weight, partial(blurred, width=width)),
        term(
            "transport",
            wanted.transport.weight + level.weights.get("transport", 0.0),
            carried,
        ),
    ]


def _of_the_flow(config: FluidConfig, domain: Domain) -> list[Term]:
    """What is asked of the velocity alone."""
    wanted = config.objectives
    along = int(abs(config.wind[1]) >= abs(config.wind[0]))
    speed = config.wind[along] * float(whole_domain(config).speed_factors(domain)[along, 0, 0])
    if (wanted.lift_over_drag or wanted.lift or wanted.drag) and not speed:
        raise ConfigError(
            "objectives: lift and drag are of a wind, and there is none; set wind, such as"
            " wind: [0, 1]."
        )
    if (wanted.lift_over_drag or wanted.drag) and "channel" in domain.boundary:
        raise ConfigError(
            "objectives: drag is what the mean wind loses, and through a channel as much flows out"
            " as in; make boundary periodic along the wind, or use objectives.lift."
        )
    return [
        Term(
            "-lift / drag",
            wanted.lift_over_drag,
            lambda flow: minus_lift_over_drag(flow.velocity[-1], speed, along),
        ),
        Term("-lift", wanted.lift, lambda flow: -lift(flow.velocity[-1], along)),
        Term("drag", wanted.drag, lambda flow: drag(flow.velocity[-1], speed, along)),
        Term("energy", wanted.energy, mean_energy),
    ]


def _cell_ratio(config: FluidConfig, domain: Domain) -> float:
    """Cells of this domain by those of the whole one, along a side."""
    return float(np.mean(np.divide(domain.shape, whole_domain(config).shape)))


def _in_dtype(frame: Keyframe, dtype: str) -> Keyframe:
    return Keyframe(frame.step, np.asarray(frame.target).astype(dtype), frame.weight)


def picture_mismatch(flow: Flow, keyframes: Sequence[Keyframe]) -> float:
    """Mean square difference of smoke and pictures, NaN without any."""
    if not keyframes:
        return float("nan")
    return float(keyframes_mismatch(flow, keyframes, partial(blurred_mean_square, width=0.0)))
