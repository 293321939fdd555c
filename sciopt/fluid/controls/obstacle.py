"""The shape of an obstacle: how solid each cell is."""

from __future__ import annotations

from typing import Any

import numpy as onp
from numpy.typing import NDArray

import autodiff.numpy as np
from sciopt.fluid.objectives import effort, roughness

from .control import Control, Parameter, weighted
from .domain import Domain, refine

NAME = "obstacle"

_MOST_SOLID = 3.0  # tanh(3) = 0.995: beyond, a cell would hardly move any more


def obstacle(
    domain: Domain,
    allowed: NDArray[Any],
    start: Any,
    *,
    limit: float = onp.inf,
    effort_weight: float = 0.0,
    smoothness_weight: float = 0.0,
) -> Control:
    """o = (tanh(theta) + 1) / 2 where an obstacle is allowed, and 0 elsewhere.

    Args:
        allowed: where there may be one, shape (nx, ny): 1, or 0 for always free; as a factor of o.
        start: theta, shape (nx, ny); see `theta_of` for that of an occlusion.
        limit: of the size of theta.
        effort_weight: of mean(o^2): material.
        smoothness_weight: of the roughness of o: outline.
    Value: "occlusion", shape (nx, ny), from 0, free, to 1, solid.
    Source: Autograd's `wing` example.
    """
    mask = onp.asarray(allowed, onp.float64)

    def value(theta: Any) -> Any:
        return mask.astype(theta.dtype) * (0.5 * (np.tanh(theta) + 1.0))

    def penalties(theta: Any) -> dict[str, Any]:
        return weighted(
            NAME,
            effort=(effort_weight, lambda: effort(value(theta))),
            roughness=(smoothness_weight, lambda: roughness(value(theta), domain.periodic)),
        )

    return Control(
        name=NAME,
        provides="occlusion",
        start=onp.asarray(start, onp.float64),
        unit=1.0,
        low=-limit,
        high=limit,
        value=value,
        penalties=penalties,
        refine=lambda theta, finer: refine(theta, domain, finer),
        measure="solid share",
    )


def theta_of(occlusion: Any) -> Parameter:
    """The theta of an occlusion from 0 to 1; held at a size of 3 where that is not finite."""
    limit = onp.tanh(_MOST_SOLID)
    return onp.arctanh(onp.clip(2.0 * onp.asarray(occlusion, onp.float64) - 1.0, -limit, limit))
