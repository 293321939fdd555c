"""The gradient of a trained network's loss with respect to how it was trained, beside the peers.

    python -m experiments.benchmarks.unrolled_training [small large] [--repeats R]

A multilayer perceptron takes T steps of gradient descent with momentum on minibatches; the loss of
the result on other data is differentiated with respect to the learning rate of each step, the
momentum and the weight decay. The claim, for `unroll` with all operations recorded: at 64-32-10,
batch 32, 100 steps, at most 0.4 of Autograd's time for the loop written out; at 784-50-50-50-10,
batch 250, at most JAX's (jit). With states alone stored each step runs twice.

Gradients are compared before any time is believed. Times are medians of wall-clock seconds, the
peers taking turns in one process; set OMP_NUM_THREADS to compare on one core.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as onp
from rich.console import Console
from rich.table import Table

HyperGradient = Callable[[Any], tuple[Any, Any, Any]]
"""(rates (T,), momentum, decay) -> the loss's gradient with respect to each"""


@dataclass(frozen=True)
class Case:
    """Widths of the layers, examples in a batch, steps of training."""

    widths: tuple[int, ...]
    batch: int
    steps: int

    def arrays(self) -> tuple[Any, Any, Any, Any]:
        """Initial weights, batches of inputs (T + 1, batch, n) and one-hot targets, and the
        hyperparameters."""
        rng = onp.random.default_rng(11)
        shapes = list(zip(self.widths[:-1], self.widths[1:]))
        weights = [(rng.normal(size=s) / s[0] ** 0.5, onp.zeros(s[1])) for s in shapes]
        x = rng.normal(size=(self.steps + 1, self.batch, self.widths[0]))
        labels = rng.integers(self.widths[-1], size=(self.steps + 1, self.batch))
        hyperparams = (onp.full(self.steps, 0.1), 0.9, 1e-4)
        return weights, x, onp.eye(self.widths[-1])[labels], hyperparams


CASES = {
    "small": Case((64, 32, 10), 32, 100),
    "large": Case((784, 50, 50, 50, 10), 250, 100),
}


def network_loss(np: Any, weights: Any, x: Any, y: Any) -> Any:
    """Mean cross-entropy of a network with tanh between its layers."""
    for w, b in weights[:-1]:
        x = np.tanh(np.dot(x, w) + b)
    logits = np.dot(x, weights[-1][0]) + weights[-1][1]
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    log_sum = np.log(np.sum(np.exp(shifted), axis=1))
    return np.mean(log_sum - np.sum(shifted * y, axis=1))


def update(grad: Any, np: Any, state: Any, x: Any, momentum: Any, decay: Any) -> Any:
    """One step of training; `x` is (rate, inputs, targets)."""
    weights, velocity = state
    rate, inputs, targets = x
    slopes = grad(lambda w: network_loss(np, w, inputs, targets))(weights)
    velocity = [
        tuple(momentum * v - rate * (g + decay * w) for v, g, w in zip(vs, gs, ws))
        for vs, gs, ws in zip(velocity, slopes, weights)
    ]
    moved = [tuple(w + v for w, v in zip(ws, vs)) for ws, vs in zip(weights, velocity)]
    return moved, velocity


def zeros_of(weights: Any) -> Any:
    """The velocity to start with."""
    return [tuple(onp.zeros_like(w) for w in ws) for ws in weights]


def ours(case: Case, memory: str | None = None) -> HyperGradient:
    import autodiff.numpy as np
    from autodiff import grad, unroll

    weights, inputs, targets, _ = case.arrays()

    def loss(rates: Any, momentum: Any, decay: Any) -> Any:
        trained, _ = unroll(
            lambda state, x: update(grad, np, state, x, momentum, decay),
            (weights, zeros_of(weights)),
            (rates, inputs[:-1], targets[:-1]),
            memory=memory,
        )
        return network_loss(np, trained, inputs[-1], targets[-1])

    gradient = grad(loss, (0, 1, 2))
    return lambda hyperparams: gradient(*hyperparams)


