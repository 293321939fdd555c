"""Cost of one recorded operation: autodiff, Autograd and PyTorch eager in one run.

Run: ``python -m experiments.benchmarks.engine`` (a minute on two cores). Each row is a gradient,
forward plus backward, of a chain of small operations; figures are CPU microseconds per operation,
medians over interleaved repeats. Gradients are compared before anything is timed. Machines differ
and are shared: trust the ratios, to about 10 %.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import statistics
import time
import tracemalloc
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from rich.console import Console
from rich.table import Table

Gradient = Callable[[Callable[[Any], Any]], Callable[[Any], Any]]


class Peer(NamedTuple):
    """A library: its namespace of functions, and its `grad`, which can be nested."""

    name: str
    xp: Any
    grad: Gradient


class Task(NamedTuple):
    """A scalar function of x, made for a peer, that records about `operations` operations."""

    name: str
    make: Callable[[Peer, int], Callable[[Any], Any]]
    x: Any
    shrink: int = 1  # how many times fewer operations this slower task runs


# -- the tasks -------------------------------------------------------------------------------------


def fan_out(peer: Peer, operations: int) -> Callable[[Any], Any]:
    """x = (x + x) / 2: every value is used twice."""

    def fun(x: Any) -> Any:
        for _ in range(operations // 2):
            x = (x + x) / 2
        return peer.xp.sum(x) if np.ndim(x) else x

    return fun


def sines(peer: Peer, operations: int) -> Callable[[Any], Any]:
    """A chain of one function of one argument."""

    def fun(x: Any) -> Any:
        for _ in range(operations):
            x = peer.xp.sin(x)
        return peer.xp.sum(x) if np.ndim(x) else x

    return fun


def mixed(peer: Peer, operations: int) -> Callable[[Any], Any]:
    """All four operations and sin, six operations a turn; the values stay of order one."""

    def fun(x: Any) -> Any:
        for _ in range(operations // 6):
            x = peer.xp.sin(x) * 0.5 + x / (x * x + 2.0)
        return peer.xp.sum(x) if np.ndim(x) else x

    return fun


def nested(peer: Peer, operations: int) -> Callable[[Any], Any]:
    """A gradient inside a gradient."""
    inner = fan_out(peer, operations)
    return lambda x: peer.grad(lambda y: inner(y * x) * y)(x)


def indexing(peer: Peer, operations: int) -> Callable[[Any], Any]:
    """A loop over the entries of a vector: two reads, a product and a sum each."""

    def fun(x: Any) -> Any:
        total = 0.0
        for k in range(operations // 4):
            total = total + x[k % 9] * x[k % 9 + 1]
        return total

    return fun


TASKS = (
    Task("fan-out, float", fan_out, 1.3),
    Task("fan-out, 10 elements", fan_out, np.linspace(1, 2, 10)),
    Task("fan-out, 10 000 elements", fan_out, np.linspace(1, 2, 10_000), shrink=10),
    Task("chain of sin, float", sines, 1.3),
    Task("chain of sin, 10 elements", sines, np.linspace(1, 2, 10)),
    Task("mixed, 10 elements", mixed, np.linspace(1, 2, 10)),
    Task("gradient in a gradient, float", nested, 1.3, shrink=4),
    Task("indexing in a loop", indexing, np.linspace(1, 2, 10), shrink=4),
)

# -- the peers -------------------------------------------------------------------------------------


def torch_peer(torch: Any) -> Peer:
    """PyTorch eager on one thread, in float64, as NumPy computes."""
    torch.set_num_threads(1)

    def grad(fun: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def gradient(x: Any) -> Any:
            inside = isinstance(x, torch.Tensor)
            # A copy is a variable of its own, apart from the x that `fun` may have captured.
            leaf = x.clone() if inside else torch.tensor(x, dtype=torch.float64, requires_grad=True)
            return torch.autograd.grad(fun(leaf), leaf, create_graph=inside)[0]

        return gradient

    return Peer("PyTorch", torch, grad)


def numpy_peer(name: str, package: Any) -> Peer:
    """A library with Autograd's interface."""
    return Peer(name, importlib.import_module(f"{package.__name__}.numpy"), package.grad)


