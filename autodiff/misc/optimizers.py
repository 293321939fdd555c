"""Gradient descent and two relatives, for parameters in any nest of containers.

All are called as ``optimizer(grad, x0, callback=None, num_iters=..., step_size=...)``, where
``grad(x, i)`` gives a gradient at iterate i and ``callback(x, i, g)`` sees each iterate before its
update. They return the last x.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from .. import numpy as np
from .flatten import flatten

Callback = Callable[[Any, int, Any], Any]
Gradient = Callable[[Any, int], Any]


def unflatten_optimizer(optimize: Callable[..., Any]) -> Callable[..., Any]:
    """Let an optimiser of vectors, ``optimize(grad, x0, callback, ...)``, take any nest as x0."""

    @wraps(optimize)
    def optimize_nest(
        grad: Gradient, x0: Any, callback: Callback | None = None, *args: Any, **kwargs: Any
    ) -> Any:
        vector, unflatten = flatten(x0)

        def flat_grad(x: Any, i: int) -> Any:
            return flatten(grad(unflatten(x), i))[0]

        def flat_callback(x: Any, i: int, g: Any) -> None:
            if callback is not None:
                callback(unflatten(x), i, unflatten(g))

        given = None if callback is None else flat_callback
        return unflatten(optimize(flat_grad, vector, given, *args, **kwargs))

    return optimize_nest


@unflatten_optimizer
def sgd(
    grad: Gradient,
    x: Any,
    callback: Callback | None = None,
    num_iters: int = 200,
    step_size: float = 0.1,
    mass: float = 0.9,
) -> Any:
    """Gradient descent with momentum: v = mass v - (1 - mass) g, then x = x + step_size v."""
    velocity = np.zeros(len(x))
    for i in range(num_iters):
        g = grad(x, i)
        if callback:
            callback(x, i, g)
        velocity = mass * velocity - (1.0 - mass) * g
        x = x + step_size * velocity
    return x


@unflatten_optimizer
def rmsprop(
    grad: Gradient,
    x: Any,
    callback: Callback | None = None,
    num_iters: int = 100,
    step_size: float = 0.1,
    gamma: float = 0.9,
    eps: float = 10**-8,
) -> Any:
    """Steps divided by a moving root mean square of the gradient, which begins at one."""
    mean_square = np.ones(len(x))
    for i in range(num_iters):
        g = grad(x, i)
        if callback:
            callback(x, i, g)
        mean_square = mean_square * gamma + g**2 * (1 - gamma)
        x = x - step_size * g / (np.sqrt(mean_square) + eps)
    return x


@unflatten_optimizer
def adam(
    grad: Gradient,
    x: Any,
    callback: Callback | None = None,
    num_iters: int = 100,
    step_size: float = 0.001,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 10**-8,
) -> Any:
    """Steps along the mean of the gradient over the root of its mean square, both corrected.

    Source: Kingma and Ba (2015), Adam: A Method for Stochastic Optimization, algorithm 1.
    """
    mean, mean_square = np.zeros(len(x)), np.zeros(len(x))
    for i in range(num_iters):
        g = grad(x, i)
        if callback:
            callback(x, i, g)
        mean = (1 - b1) * g + b1 * mean
        mean_square = (1 - b2) * (g**2) + b2 * mean_square
        corrected_mean = mean / (1 - b1 ** (i + 1))
        corrected_square = mean_square / (1 - b2 ** (i + 1))
        x = x - step_size * corrected_mean / (np.sqrt(corrected_square) + eps)
    return x