def _written_out(case: Case, np: Any, grad: Any) -> HyperGradient:
    weights, inputs, targets, _ = case.arrays()

    def loss(hyperparams: Any) -> Any:
        rates, momentum, decay = hyperparams[0], hyperparams[1], hyperparams[2]
        state = (weights, zeros_of(weights))
        for t in range(case.steps):
            state = update(grad, np, state, (rates[t], inputs[t], targets[t]), momentum, decay)
        return network_loss(np, state[0], inputs[-1], targets[-1])

    return grad(loss)


def ours_written_out(case: Case) -> HyperGradient:
    return _written_out(
        case, importlib.import_module("autodiff.numpy"), importlib.import_module("autodiff").grad
    )


def autograd(case: Case) -> HyperGradient:
    package = importlib.import_module("autograd")
    return _written_out(case, importlib.import_module("autograd.numpy"), package.grad)


def jax(case: Case) -> HyperGradient:
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    weights, inputs, targets, _ = case.arrays()

    def loss(rates: Any, momentum: Any, decay: Any) -> Any:
        def step(state: Any, x: Any) -> Any:
            return update(jax.grad, jnp, state, x, momentum, decay), None

        start = (weights, zeros_of(weights))
        (trained, _), _ = jax.lax.scan(step, start, (rates, inputs[:-1], targets[:-1]))
        return network_loss(jnp, trained, inputs[-1], targets[-1])

    compiled = jax.jit(jax.grad(loss, (0, 1, 2)))
    return lambda hyperparams: jax.block_until_ready(compiled(*hyperparams))


PEERS: dict[str, Callable[[Case], HyperGradient]] = {
    "unroll": ours,
    "unroll, every 10th state": lambda case: ours(case, _tenth(case)),
    "unroll, all operations": lambda case: ours(case, "operations"),
    "loop on one tape": ours_written_out,
    "Autograd": autograd,
    "JAX": jax,
}


REFERENCE = "unroll, all operations"


def _tenth(case: Case) -> str:
    weights = case.arrays()[0]
    return str(2 * sum(w.nbytes for ws in weights for w in ws) * max(case.steps // 10, 1))


def measure(name: str, repeats: int) -> Table:
    """The table of one case."""
    case = CASES[name]
    hyperparams = case.arrays()[-1]
    gradients: dict[str, HyperGradient] = {}
    for peer, make in PEERS.items():
        try:
            gradients[peer] = make(case)
        except ImportError:
            continue
    expected = gradients["unroll"](hyperparams)
    for peer, gradient in gradients.items():
        for got, wanted in zip(gradient(hyperparams), expected):
            onp.testing.assert_allclose(got, wanted, rtol=1e-8, atol=1e-12, err_msg=peer)
    # Or the collector would walk all that the peers have loaded, at the cost of whoever allocates.
    gc.collect()
    gc.freeze()
    seconds: dict[str, list[float]] = {peer: [] for peer in gradients}
    for _ in range(repeats):
        for peer, gradient in gradients.items():
            began = time.perf_counter()
            gradient(hyperparams)
            seconds[peer].append(time.perf_counter() - began)
    widths = "-".join(map(str, case.widths))
    table = Table(title=f"{widths}, batch {case.batch}, {case.steps} steps, float64")
    reference = median(seconds[REFERENCE])
    for column in ("", "median", "all operations', by it"):
        table.add_column(column, justify="right" if column else "left")
    for peer in PEERS:
        if peer not in gradients:
            table.add_row(peer, "not installed")
            continue
        middle = median(seconds[peer])
        table.add_row(peer, f"{1e3 * middle:.0f} ms", f"{reference / middle:.2f}")
    return table


def main() -> None:
    """Measure, and print a table for each case."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("cases", nargs="*", default=list(CASES), help="of " + ", ".join(CASES))
    parser.add_argument("--repeats", type=int, default=7)
    options = parser.parse_args()
    for name in options.cases:
        Console().print(measure(name, options.repeats))


if __name__ == "__main__":
    main()
