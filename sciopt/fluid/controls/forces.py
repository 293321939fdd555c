"""Forces through time: one field every few steps."""

from __future__ import annotations

from typing import Any

import numpy as onp

from sciopt.fluid.objectives import effort, roughness
from sciopt.fluid.physics import Between, Forces

from .control import Control, Parameter, weighted
from .domain import Domain, refine_vectors

NAME = "forces"


def forces(
    domain: Domain,
    every: int,
    between: Between = "held",
    start: Any = None,
    *,
    limit: float = onp.inf,
    effort_weight: float = 0.0,
    smoothness_weight: float = 0.0,
) -> Control:
    """Accelerations through time, given at one step of `every`; see `physics.Forces`.

    A force that is held for `every` steps acts about `every` times as strongly as a velocity, so
    its unit is 1 / (every * dt).

    Args:
        start: shape (knots, 2, nx, ny), cells per step^2; none if None.
        limit: of the size of each component, cells per step^2.
        effort_weight: of mean((every * dt * force)^2): the square of the velocity that is given
            until the next knot.
        smoothness_weight: of the roughness of every * dt * force.
    Value: "forces", shape (knots, 2, nx, ny), cells per step^2.
    """
    shape = (knot_count(domain.steps, every, between), 2, *domain.shape)
    unit = 1 / (every * domain.dt)
    first = onp.zeros(shape) if start is None else onp.asarray(start, onp.float64)

    def penalties(knots: Any) -> dict[str, Any]:
        return weighted(
            NAME,
            effort=(effort_weight, lambda: effort(knots, unit)),
            roughness=(smoothness_weight, lambda: roughness(knots, domain.periodic) / unit**2),
        )

    return Control(
        name=NAME,
        provides="forces",
        start=first,
        unit=unit,
        low=-limit,
        high=limit,
        value=lambda knots: knots,
        penalties=penalties,
        refine=lambda knots, finer: refine_forces(knots, every, between, domain, finer),
        measure="cells per step^2",
    )


def knot_count(steps: int, every: int, between: Between) -> int:
    """How many fields there are. Linear interpolation needs one at or after the last step."""
    return -(-steps // every) if between == "held" else -(-(steps - 1) // every) + 1


def mean_per_knot(rows: Any, every: int) -> Any:
    """Held forces with the same mean over each knot's steps. (steps, ...) to (knots, ...)."""
    starts = onp.arange(0, len(rows), every)
    lengths = onp.diff(onp.append(starts, len(rows)))
    sums = onp.add.reduceat(onp.asarray(rows), starts, axis=0)
    return sums / lengths.reshape(-1, *[1] * (sums.ndim - 1))


def refine_forces(
    knots: Parameter, every: int, between: Between, domain: Domain, finer: Domain
) -> Parameter:
    """Forces in another domain, with a knot for every `every` of its steps."""
    ratio = domain.time_ratio(finer)
    steps = onp.arange(knot_count(finer.steps, every, between)) * every
    moved = Forces(knots, every, between).at(steps * (domain.steps / finer.steps))
    return domain.speed_factors(finer) / ratio * refine_vectors(moved, domain, finer)
