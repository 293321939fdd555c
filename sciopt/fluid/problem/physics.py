"""The scheme that the settings mean, and what the flow goes through where nothing is chosen."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sciopt.fluid.config import FluidConfig
from sciopt.fluid.controls import Domain
from sciopt.fluid.levels import Level
from sciopt.fluid.physics import Grid, Scheme
from sciopt.fluid.smoke import initial_smoke

from .pictures import grid_shape

_NOISE_WAVES = 4
"""A random initial velocity has no waves shorter than this fraction of the grid."""

_SCHEMES: dict[str, tuple[Any, Any, Any]] = {
    "lecture": ("bilinear", "euler", "jacobi"),
    "exact": ("bilinear", "euler", "exact"),
    "sharp": ("maccormack", "midpoint", "exact"),
}
"""Advection, backtrace and projection of each scheme."""

_UP = {"top": (-1.0, 0.0), "bottom": (1.0, 0.0), "left": (0.0, -1.0), "right": (0.0, 1.0)}


def grid_of(config: FluidConfig, shape: tuple[int, int]) -> Grid:
    """The grid of one level."""
    sides = config.boundary
    return Grid(shape, (sides, sides) if isinstance(sides, str) else sides)


def has_obstacle(config: FluidConfig) -> bool:
    """Whether something stands in the flow."""
    return config.obstacle is not None or config.controls.obstacle is not None


def scheme_of(config: FluidConfig, level: Level) -> Scheme:
    """The scheme on one level.

    Raises: ConfigError for boundaries that cannot be.
    """
    advection, backtrace, projection = _SCHEMES[config.scheme]
    chosen = projection if config.projection == "auto" else config.projection
    if chosen == "exact":
        chosen = "multigrid" if has_obstacle(config) else "spectral"
    advection = advection if config.advection == "auto" else config.advection
    return Scheme(
        grid_of(config, level.shape),
        advection=advection if level.sharp_transport else "bilinear",
        backtrace=backtrace if config.backtrace == "auto" else config.backtrace,
        limiter=config.limiter if level.sharp_transport else "none",
        projection=chosen,
        sweeps=config.sweeps,
        tolerance=config.tolerance,
        dt=config.dt,
        up=_UP[config.up],
    )


def is_incompressible(config: FluidConfig) -> bool:
    """Whether no flow changes the mass of smoke: an exact projection, and nothing comes or goes."""
    projection = config.projection if config.projection != "auto" else _SCHEMES[config.scheme][2]
    return projection != "jacobi" and "channel" not in (config.boundary, *config.boundary)


def whole_domain(config: FluidConfig) -> Domain:
    """Grid and steps as the settings give them; in its cells and steps they are measured."""
    return Domain(grid_of(config, grid_shape(config.size)), config.steps, config.dt)


def fixed_values(config: FluidConfig, domain: Domain, smoke: NDArray[np.float64]) -> dict[str, Any]:
    """What the simulation takes where no control gives it, by name, float64, in `domain`'s units.

    Raises: TargetError if the obstacle's picture cannot be used.
    """
    whole = whole_domain(config)
    speed = whole.speed_factors(domain)
    time = whole.time_ratio(domain)
    wind = speed * np.reshape(config.wind, (2, 1, 1))
    values: dict[str, Any] = {"smoke": smoke, "velocity": velocity_at_start(config, domain)}
    if config.viscosity:
        values["viscosity"] = np.array(config.viscosity * speed.prod() * time)
    if config.buoyancy:
        values["buoyancy"] = np.array(config.buoyancy * speed[up_axis(config), 0, 0] / time)
    if config.obstacle is not None:
        values["occlusion"] = initial_smoke(config.obstacle, domain.shape, resample=config.resample)
    along = domain.grid.channel_axis
    if along is not None:
        values["inflow"] = np.full(domain.shape[1 - along], wind[along, 0, 0])
    return values


def velocity_at_start(config: FluidConfig, domain: Domain, start: int = 0) -> NDArray[np.float64]:
    """The wind and the noise of one start, (2, nx, ny), in `domain`'s units."""
    speed = whole_domain(config).speed_factors(domain)
    noise = config.velocity_noise * smooth_noise(domain.shape, config.seed + start)
    return speed * np.reshape(config.wind, (2, 1, 1)) + speed * noise


def up_axis(config: FluidConfig) -> int:
    """The axis along which buoyancy pushes."""
    return 0 if config.up in ("top", "bottom") else 1


def smooth_noise(shape: tuple[int, int], seed: int) -> NDArray[np.float64]:
    """A random velocity of unit standard deviation with long waves only, shape (2, nx, ny)."""
    waves = np.random.default_rng(seed).standard_normal((2, *shape))
    spectrum = np.fft.rfft2(waves)
    kx = np.fft.fftfreq(shape[0], 1 / shape[0])[:, None]
    ky = np.fft.rfftfreq(shape[1], 1 / shape[1])[None, :]
    spectrum *= np.exp(-(kx**2 + ky**2) / (2 * _NOISE_WAVES**2))
    noise = np.fft.irfft2(spectrum, shape)
    return noise / noise.std()
