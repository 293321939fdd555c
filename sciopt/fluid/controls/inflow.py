"""The profile of the stream that enters a channel."""

from __future__ import annotations

from typing import Any

import numpy as onp

import autodiff.numpy as np
from sciopt.fluid.axes import refine_matrix
from sciopt.fluid.objectives import effort, roughness_of_profile

from .control import Control, Parameter, weighted
from .domain import Domain

NAME = "inflow"


def inflow(
    domain: Domain,
    start: Any,
    *,
    along: int = 1,
    bounds: tuple[float, float] = (-onp.inf, onp.inf),
    keep_flux: bool = False,
    effort_weight: float = 0.0,
    smoothness_weight: float = 0.0,
) -> Control:
    """The speed at which the fluid enters, for each cell of the side where it does.

    Args:
        start: shape (cells of that side,) or a number, cells per step.
        along: the axis along which the stream runs; the side lies along the other one.
        bounds: of the speed, cells per step. They hold for the parameter, to which `keep_flux`
            adds one number for all cells.
        keep_flux: whether the mean speed stays that of the start.
        effort_weight: of mean((speed - start)^2).
        smoothness_weight: of the roughness along the side.
    Value: "inflow", shape (cells of the side,), cells per step.
    """
    side = 1 - along
    cells, periodic = domain.shape[side], domain.periodic[side]
    first = onp.broadcast_to(onp.asarray(start, onp.float64), (cells,)).copy()

    def value(profile: Any) -> Any:
        return profile - (np.mean(profile) - first.mean()) if keep_flux else profile

    def penalties(profile: Any) -> dict[str, Any]:
        return weighted(
            NAME,
            effort=(effort_weight, lambda: effort(value(profile) - first)),
            roughness=(smoothness_weight, lambda: roughness_of_profile(profile, periodic)),
        )

    def refined(profile: Parameter, finer: Domain) -> Parameter:
        factor = float(domain.speed_factors(finer)[along, 0, 0])
        return factor * (refine_matrix(cells, finer.shape[side], periodic) @ profile)

    return Control(
        name=NAME,
        provides="inflow",
        start=first,
        unit=1.0,
        low=bounds[0],
        high=bounds[1],
        value=value,
        penalties=penalties,
        refine=refined,
        measure="cells per step",
    )
