"""One hypergradient, written once for each library: training unrolled, and differentiated.

A tanh network is trained by averaged heavy-ball; tuned are the log rate of every step, layer and
type of array, the logit momentum of every step, and the log initial scale and log L2 coefficient of
every layer. The outer loss is the cross-entropy on 2000 other rows. Each builder takes a `Case` and
gives a function vector -> (outer loss, gradient).

Run as a module, one peer times itself in a process of its own and prints JSON; see `training`.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as onp

from .one_peer import report

ValueAndGrad = Callable[[Any], tuple[float, onp.ndarray]]
_TRAIN, _OUTER = 4000, 2000


@dataclass(frozen=True)
class Case:
    """A network, a batch size, a number of steps and a precision."""

    widths: tuple[int, ...]
    batch: int
    steps: int
    dtype: str

    @property
    def layers(self) -> int:
        return len(self.widths) - 1

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        """Weights and biases, layer by layer."""
        pairs = zip(self.widths[:-1], self.widths[1:])
        return [shape for i, o in pairs for shape in ((i, o), (o,))]

    def data(self) -> tuple[onp.ndarray, onp.ndarray, onp.ndarray, onp.ndarray]:
        """Training inputs and classes, outer inputs and classes: noisy blobs, one for a class."""
        rng = onp.random.default_rng(3)
        classes = rng.integers(self.widths[-1], size=_TRAIN + _OUTER)
        middles = rng.standard_normal((self.widths[-1], self.widths[0]))
        inputs = 0.3 * middles[classes] + rng.standard_normal((len(classes), self.widths[0]))
        inputs = (inputs / math.sqrt(self.widths[0] / 16)).astype(self.dtype)
        return inputs[:_TRAIN], classes[:_TRAIN], inputs[_TRAIN:], classes[_TRAIN:]

    def normals(self) -> list[onp.ndarray]:
        """What the initial scales multiply."""
        rng = onp.random.default_rng([0, 0])
        return [rng.standard_normal(shape).astype(self.dtype) for shape in self.shapes]

    def rows(self) -> onp.ndarray:
        """The minibatches, (T, B)."""
        draws = (onp.random.default_rng([0, 1, t]) for t in range(self.steps))
        return onp.stack([rng.integers(_TRAIN, size=self.batch) for rng in draws])

    def vector(self) -> onp.ndarray:
        """Log rates (T, 2L), logit momenta (T,), log scales (L,) and log L2 coefficients (L,)."""
        rng = onp.random.default_rng(5)
        wobble = 0.1 * rng.standard_normal(self.steps * (2 * self.layers + 1) + 2 * self.layers)
        start = onp.concatenate(
            [
                onp.full(self.steps * 2 * self.layers, math.log(0.3)),
                onp.full(self.steps, math.log(0.8 / 0.2)),
                onp.full(self.layers, math.log(0.1)),
                onp.full(self.layers, math.log(1e-3)),
            ]
        )
        return start + wobble

    def split(self, vector: Any) -> tuple[Any, Any, Any, Any]:
        """Those four, from the vector."""
        a = self.steps * 2 * self.layers
        b, c = a + self.steps, a + self.steps + self.layers
        log_rates = vector[:a].reshape((self.steps, 2 * self.layers))
        return log_rates, vector[a:b], vector[b:c], vector[c:]


LARGE, SMALL, TINY = (784, 50, 50, 50, 10), (64, 32, 10), (6, 4, 3)
CASES = {
    "small": Case(SMALL, 32, 100, "float64"),
    "small32": Case(SMALL, 32, 100, "float32"),
    "large": Case(LARGE, 250, 100, "float64"),
    "large32": Case(LARGE, 250, 100, "float32"),
    "long": Case(SMALL, 32, 10_000, "float64"),
    "long1000": Case(SMALL, 32, 1000, "float64"),
    "tiny": Case(TINY, 8, 5, "float64"),
}


def sciopt(
    case: Case, memory: str | None = None, compiled: bool = True, model: Any = None
) -> ValueAndGrad:
    """As `sciopt hyperopt` runs it."""
    from sciopt.hyperopt.config import HyperoptConfig
    from sciopt.hyperopt.data import Dataset, Split
    from sciopt.hyperopt.hypergradient import SeedPool
    from sciopt.hyperopt.problem import problem_on

    tuned = {"per": ["step", "array"]}, {"per": "step"}, {"start": 0.1, "per": "layer"}
    names = ("learning_rate", "momentum", "init_scale", "l2")
    hyper = dict(zip(names, (*tuned, {"per": "layer"})))
    config = HyperoptConfig.model_validate_json(
        _json(
            {
                "model": model or {"name": "mlp", "hidden": case.widths[1:-1]},
                "training": {
                    "steps": case.steps,
                    "batch": case.batch,
                    "order": "replacement",
                    "dtype": case.dtype,
                },
                "hyperparameters": hyper,
                "hypergradient": {"method": "reverse", "memory": memory, "compiled": compiled},
            }
        )
    )
    inputs, classes, outer_inputs, outer_classes = case.data()
    train, outer = Split(inputs, classes), Split(outer_inputs, outer_classes)
    data = Dataset(
        name="blobs",
        train=train,
        validation=outer,
        test=outer,
        classes=tuple(map(str, range(case.widths[-1]))),
        corrupted=onp.zeros(len(classes), bool),
        clean_targets=classes,
        mean=onp.zeros(()),
        scale=onp.ones(()),
        notices=(),
    )
    pool = SeedPool(problem_on(data, config), 1)

    def value_and_grad(vector: onp.ndarray) -> tuple[float, onp.ndarray]:
        result = pool(vector, [0])
        return result.loss, result.gradient

    return value_and_grad


def sciopt_own_model(case: Case) -> ValueAndGrad:
    """With a model from a file."""
    from pathlib import Path

    names = {SMALL: "small", LARGE: "large", TINY: "tiny"}
    path = Path(__file__).with_name("own_network.py")
    return sciopt(case, model=f"{path}:{names[case.widths]}")


def sciopt_bounded(case: Case) -> ValueAndGrad:
    """With stored states bounded to two-level checkpointing's size."""
    from autodiff import grad, unroll

    # The package for schedules compiles itself by Numba when a budget first asks for it: not the
    # run's time and memory.
    grad(lambda x: unroll(lambda s, _: s * x, x, length=20, memory=40))(1.0)
    state = 2 * sum(map(math.prod, case.shapes)) * onp.dtype(case.dtype).itemsize
    return sciopt(case, memory=f"{int(2.1 * math.sqrt(case.steps)) * state}")


