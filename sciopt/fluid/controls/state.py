"""A state on the way as unknowns of its own, so that a simulation can be run in pieces."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as onp

from sciopt.fluid.physics import State

from .control import Control, Parameter
from .domain import Domain, refine
from .velocity import refine_velocity


def free_state(domain: Domain, step: int, velocity: Any, smoke: Any) -> tuple[Control, Control]:
    """The velocity and the smoke from which the simulation goes on after a step.

    Args:
        step: after which, on this domain.
        velocity: to begin with, shape (2, nx, ny), cells per step.
        smoke: to begin with, shape (dyes, nx, ny), densities.
    Values: "velocity after STEP" and "smoke after STEP", of the same shapes.
    """
    in_velocity, in_smoke = value_names(step)

    def finer_velocity(field: Parameter, finer: Domain) -> Parameter:
        return refine_velocity(field, domain, finer)

    def finer_smoke(field: Parameter, finer: Domain) -> Parameter:
        return refine(field, domain, finer)

    return (
        _as_it_is(in_velocity, velocity, "cells per step", finer_velocity),
        _as_it_is(in_smoke, smoke, "density", finer_smoke),
    )


def value_names(step: int) -> tuple[str, str]:
    """Under which the velocity and the smoke after a step are found among the values."""
    return f"velocity after {step}", f"smoke after {step}"


def state_of(values: Mapping[str, Any], step: int) -> State:
    """The state after a step that the values of the controls give."""
    in_velocity, in_smoke = value_names(step)
    return State(values[in_velocity], values[in_smoke])


def _as_it_is(
    name: str, start: Any, measure: str, refined: Callable[[Parameter, Domain], Parameter]
) -> Control:
    return Control(
        name=name,
        provides=name,
        start=onp.asarray(start, onp.float64),
        unit=1.0,
        low=-onp.inf,
        high=onp.inf,
        value=lambda field: field,
        penalties=lambda field: {},
        refine=refined,
        measure=measure,
    )
