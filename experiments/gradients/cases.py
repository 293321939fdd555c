"""What can be put together, as settings of ``sciopt fluid``, and what the program refuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, get_args

from pydantic import ValidationError

from sciopt.errors import ConfigError
from sciopt.fluid.config import FluidConfig
from sciopt.fluid.physics import BOUNDARIES
from sciopt.fluid.physics.advection import Advection, Limiter
from sciopt.fluid.physics.backtrace import Backtrace
from sciopt.fluid.physics.scheme import Projection
from sciopt.fluid.problem import build_problem
from sciopt.fluid.problem.stage import Stage

COMMON: dict[str, Any] = {
    "size": (8, 9),
    "steps": 2,
    "dt": 0.7,
    "smoke": "bands",
    "target": "smile",
    "wind": (0.4, 0.3),
    "viscosity": 0.05,
    "buoyancy": 0.2,
    "up": "bottom",
    "sweeps": 4,
    "tolerance": 1e-13,
    "backend": "numpy",
}
"""Wind and buoyancy, along each other, keep departures between the middles of cells, where bilinear
transport has its kinks."""

KEYFRAMES = {"1": "heart"}

CONTROLS: dict[str, tuple[str, dict[str, Any]]] = {
    "initial velocity": ("initial_velocity", {}),
    "stream function": ("stream_function", {}),
    "forces, held": ("forces", {"every": 1}),
    "forces, linear": ("forces", {"every": 2, "between": "linear"}),
    "initial smoke": ("initial_smoke", {}),
    "inflow": ("inflow", {}),
    "obstacle": ("obstacle", {}),
    "viscosity": ("viscosity", {}),
    "buoyancy": ("buoyancy", {}),
}
"""Name in the table: key of the settings, and what is set there besides penalties."""

TOGETHER = (
    ("initial velocity", "forces, held", "initial smoke", "inflow", "viscosity", "buoyancy"),
    ("stream function", "forces, linear", "obstacle"),
)
"""Controls that one flow is checked with; some exclude each other."""

DISTANCES: dict[str, dict[str, Any]] = {
    "mean square": {"mean_square": 1.0},
    "blurred": {"blurred": {"weight": 1.0, "width": 1.5}},
    "transport": {"transport": {"weight": 1.0, "width": 0.3, "cells": 8, "iterations": 100}},
}
"""With a wide blur Sinkhorn's iterations converge soon: the gradient is taken at their end."""

OF_THE_FLOW: dict[str, dict[str, Any]] = {
    "keyframes": {"mean_square": 1.0},
    "energy": {"energy": 1.0},
    "-lift": {"lift": 1.0},
    "drag": {"drag": 1.0},
    "-lift / drag": {"lift_over_drag": 1.0},
}

PENALTIES = ("effort", "roughness")

OBJECTIVES = (*DISTANCES, *OF_THE_FLOW, *PENALTIES)


@dataclass(frozen=True)
class Case:
    """One flow that is checked.

    Attributes:
        scheme: the settings of its numerical parts.
        controls: names of those that are on, each with its penalties.
        objectives: names of those that can be asked of it, without penalties.
    """

    scheme: Mapping[str, Any]
    controls: tuple[str, ...]
    objectives: tuple[str, ...]

    @property
    def transport(self) -> str:
        """Its row in the table of schemes."""
        limiter = self.scheme["limiter"]
        limited = "" if limiter == "none" else f" ({limiter})"
        return f"{self.scheme['advection']}{limited}, {self.scheme['backtrace']}"

    @property
    def projection(self) -> str:
        """Its column there."""
        return self.scheme["projection"] + (", obstacle" if "obstacle" in self.controls else "")

    def __str__(self) -> str:
        sides = " x ".join(self.scheme["boundary"])
        return f"{self.transport}, {self.projection}, {sides}: {self.controls[0]}"

    def stages(self) -> tuple[Stage, Stage]:
        """The flow with what is asked of it on its way, and with what is asked of its end alone."""
        penalties = {name: penalties_of(self.scheme, name) for name in self.controls}
        on_the_way = [name for name in OF_THE_FLOW if name in self.objectives]
        at_the_end = [name for name in DISTANCES if name in self.objectives]
        return (
            laid_out(self.scheme, penalties, on_the_way, keyframes=KEYFRAMES),
            laid_out(self.scheme, penalties, at_the_end),
        )


def laid_out(
    scheme: Mapping[str, Any],
    controls: Mapping[str, tuple[str, ...]],
    objectives: list[str],
    **settings: Any,
) -> Stage:
    """What the program makes of these settings.

    Args:
        controls: names, each with the penalties on it.
    Raises: ConfigError or pydantic's ValidationError for what it refuses.
    """
    asked: dict[str, Any] = {"mean_square": 0.0}
    for name in objectives:
        asked |= {**DISTANCES, **OF_THE_FLOW}[name]
    chosen: dict[str, Any] = {"initial_velocity": False}
    for name, penalties in controls.items():
        key, special = CONTROLS[name]
        chosen[key] = special | dict.fromkeys(penalties, 1.0)
    given = COMMON | dict(scheme) | {"controls": chosen, "objectives": asked} | settings
    return build_problem(FluidConfig(**given)).last


def accepted(scheme: Mapping[str, Any], control: str, objective: str) -> bool:
    """Whether the program takes this combination."""
    penalty = (objective,) if objective in PENALTIES else ()
    other = "mean square" if penalty else objective
    try:
        laid_out(scheme, {control: penalty}, [other])
    except (ConfigError, ValidationError):
        return False
    return True


def penalties_of(scheme: Mapping[str, Any], control: str) -> tuple[str, ...]:
    """Those that the control has."""
    return tuple(name for name in PENALTIES if accepted(scheme, control, name))


def schemes() -> Iterator[dict[str, Any]]:
    """All products of the numerical parts, refused ones too."""
    parts = {
        "advection": get_args(Advection),
        "limiter": get_args(Limiter),
        "backtrace": get_args(Backtrace),
        "projection": get_args(Projection),
        "boundary": tuple(product(BOUNDARIES, BOUNDARIES)),
    }
    for chosen in product(*parts.values()):
        yield dict(zip(parts, chosen))


def cases() -> Iterator[Case]:
    """All that the program takes."""
    for scheme in schemes():
        yield from cases_of(scheme)


def cases_of(scheme: Mapping[str, Any]) -> Iterator[Case]:
    """Those of one scheme; none if it is refused."""
    for group in TOGETHER:
        controls = tuple(name for name in group if accepted(scheme, name, "mean square"))
        if controls:
            asked = [*DISTANCES, *OF_THE_FLOW]
            objectives = tuple(name for name in asked if accepted(scheme, controls[0], name))
            yield Case(scheme, controls, objectives)
