"""The initial velocity as the curl of a stream function: free of divergence by construction."""

from __future__ import annotations

from typing import Any

import numpy as onp

import autodiff.numpy as np
from sciopt.errors import ConfigError
from sciopt.fluid.axes import difference_matrix
from sciopt.fluid.objectives import effort, roughness

from .control import Control, Parameter, weighted
from .domain import Domain, refine

NAME = "stream function"


def stream_function(
    domain: Domain,
    start: Any = None,
    *,
    limit: float = onp.inf,
    effort_weight: float = 0.0,
    smoothness_weight: float = 0.0,
) -> Control:
    """v = (D_y psi, -D_x psi) + drift, with the central differences D that the projection uses.

    Differences along two axes commute, so the discrete divergence D_x v_x + D_y v_y is round-off.
    psi vanishes at walls, and goes on behind them with the other sign, so nothing flows through. A
    periodic stream function has no mean flow: the drift, one number for each axis, is that.

    Args:
        start: the parameter, psi and then the drift, shape (nx * ny + 2,); still if None.
        limit: of the size of psi, cells^2 per step: at most twice this flows between any two
            places. The drift has none.
        effort_weight, smoothness_weight: as for the initial velocity, of v.
    Value: "velocity", shape (2, nx, ny), cells per step.
    Raises: ConfigError if an axis is a channel.
    """
    if "channel" in domain.boundary:
        raise ConfigError(
            f"{NAME}: nothing of it flows through the sides, so it is none for a channel;"
            " control the initial velocity or the inflow"
        )
    cells = domain.shape[0] * domain.shape[1]
    first = onp.zeros(cells + 2) if start is None else onp.asarray(start, onp.float64)
    limits = onp.append(onp.full(cells, limit), [onp.inf, onp.inf])

    def value(parameter: Any) -> Any:
        psi = np.reshape(parameter[:-2], domain.shape)
        return velocity_of(psi, domain) + _drift(parameter[-2:], domain)

    def penalties(parameter: Any) -> dict[str, Any]:
        return weighted(
            NAME,
            effort=(effort_weight, lambda: effort(value(parameter))),
            roughness=(smoothness_weight, lambda: roughness(value(parameter), domain.periodic)),
        )

    return Control(
        name=NAME,
        provides="velocity",
        start=first,
        unit=1.0,
        low=-limits,
        high=limits,
        value=value,
        penalties=penalties,
        refine=lambda parameter, finer: refine_stream_function(parameter, domain, finer),
        measure="cells per step",
    )


def velocity_of(psi: Any, domain: Domain) -> Any:
    """(D_y psi, -D_x psi). Shape (nx, ny) to (2, nx, ny)."""
    rows, columns = (
        difference_matrix(cells, periodic, "odd").astype(psi.dtype)
        for cells, periodic in zip(domain.shape, domain.periodic)
    )
    return np.stack([psi @ columns.T, -(rows @ psi)])


def divergence(velocity: Any, domain: Domain) -> Any:
    """D_x v_x + D_y v_y, nothing flowing through walls. Shape (2, nx, ny) to (nx, ny)."""
    rows, columns = (
        difference_matrix(cells, periodic, "odd").astype(velocity.dtype)
        for cells, periodic in zip(domain.shape, domain.periodic)
    )
    return rows @ velocity[0] + velocity[1] @ columns.T


def refine_stream_function(parameter: Parameter, domain: Domain, finer: Domain) -> Parameter:
    """A stream function and its drift in another domain; it counts cells along both axes."""
    psi = refine(parameter[:-2].reshape(domain.shape), domain, finer, ("odd", "odd"))
    speed = domain.speed_factors(finer).ravel()
    psi = psi * (speed[0] * speed[1] * domain.step_ratio(finer))
    return onp.append(psi.ravel(), speed * parameter[-2:])


def _drift(drift: Any, domain: Domain) -> Any:
    """Along periodic axes only; the other number has no effect. Shape (2, 1, 1)."""
    return np.reshape(drift * onp.array(domain.periodic, float), (2, 1, 1))
