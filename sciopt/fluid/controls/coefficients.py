"""Viscosity and buoyancy: positive numbers, moved on a logarithmic scale."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp

import autodiff.numpy as np
from sciopt.errors import ConfigError

from .control import Control, Parameter, weighted
from .domain import Domain


def viscosity(
    domain: Domain,
    start: float,
    bounds: tuple[float, float] = (0.0, onp.inf),
    *,
    effort_weight: float = 0.0,
) -> Control:
    """The kinematic viscosity. Value: "viscosity", a number above 0, cells^2 per step.

    Args:
        start: above 0, inside the bounds.
        bounds: from 0.
        effort_weight: of log(viscosity / start)^2.
    """

    def factor(finer: Domain) -> float:
        speed = domain.speed_factors(finer)
        return float(speed[0, 0, 0] * speed[1, 0, 0]) * domain.time_ratio(finer)

    return _coefficient("viscosity", start, bounds, effort_weight, factor, "cells^2 per step")


def buoyancy(
    domain: Domain,
    start: float,
    bounds: tuple[float, float] = (0.0, onp.inf),
    *,
    along: int = 0,
    effort_weight: float = 0.0,
) -> Control:
    """How fast full smoke speeds up along an axis. Value: "buoyancy", above 0, cells per step^2.

    Args:
        start: above 0, inside the bounds.
        bounds: from 0.
        along: the axis.
        effort_weight: of log(buoyancy / start)^2.
    """

    def factor(finer: Domain) -> float:
        return float(domain.speed_factors(finer)[along, 0, 0]) / domain.time_ratio(finer)

    return _coefficient("buoyancy", start, bounds, effort_weight, factor, "cells per step^2")


def _coefficient(
    name: str,
    start: float,
    bounds: tuple[float, float],
    effort_weight: float,
    factor: Callable[[Domain], float],
    measure: str,
) -> Control:
    if not start > 0:
        raise ConfigError(f"{name}: must start above 0, got {start:g}")
    first = onp.log(onp.float64(start))
    with onp.errstate(divide="ignore"):  # the logarithm of no lower bound
        low, high = onp.log(onp.float64(bounds[0])), onp.log(onp.float64(bounds[1]))

    def penalties(log_value: Any) -> dict[str, Any]:
        return weighted(name, effort=(effort_weight, lambda: (log_value - first) ** 2))

    def refined(log_value: Parameter, finer: Domain) -> Parameter:
        return log_value + onp.log(factor(finer))

    return Control(
        name=name,
        provides=name,
        start=onp.array(first),
        unit=1.0,
        low=low,
        high=high,
        value=np.exp,
        penalties=penalties,
        refine=refined,
        measure=measure,
    )
