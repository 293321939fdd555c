"""Settings that do not go together, refused before anything is computed: one message, with keys."""

from __future__ import annotations

from sciopt.errors import ConfigError
from sciopt.fluid.config import FluidConfig

from .physics import grid_of, has_obstacle
from .pictures import grid_shape

_KEEPS_BOUNDS = "l-bfgs-b"


def check_settings(config: FluidConfig) -> None:
    """Raises: ConfigError, which names the settings and says what would work."""
    _check_projection(config)
    _check_channel(config)
    _check_transport(config)
    _check_controls(config)
    _check_restarts(config)
    _check_shooting(config)


def check_trials(config: FluidConfig, iterations: int) -> None:
    """Refuse trials that leave nothing of the first level's iterations to the best start.

    Raises: ConfigError, which says how many are needed.
    """
    needed = (config.restarts + 1) * config.trial_iterations + 1
    if config.restarts and needed > iterations:
        raise ConfigError(
            f"restarts: {config.restarts + 1} starts of trial_iterations: {config.trial_iterations}"
            f" need {needed} iterations and the first level has {iterations}; lower either, or"
            " raise iterations or the level's share."
        )


def _check_projection(config: FluidConfig) -> None:
    if config.projection == "spectral" and has_obstacle(config):
        where = "obstacle" if config.obstacle is not None else "controls.obstacle"
        raise ConfigError(
            f"projection: spectral needs waves that fit between the sides, which {where} breaks;"
            " choose projection: multigrid, or jacobi for the lecture's wind tunnel."
        )


def _check_channel(config: FluidConfig) -> None:
    along = grid_of(config, grid_shape(config.size)).channel_axis
    if along is not None and not config.wind[along] > 0:
        example = "[1, 0]" if along == 0 else "[0, 1]"
        raise ConfigError(
            f"boundary: a channel is flowed through from its low side on, and wind is"
            f" {list(config.wind)}; give wind a speed above 0 along it, such as wind: {example}."
        )


def _check_transport(config: FluidConfig) -> None:
    if config.limiter == "none":
        return
    advection = {"sharp": "maccormack"}.get(config.scheme, "bilinear")
    advection = advection if config.advection == "auto" else config.advection
    if advection != "maccormack":
        raise ConfigError(
            f"limiter: {config.limiter} limits the correction of maccormack, and advection is"
            f" {advection}; choose advection: maccormack, or limiter: none."
        )


def _check_controls(config: FluidConfig) -> None:
    chosen = config.controls
    if chosen.initial_velocity is not None and chosen.stream_function is not None:
        raise ConfigError(
            "controls: initial_velocity and stream_function both set the velocity at the start;"
            " turn one of them off, such as controls.initial_velocity: false."
        )
    names = [name for name, settings in chosen if settings is not None]
    if not names:
        raise ConfigError(
            "controls: nothing may be chosen; turn at least one of them on, such as"
            " controls.initial_velocity: true."
        )
    _check_bounds(config)


def _check_restarts(config: FluidConfig) -> None:
    if not config.restarts:
        return
    if config.controls.initial_velocity is None:
        raise ConfigError(
            "restarts: starts differ by the noise of the velocity at the start, which is not"
            " chosen here; turn on controls.initial_velocity, or leave restarts at 0."
        )
    if not config.velocity_noise:
        raise ConfigError(
            "restarts: without noise every start is the same; set velocity_noise, such as"
            " velocity_noise: 0.5, or leave restarts at 0."
        )


def _check_shooting(config: FluidConfig) -> None:
    pictures = len(config.keyframes) + (config.target is not None)
    if config.levels.shooting and pictures < 2:
        raise ConfigError(
            "levels.shooting: pieces go from picture to picture, and there"
            f" {'is one' if pictures else 'are none'}; name keyframes besides the target, such as"
            " keyframes: {30: heart}, or leave shooting out."
        )


def _check_bounds(config: FluidConfig) -> None:
    bounded = [
        f"controls.{name}.{key}"
        for name, settings in config.controls
        for key in ("limit", "bounds")
        if settings is not None
        and getattr(settings, key, None) is not None
        and name != "stream_function"  # keeps its limit by construction
    ]
    if bounded and config.optimizer.casefold() != _KEEPS_BOUNDS:
        raise ConfigError(
            f"optimizer: {config.optimizer} keeps no bounds, and {bounded[0]} is given; choose"
            " optimizer: L-BFGS-B, or leave the bounds out."
        )
