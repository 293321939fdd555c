"""The initial velocity, cell by cell."""

from __future__ import annotations

from typing import Any

import numpy as onp

from sciopt.fluid.objectives import effort, roughness

from .control import Control, Parameter, weighted
from .domain import Domain, refine_vectors

NAME = "initial velocity"


def initial_velocity(
    domain: Domain,
    start: Any = None,
    *,
    limit: float = onp.inf,
    effort_weight: float = 0.0,
    smoothness_weight: float = 0.0,
) -> Control:
    """The velocity at the start as it is; the first projection takes out its divergence.

    Args:
        start: shape (2, nx, ny), cells per step; still if None.
        limit: of the size of each component, cells per step.
        effort_weight: of mean(v^2).
        smoothness_weight: of the roughness of v.
    Value: "velocity", shape (2, nx, ny), cells per step.
    """
    first = onp.zeros((2, *domain.shape)) if start is None else onp.asarray(start, onp.float64)

    def penalties(velocity: Any) -> dict[str, Any]:
        return weighted(
            NAME,
            effort=(effort_weight, lambda: effort(velocity)),
            roughness=(smoothness_weight, lambda: roughness(velocity, domain.periodic)),
        )

    return Control(
        name=NAME,
        provides="velocity",
        start=first,
        unit=1.0,
        low=-limit,
        high=limit,
        value=lambda velocity: velocity,
        penalties=penalties,
        refine=lambda velocity, finer: refine_velocity(velocity, domain, finer),
        measure="cells per step",
    )


def refine_velocity(velocity: Parameter, domain: Domain, finer: Domain) -> Parameter:
    """A velocity, cells per step, in another domain. Shape (2, nx, ny)."""
    return domain.speed_factors(finer) * refine_vectors(velocity, domain, finer)