PEERS: dict[str, tuple[str, Callable[[Any], Peer]]] = {
    "autodiff": ("autodiff", lambda package: numpy_peer("autodiff", package)),
    "Autograd": ("autograd", lambda package: numpy_peer("Autograd", package)),
    "PyTorch": ("torch", torch_peer),
}


def installed_peers() -> dict[str, Peer | None]:
    """Each peer by name; None for one that is not installed."""
    peers: dict[str, Peer | None] = {}
    for name, (module, make) in PEERS.items():
        try:
            peers[name] = make(importlib.import_module(module))
        except ImportError:
            peers[name] = None
    return peers


# -- measuring -------------------------------------------------------------------------------------


def check_equal(gradients: dict[str, Callable[[Any], Any]], x: Any) -> None:
    """Raise AssertionError unless all peers find the same gradient."""
    expected = np.asarray(gradients["autodiff"](x))
    for name, gradient in gradients.items():
        np.testing.assert_allclose(np.asarray(gradient(x)), expected, rtol=1e-10, err_msg=name)


def median_costs(
    gradients: dict[str, Callable[[Any], Any]], x: Any, operations: int, repeats: int
) -> dict[str, float]:
    """Median CPU microseconds per operation; the peers take turns, so that noise hits all alike."""
    costs: dict[str, list[float]] = {name: [] for name in gradients}
    for _ in range(repeats):
        for name, gradient in gradients.items():
            start = time.process_time()
            gradient(x)
            costs[name].append((time.process_time() - start) / operations * 1e6)
    return {name: statistics.median(values) for name, values in costs.items()}


def bytes_per_operation(peer: Peer, operations: int) -> float:
    """Peak memory of a scalar gradient, per operation, as Python's allocator counts it."""
    gradient = peer.grad(fan_out(peer, operations))
    tracemalloc.start()
    try:
        gradient(1.3)
        return tracemalloc.get_traced_memory()[1] / operations
    finally:
        tracemalloc.stop()


def measure(operations: int, repeats: int) -> Table:
    """The table of all tasks and peers, after checking that their gradients are equal."""
    peers = {name: peer for name, peer in installed_peers().items() if peer is not None}
    # Or the collector would walk all that PyTorch has loaded, at the cost of whoever allocates.
    gc.collect()
    gc.freeze()
    others = [name for name in PEERS if name != "autodiff"]
    table = Table(
        title=f"CPU microseconds per operation, forward + backward ({operations} operations)"
    )
    table.add_column("task")
    for name in ("autodiff", *others, *(f"ours / {name}" for name in others)):
        table.add_column(name, justify="right")
    for task in TASKS:
        count = operations // task.shrink
        gradients = {name: peer.grad(task.make(peer, count)) for name, peer in peers.items()}
        check_equal(gradients, task.x)
        costs = median_costs(gradients, task.x, count, repeats)
        table.add_row(task.name, *_cells(costs, others))
    # PyTorch's memory does not pass Python's allocator.
    memory = {n: bytes_per_operation(p, operations) for n, p in peers.items() if n != "PyTorch"}
    table.add_section()
    table.add_row("bytes per operation, float", *_cells(memory, others))
    for name in others:
        if name not in peers:
            table.add_row(f"{name} is not installed: no figures")
    return table


def _cells(figures: dict[str, float], others: Sequence[str]) -> list[str]:
    ours = figures["autodiff"]
    values = [f"{figures[name]:.3g}" if name in figures else "-" for name in ("autodiff", *others)]
    ratios = [f"{ours / figures[name]:.3f}" if name in figures else "-" for name in others]
    return values + ratios


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, prog="python -m experiments.benchmarks.engine"
    )
    parser.add_argument("--operations", type=int, default=4000, help="length of a chain")
    parser.add_argument("--repeats", type=int, default=9, help="timings of which the median counts")
    options = parser.parse_args(arguments)
    Console(width=120).print(measure(options.operations, options.repeats))


if __name__ == "__main__":
    main()
