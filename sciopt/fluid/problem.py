"""What is to be found: an initial velocity that carries the smoke into the target."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as onp
from numpy.typing import NDArray

import autodiff.numpy as np

from .config import FluidConfig
from .simulate import rollout
from .smoke import initial_smoke
from .target import load_target

_NOISE_WAVES = 4
"""A random initial velocity has no waves shorter than this fraction of the grid."""


@dataclass(frozen=True)
class FluidProblem:
    """The arrays of one optimisation, all of the config's dtype.

    Attributes:
        config: the settings.
        name: the target's short name, for the run folder.
        target: density to form, shape (nx, ny).
        smoke: initial density, shape (nx, ny).
        velocity: where the search starts, shape (2, nx, ny), cells per step.
        notices: sentences that the user should read before it begins.
    """

    config: FluidConfig
    name: str
    target: NDArray[Any]
    smoke: NDArray[Any]
    velocity: NDArray[Any]
    notices: tuple[str, ...]


def grid_shape(size: int | tuple[int, int]) -> tuple[int, int]:
    """(rows, columns) of the grid that a config's `size` means."""
    return (size, size) if isinstance(size, int) else size


def build_problem(config: FluidConfig) -> FluidProblem:
    """Read the pictures that `config` names and lay out the problem.

    Raises: TargetError if a picture cannot be read or used.
    """
    shape = grid_shape(config.size)
    image = load_target(config.target, shape, invert=config.invert, resample=config.resample)
    smoke = initial_smoke(config.smoke, shape, resample=config.resample)
    velocity = config.velocity_noise * smooth_noise(shape, config.seed)
    return FluidProblem(
        config=config,
        name=image.name,
        target=image.density.astype(config.dtype),
        smoke=smoke.astype(config.dtype),
        velocity=velocity.astype(config.dtype),
        notices=image.notices,
    )


def smooth_noise(shape: tuple[int, int], seed: int) -> NDArray[onp.float64]:
    """A random velocity of unit standard deviation with long waves only, shape (2, nx, ny)."""
    waves = onp.random.default_rng(seed).standard_normal((2, *shape))
    spectrum = onp.fft.rfft2(waves)
    kx = onp.fft.fftfreq(shape[0], 1 / shape[0])[:, None]
    ky = onp.fft.rfftfreq(shape[1], 1 / shape[1])[None, :]
    spectrum *= onp.exp(-(kx**2 + ky**2) / (2 * _NOISE_WAVES**2))
    noise = onp.fft.irfft2(spectrum, shape)
    return noise / noise.std()


def mismatch(problem: FluidProblem) -> Callable[[Any], Any]:
    """The objective: mean square difference of the final smoke from the target, by the velocity."""
    config = problem.config

    def loss(velocity: Any) -> Any:
        smoke = rollout(
            velocity,
            problem.smoke,
            steps=config.steps,
            sweeps=config.sweeps,
            backend=config.backend,
        )
        difference = smoke - problem.target
        return np.mean(difference * difference)

    return loss
