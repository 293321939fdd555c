"""The controls that the settings turn on, in the domain of one level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sciopt.errors import ConfigError
from sciopt.fluid import controls as made
from sciopt.fluid.config import FluidConfig
from sciopt.fluid.controls import Control, ControlSet, Domain

from .physics import up_axis, whole_domain

Block = tuple[int, int, int, int]


def control_set(
    config: FluidConfig,
    domain: Domain,
    fixed: Mapping[str, Any],
    besides: Sequence[Control] = (),
) -> ControlSet:
    """What may be chosen, starting from the values that it would have otherwise.

    Args:
        fixed: those values, see `fixed_values`.
        besides: controls that the settings do not name.
    Raises: ConfigError for controls that exclude each other, or bounds that cross.
    """
    chosen = config.controls
    found: list[Control] = []
    if chosen.initial_velocity is not None:
        found.append(_initial_velocity(config, domain, fixed))
    if chosen.stream_function is not None:
        found.append(_stream_function(config, domain))
    if chosen.forces is not None:
        found.append(_forces(config, domain))
    if chosen.initial_smoke is not None:
        found.append(
            made.initial_smoke(
                domain, fixed["smoke"], most=chosen.initial_smoke.most,
                **_weights(chosen.initial_smoke),
            )
        )  # fmt: skip
    if chosen.inflow is not None:
        found.append(_inflow(config, domain, fixed))
    if chosen.obstacle is not None:
        found.append(_obstacle(config, domain, fixed))
    for name in ("viscosity", "buoyancy"):
        if getattr(chosen, name) is not None:
            found.append(_coefficient(config, domain, name, fixed))
    return ControlSet((*found, *besides), config.dtype)


def _weights(settings: Any) -> dict[str, float]:
    return {"effort_weight": settings.effort, "smoothness_weight": settings.roughness}


def _scaled(limit: float | None, factor: float) -> float:
    return np.inf if limit is None else limit * factor


def _initial_velocity(config: FluidConfig, domain: Domain, fixed: Mapping[str, Any]) -> Control:
    settings = config.controls.initial_velocity
    assert settings is not None
    limit = _scaled(settings.limit, _speed(config, domain))
    return made.initial_velocity(domain, fixed["velocity"], limit=limit, **_weights(settings))


def _stream_function(config: FluidConfig, domain: Domain) -> Control:
    settings = config.controls.stream_function
    assert settings is not None
    if config.velocity_noise:
        raise ConfigError(
            "velocity_noise: it is for controls.initial_velocity, and controls.stream_function is"
            " turned on; leave one of them out."
        )
    whole = whole_domain(config)
    factor = float(whole.speed_factors(domain).prod() * whole.time_ratio(domain))
    wind = (whole.speed_factors(domain) * np.reshape(config.wind, (2, 1, 1))).ravel()
    start = made.stream_function_parameter(np.zeros(domain.shape), wind, domain)
    limit = _scaled(settings.limit, factor)
    return made.stream_function(domain, start, limit=limit, **_weights(settings))


def _forces(config: FluidConfig, domain: Domain) -> Control:
    settings = config.controls.forces
    assert settings is not None
    factor = _speed(config, domain) / whole_domain(config).time_ratio(domain)
    return made.forces(
        domain, settings.every, settings.between, limit=_scaled(settings.limit, factor),
        **_weights(settings),
    )  # fmt: skip


def _inflow(config: FluidConfig, domain: Domain, fixed: Mapping[str, Any]) -> Control:
    settings = config.controls.inflow
    assert settings is not None
    along = domain.grid.channel_axis
    if along is None:
        raise ConfigError(
            "controls.inflow: nothing flows in through the sides; make an axis of boundary a"
            " channel, such as boundary: [free-slip, channel], or leave the control out."
        )
    low, high = _bounds("inflow", settings.bounds, -np.inf)
    factor = float(whole_domain(config).speed_factors(domain)[along, 0, 0])
    return made.inflow(
        domain, fixed["inflow"], along=along, bounds=(factor * low, factor * high),
        keep_flux=settings.keep_flux, **_weights(settings),
    )  # fmt: skip


def _obstacle(config: FluidConfig, domain: Domain, fixed: Mapping[str, Any]) -> Control:
    settings = config.controls.obstacle
    assert settings is not None
    whole = whole_domain(config).shape
    area = settings.area or _middle((0, whole[0], 0, whole[1]))
    _check_block("area", area, whole)
    allowed = _filled(area, whole, domain.shape, 1.0, 0.0)
    if "occlusion" in fixed:
        start: NDArray[Any] = made.theta_of(fixed["occlusion"])
    else:
        block = settings.block or _middle(area)
        _check_block("block", block, whole)
        start = _filled(block, whole, domain.shape, settings.inside, settings.outside)
    limit = np.inf if settings.limit is None else settings.limit
    return made.obstacle(domain, allowed, start, limit=limit, **_weights(settings))


def _coefficient(
    config: FluidConfig, domain: Domain, name: str, fixed: Mapping[str, Any]
) -> Control:
    settings = getattr(config.controls, name)
    start = getattr(config, name)
    if not start > 0:
        raise ConfigError(
            f"{name}: {start:g} cannot be moved by factors; give controls.{name} a start above 0,"
            f" such as {name}: 0.01, or turn it off."
        )
    low, high = _bounds(name, settings.bounds, 0.0)
    factor = float(fixed[name]) / start
    bounds = factor * low, factor * high
    if name == "viscosity":
        return made.viscosity(domain, start * factor, bounds, effort_weight=settings.effort)
    return made.buoyancy(
        domain, start * factor, bounds, along=up_axis(config), effort_weight=settings.effort
    )


def _bounds(name: str, bounds: tuple[float, float] | None, least: float) -> tuple[float, float]:
    low, high = bounds or (least, np.inf)
    if not least <= low < high:
        above = "" if least < -1 else f", both at least {least:g}"
        raise ConfigError(
            f"controls.{name}.bounds: [{low:g}, {high:g}] must be the lowest value and then the"
            f" highest{above}; swap or widen them."
        )
    return low, high


def _speed(config: FluidConfig, domain: Domain) -> float:
    """By what limits of a speed are to be multiplied, the larger of both axes."""
    return float(whole_domain(config).speed_factors(domain).max())


def _middle(block: Block) -> Block:
    """The middle half of it along both axes."""
    top, bottom, left, right = block
    down, across = (bottom - top) // 4, (right - left) // 4
    return top + down, bottom - down, left + across, right - across


def _check_block(key: str, block: Block, shape: tuple[int, int]) -> None:
    top, bottom, left, right = block
    if not (top < bottom <= shape[0] and left < right <= shape[1]):
        raise ConfigError(
            f"controls.obstacle.{key}: {list(block)} is no [first row, row behind, first column,"
            f" column behind] within size, which is {shape[0]} x {shape[1]} cells."
        )


def _filled(
    block: Block, whole: tuple[int, int], shape: tuple[int, int], inside: float, outside: float
) -> NDArray[np.float64]:
    """A block, given in cells of the whole grid, on the grid of a level."""
    (a, b), (c, d) = (
        (round(block[k] * n / m), round(block[k + 1] * n / m))
        for k, n, m in ((0, shape[0], whole[0]), (2, shape[1], whole[1]))
    )
    field = np.full(shape, outside)
    field[a:b, c:d] = inside
    return field
