"""Arguments for the programs of `compiled_programs`, of the sizes that they have on a laptop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from . import compiled_programs_models as models
from . import compiled_programs_physics as physics


class Task(NamedTuple):
    """A program and its arguments.

    Attributes:
        fun: of NumPy's namespace and the arguments.
        args: the first is differentiated.
        in_jax: the same of `jax` and the arguments, where JAX's users write other words.
        is_step: whether `fun` takes value_and_grad before the namespace, and is no loss itself.
    """

    fun: Callable[..., Any]
    args: tuple[Any, ...]
    in_jax: Callable[..., Any] | None = None
    is_step: bool = False

    @property
    def name(self) -> str:
        """What the table calls it."""
        return self.fun.__name__.replace("_", " ")


class _Draw:
    """Random arrays, of laptop sizes or tiny ones.

    Args:
        tiny: whether lengths are those for a test.
    """

    def __init__(self, tiny: bool) -> None:
        self._rng = np.random.default_rng(0)
        self._tiny = tiny

    def size(self, laptop: int, tiny: int) -> int:
        """One of them."""
        return tiny if self._tiny else laptop

    def normal(self, *shape: int, scale: float = 1.0) -> Any:
        """Normally distributed numbers."""
        return scale * self._rng.standard_normal(shape)

    def between(self, low: float, high: float, *shape: int) -> Any:
        """Numbers between two bounds."""
        return self._rng.uniform(low, high, shape)

    def whole(self, below: int, *shape: int) -> Any:
        """Integers from 0."""
        return self._rng.integers(below, size=shape)

    def weights(self, rows: int, columns: int) -> Any:
        """A matrix that keeps the size of what it is applied to."""
        return self.normal(rows, columns, scale=rows**-0.5)


def tasks(tiny: bool = False) -> list[Task]:
    """Every program with its arguments."""
    draw = _Draw(tiny)
    return [make(draw) for make in _MAKERS]


def _rnn(draw: _Draw) -> Task:
    steps, batch, n = draw.size(30, 3), draw.size(16, 2), draw.size(32, 4)
    params = {
        "recurrent": draw.weights(n, n),
        "input": draw.weights(8, n),
        "bias": draw.normal(n),
        "output": draw.weights(n, 3),
    }
    args = (params, draw.normal(steps, batch, 8), draw.normal(batch, 3))
    return Task(models.rnn, args, models.rnn_in_jax)


def _lstm(draw: _Draw) -> Task:
    steps, batch, n = draw.size(20, 3), draw.size(32, 2), draw.size(48, 4)
    params = {
        "gates": draw.weights(n + 8, 4 * n),
        "bias": draw.normal(4 * n),
        "output": draw.weights(n, 5),
    }
    args = (params, draw.normal(steps, batch, 8), draw.whole(5, batch))
    return Task(models.lstm, args, models.lstm_in_jax)


def _adam_step(draw: _Draw) -> Task:
    widths, batch = draw.size(64, 5), draw.size(64, 3)
    hidden = [
        (draw.weights(m, n), draw.normal(n), draw.between(0.5, 1.5, n), draw.normal(n))
        for m, n in ((20, widths), (widths, widths))
    ]
    layers = [*hidden, (draw.weights(widths, 10), draw.normal(10))]
    moments = [[(0.1 * w, w**2) for w in layer] for layer in layers]
    args = (layers, moments, draw.normal(batch, 20), draw.whole(10, batch))
    return Task(models.adam_step, args, is_step=True)


def _attention(draw: _Draw) -> Task:
    batch, tokens, width = draw.size(4, 2), draw.size(32, 3), draw.size(64, 8)
    params = {name: draw.weights(width, width) for name in ("queries", "keys", "values", "output")}
    shape = (batch, tokens, width)
    return Task(models.attention, (params, draw.normal(*shape), draw.normal(*shape)))


def _convolution(draw: _Draw) -> Task:
    n, side, channels = draw.size(16, 2), draw.size(18, 6), draw.size(8, 2)
    params = {
        "kernels": draw.weights(9, channels),
        "bias": draw.normal(channels),
        "dense": draw.weights((side // 2 - 1) ** 2 * channels, 10),
    }
    return Task(models.convolution, (params, draw.normal(n, side, side), draw.whole(10, n)))


def _policy(draw: _Draw) -> Task:
    n, hidden = draw.size(256, 4), draw.size(32, 3)
    params = {
        "in": draw.weights(6, hidden), "bias": draw.normal(hidden), "out": draw.weights(hidden, 4),
    }  # fmt: skip
    return Task(models.policy, (params, draw.normal(n, 6), draw.whole(4, n), draw.normal(n)))


def _logistic_regression(draw: _Draw) -> Task:
    n, features = draw.size(1000, 6), draw.size(20, 3)
    signs = np.where(draw.normal(n) > 0, 1.0, -1.0)
    params = (draw.normal(features), 0.3)
    return Task(models.logistic_regression, (params, draw.normal(n, features), signs))


def _gaussian_process(draw: _Draw) -> Task:
    n = draw.size(80, 5)
    params = {"log_lengths": draw.normal(3, scale=0.3), "log_scale": 0.1, "log_noise": -1.0}
    return Task(models.gaussian_process, (params, draw.normal(n, 3), draw.normal(n)))


def _em_step(draw: _Draw) -> Task:
    n, k = draw.size(500, 6), draw.size(5, 2)
    params = (np.full(k, -np.log(k)), draw.normal(k, 2), draw.normal(k, 2, scale=0.1))
    return Task(models.em_step, (params, draw.normal(n, 2)))


def _k_means_step(draw: _Draw) -> Task:
    n, k = draw.size(1000, 7), draw.size(10, 3)
    return Task(models.k_means_step, (draw.normal(k, 4), draw.normal(n, 4)))


def _ensemble(draw: _Draw) -> Task:
    members = draw.size(200, 4)
    params = (draw.between(0.5, 1.5, 3, members), np.array([10.0, 28.0, 8 / 3]))
    return Task(physics.ensemble, (params, draw.normal(3, members)), physics.ensemble_in_jax)


def _n_body(draw: _Draw) -> Task:
    bodies = draw.size(32, 3)
    start = (draw.normal(bodies, 3), draw.normal(bodies, 3))
    args = (start, draw.between(0.5, 1.5, bodies))
    return Task(physics.n_body, args, physics.n_body_in_jax)


def _wave(draw: _Draw) -> Task:
    side = draw.size(64, 5)
    args = ((draw.normal(side, side), 0.4), draw.normal(side, side))
    return Task(physics.wave, args, physics.wave_in_jax)


def _heat(draw: _Draw) -> Task:
    side = draw.size(48, 5)
    args = ((draw.normal(side, side), 0.2), draw.normal(side, side))
    return Task(physics.heat, args, physics.heat_in_jax)


def _kalman(draw: _Draw) -> Task:
    steps = draw.size(50, 3)
    transition, observed = np.eye(4) + 0.1 * np.eye(4, k=2), np.eye(2, 4)
    args = (np.array([-2.0, -1.0]), draw.normal(steps, 2), transition, observed)
    return Task(physics.kalman, args, physics.kalman_in_jax)


def _spline(draw: _Draw) -> Task:
    n, knots = draw.size(2000, 9), draw.size(100, 8)
    args = (draw.normal(knots), draw.between(0.0, 1.0, n), draw.normal(n))
    return Task(physics.spline, args)


def _ray_step(draw: _Draw) -> Task:
    rays, count = draw.size(900, 5), 4
    directions = np.concatenate([draw.between(-0.5, 0.5, rays, 2), np.ones((rays, 1))], axis=1)
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    centres = draw.between(-1.0, 1.0, count, 3) + np.array([0.0, 0.0, 3.0])
    scene = (centres, draw.between(0.3, 0.8, count), np.array([0.3, 0.5, -0.8]))
    return Task(physics.ray_step, (scene, directions, draw.between(0.0, 1.0, rays)))


def _option_price(draw: _Draw) -> Task:
    shape = draw.size(1000, 4), draw.size(20, 3)
    return Task(physics.option_price, (np.array([1.0, 0.03, 0.2]), draw.normal(*shape)))


_MAKERS: list[Callable[[_Draw], Task]] = [
    _rnn, _lstm, _adam_step, _attention, _convolution, _policy, _logistic_regression,
    _gaussian_process, _em_step, _k_means_step, _ensemble, _n_body, _wave, _heat, _kalman,
    _spline, _ray_step, _option_price,
]  # fmt: skip