def _json(settings: Any) -> str:
    import json

    return json.dumps(settings)


def autograd(case: Case) -> ValueAndGrad:
    import autograd.numpy as np
    from autograd import grad, value_and_grad

    inputs, classes, outer_inputs, outer_classes = case.data()
    eye = onp.eye(case.widths[-1], dtype=case.dtype)
    normals, rows = case.normals(), case.rows()

    def cross_entropy(weights: Any, x: Any, targets: Any) -> Any:
        for k in range(0, len(weights) - 2, 2):
            x = np.tanh(np.dot(x, weights[k]) + weights[k + 1])
        z = np.dot(x, weights[-2]) + weights[-1]
        largest = np.max(z, axis=1, keepdims=True)
        lse = largest[:, 0] + np.log(np.sum(np.exp(z - largest), axis=1))
        return np.mean(lse - np.sum(targets * z, axis=1))

    def outer_loss(vector: Any) -> Any:
        log_rates, logits, log_scales, log_l2 = case.split(vector)
        rates, momenta = np.exp(log_rates), 1 / (1 + np.exp(-logits))
        scales, l2 = np.exp(log_scales), np.exp(log_l2)
        weights = [scales[k // 2] * z for k, z in enumerate(normals)]
        velocities = [onp.zeros_like(z) for z in normals]
        for t in range(case.steps):

            def inner_loss(weights: Any, t: int = t) -> Any:
                penalty = sum(l2[k // 2] * np.sum(w**2) for k, w in enumerate(weights))
                x, targets = inputs[rows[t]], eye[classes[rows[t]]]
                return cross_entropy(weights, x, targets) + penalty

            g = grad(inner_loss)(weights)
            m = momenta[t]
            velocities = [m * v - (1 - m) * gi for v, gi in zip(velocities, g)]
            weights = [w + rates[t, k] * v for k, (w, v) in enumerate(zip(weights, velocities))]
        return cross_entropy(weights, outer_inputs, eye[outer_classes])

    return value_and_grad(outer_loss)


def jax(case: Case, scheme: str = "stored") -> ValueAndGrad:
    import jax
    import jax.numpy as jnp
    from jax import lax

    jax.config.update("jax_enable_x64", case.dtype == "float64")
    inputs, classes, outer_inputs, outer_classes = map(jnp.asarray, case.data())
    eye = jnp.eye(case.widths[-1], dtype=case.dtype)
    normals, rows = list(map(jnp.asarray, case.normals())), jnp.asarray(case.rows())

    def cross_entropy(weights: Any, x: Any, targets: Any) -> Any:
        for k in range(0, len(weights) - 2, 2):
            x = jnp.tanh(x @ weights[k] + weights[k + 1])
        z = x @ weights[-2] + weights[-1]
        return jnp.mean(jax.nn.logsumexp(z, axis=1) - jnp.sum(targets * z, axis=1))

    def outer_loss(vector: Any) -> Any:
        log_rates, logits, log_scales, log_l2 = case.split(vector)
        scales, l2 = jnp.exp(log_scales), jnp.exp(log_l2)

        def inner_loss(weights: Any, batch: Any) -> Any:
            penalty = sum(l2[k // 2] * jnp.sum(w**2) for k, w in enumerate(weights))
            return cross_entropy(weights, inputs[batch], eye[classes[batch]]) + penalty

        def step(state: Any, x: Any) -> tuple[Any, None]:
            weights, velocities = state
            rates, m, batch = x
            g = jax.grad(inner_loss)(weights, batch)
            velocities = [m * v - (1 - m) * gi for v, gi in zip(velocities, g)]
            weights = [w + rates[k] * v for k, (w, v) in enumerate(zip(weights, velocities))]
            return (weights, velocities), None

        start = [scales[k // 2] * z for k, z in enumerate(normals)]
        state = (start, [jnp.zeros_like(z) for z in normals])
        xs = (jnp.exp(log_rates), jax.nn.sigmoid(logits), rows)
        (weights, _), _ = _scan(jax, lax, step, scheme)(state, xs)
        return cross_entropy(weights, outer_inputs, eye[outer_classes])

    compiled = jax.jit(jax.value_and_grad(outer_loss))

    def value_and_grad(vector: Any) -> tuple[float, onp.ndarray]:
        value, gradient = compiled(vector.astype(case.dtype))
        return float(value), onp.asarray(gradient)

    return value_and_grad


def _scan(jax: Any, lax: Any, step: Any, scheme: str) -> Callable[[Any, Any], Any]:
    """The loop with every value stored, each step recomputed, or in recomputed segments."""
    if scheme == "stored":
        return partial(lax.scan, step)
    recomputed = jax.checkpoint(step)
    if scheme == "recomputed":
        return partial(lax.scan, recomputed)

    def two_level(state: Any, xs: Any) -> Any:
        steps = xs[0].shape[0]
        inner = next(k for k in range(math.isqrt(steps), 0, -1) if steps % k == 0)
        cut = jax.tree.map(lambda x: x.reshape((steps // inner, inner, *x.shape[1:])), xs)
        segment = jax.checkpoint(lambda s, segment_xs: lax.scan(recomputed, s, segment_xs))
        return lax.scan(segment, state, cut)

    return two_level


def torch(case: Case) -> ValueAndGrad:
    import torch

    torch.set_num_threads(1)
    inputs, classes, outer_inputs, outer_classes = map(torch.from_numpy, case.data())
    normals = list(map(torch.from_numpy, case.normals()))
    rows = torch.from_numpy(case.rows())
    loss_of = torch.nn.functional.cross_entropy

    def logits_of(weights: Any, x: Any) -> Any:
        for k in range(0, len(weights) - 2, 2):
            x = torch.tanh(torch.addmm(weights[k + 1], x, weights[k]))
        return torch.addmm(weights[-1], x, weights[-2])

    def value_and_grad(vector: onp.ndarray) -> tuple[float, onp.ndarray]:
        v = torch.from_numpy(vector.astype(case.dtype)).requires_grad_(True)
        log_rates, logits, log_scales, log_l2 = case.split(v)
        rates, momenta = torch.exp(log_rates), torch.sigmoid(logits)
        scales, l2 = torch.exp(log_scales), torch.exp(log_l2)
        weights = [scales[k // 2] * z for k, z in enumerate(normals)]
        velocities = [torch.zeros_like(z) for z in normals]
        for t in range(case.steps):
            penalty = sum(l2[k // 2] * torch.sum(w**2) for k, w in enumerate(weights))
            inner = loss_of(logits_of(weights, inputs[rows[t]]), classes[rows[t]]) + penalty
            g = torch.autograd.grad(inner, weights, create_graph=True)
            m = momenta[t]
            velocities = [m * u - (1 - m) * gi for u, gi in zip(velocities, g)]
            weights = [w + rates[t, k] * u for k, (w, u) in enumerate(zip(weights, velocities))]
        outer = loss_of(logits_of(weights, outer_inputs), outer_classes)
        outer.backward()
        return outer.item(), v.grad.numpy()

    return value_and_grad


PEERS: dict[str, Callable[[Case], ValueAndGrad]] = {
    "sciopt": sciopt,
    "sciopt_own_model": sciopt_own_model,
    "sciopt_bounded": sciopt_bounded,
    "sciopt_plain": partial(sciopt, compiled=False),
    "jax": jax,
    "jax_recomputed": partial(jax, scheme="recomputed"),
    "jax_two_level": partial(jax, scheme="two-level"),
    "torch": torch,
    "autograd": autograd,
}


if __name__ == "__main__":
    name, case_name, seconds, folder = sys.argv[1:]
    the_case = CASES[case_name]
    build = partial(PEERS[name], the_case)
    report(name, build, the_case.vector(), float(seconds), folder, clock=time.process_time)
