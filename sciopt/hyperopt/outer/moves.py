"""Directions of adam, rmsprop and sgd from a gradient and what is remembered of earlier ones.

Sources: Kingma and Ba (2015), Algorithm 1; Tieleman and Hinton (2012), lecture 6.5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sciopt.hyperopt.config import OuterConfig

_EPS = 1e-8
Vector = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Moments:
    """Running means of the gradient and of its square, (size,), after `count` gradients."""

    mean: Vector
    square: Vector
    count: int = 0


def no_moments(size: int) -> Moments:
    """What is remembered before the first gradient."""
    return Moments(np.zeros(size), np.zeros(size))


def direction(config: OuterConfig, moments: Moments, g: Vector) -> tuple[Vector, Moments]:
    """The step for the gradient `g` at full length, and the moments after it."""
    if config.optimizer == "sgd":
        return -config.learning_rate * g, moments
    b1 = config.beta1 if config.optimizer == "adam" else 0.0
    b2, t = config.beta2, moments.count + 1
    mean = b1 * moments.mean + (1 - b1) * g
    square = b2 * moments.square + (1 - b2) * g * g
    # Without the correction by t, rmsprop's first steps would be many times too long.
    root = np.sqrt(square / (1 - b2**t))
    step = -config.learning_rate * (mean / (1 - b1**t)) / (root + _EPS)
    return step, Moments(mean, square, t)
