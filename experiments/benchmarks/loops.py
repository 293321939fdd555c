"""A long loop in little memory: `unroll` with every state stored and within a budget; `checkpoint`.

    python -m experiments.benchmarks.loops [--steps T] [--memory "200 MB"] [--rounds R]

The claim: 10 000 steps of three 128x128 float64 fields keep to 200 MB of states, take at most 2.6
times as long as storing all of them (4 GB), and give the same bits. Each run is a process of its
own, which gives its peak memory; the two take turns, so that noise hits both alike. Then the
blocks of a deep function with and without `checkpoint`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as onp
from rich.console import Console
from rich.table import Table

import autodiff.numpy as np
from autodiff import checkpoint, grad, plan_unroll, unroll

SIDE = 128
State = tuple[Any, Any, Any]


def step(state: State, _: None) -> State:
    """Two velocities and a density: centred transport, a little diffusion; periodic."""
    u, v, q = state

    def moved(f: Any) -> Any:
        right, left = np.roll(f, -1, 0), np.roll(f, 1, 0)
        up, down = np.roll(f, -1, 1), np.roll(f, 1, 1)
        spread = right + left + up + down - 4.0 * f
        return f - 0.01 * (u * (right - left) + v * (up - down)) + 0.05 * spread

    return moved(u), moved(v), moved(q)


def start() -> State:
    """Smooth fields of order one."""
    x = onp.linspace(0, 2 * onp.pi, SIDE, endpoint=False)
    return (
        onp.sin(x)[:, None] * onp.cos(x),
        onp.cos(x)[:, None] * onp.sin(2 * x),
        1.0 + 0.5 * onp.sin(3 * x)[:, None] * onp.sin(x),
    )


def run_one(steps: int, memory: str | None) -> dict[str, Any]:
    """One gradient in this process: seconds, peak megabytes above the start, a digest of its bits.

    Linux counts ru_maxrss in kilobytes.
    """
    fields = start()

    def loss(fields: State) -> Any:
        return np.sum(unroll(step, fields, length=steps, memory=memory)[2] ** 2)

    # Imports and first calls: of the package for schedules, which compiles itself by Numba when a
    # budget first asks for it, too.
    grad(lambda f: np.sum(unroll(step, f, length=3)[2]))(fields)
    grad(lambda x: unroll(lambda s, _: s * x, x, length=20, memory=40))(1.0)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    gradient = grad(loss)(fields)
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    digest = hashlib.sha256(b"".join(onp.ascontiguousarray(g).tobytes() for g in gradient))
    return {"seconds": seconds, "peak": (peak - before) / 1000, "digest": digest.hexdigest()}


def measure_loop(steps: int, memory: str, rounds: int) -> Table:
    """Both schedules in turns; AssertionError if a bit of the gradient differs."""
    budgets = {"every state stored": None, memory: memory}
    reports: dict[str, list[dict[str, Any]]] = {name: [] for name in budgets}
    for _ in range(rounds):
        for name, budget in budgets.items():
            command = [sys.executable, "-m", "experiments.benchmarks.loops", "--one"]
            command += ["--steps", str(steps), *(["--memory", budget] if budget else [])]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            reports[name].append(json.loads(done.stdout))
    assert len({report["digest"] for runs in reports.values() for report in runs}) == 1
    seconds = {name: median(r["seconds"] for r in runs) for name, runs in reports.items()}
    table = Table(title=f"{steps} steps of 3 x {SIDE} x {SIDE} float64, one gradient, equal bits")
    for column in ("states in memory", "CPU seconds", "ratio", "peak", "plan"):
        table.add_column(column, justify="left" if column == "plan" else "right")
    for name, budget in budgets.items():
        table.add_row(
            name,
            f"{seconds[name]:.1f}",
            f"{seconds[name] / seconds['every state stored']:.2f}",
            f"{median(r['peak'] for r in reports[name]):.0f} MB",
            str(plan_unroll(start(), length=steps, memory=budget)),
        )
    return table


# -- checkpoint ------------------------------------------------------------------------------------


def block(x: Any) -> Any:
    """Eight operations that keep an array each."""
    for _ in range(4):
        x = np.sin(x) * 0.9 + x * x * 0.1
    return x


def measure_checkpoint(blocks: int, size: int, repeats: int) -> Table:
    """`blocks` blocks in a row on an array of `size` numbers, plain and checkpointed."""
    x = onp.linspace(0.0, 1.0, size)

    def deep(one: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def fun(x: Any) -> Any:
            for _ in range(blocks):
                x = one(x)
            return np.sum(x)

        return grad(fun)

    gradients = {"plain": deep(block), "checkpointed": deep(checkpoint(block))}
    onp.testing.assert_array_equal(*(gradient(x) for gradient in gradients.values()))
    peaks, seconds = {}, {name: [] for name in gradients}  # type: ignore[var-annotated]
    for name, gradient in gradients.items():
        tracemalloc.start()
        gradient(x)
        peaks[name] = tracemalloc.get_traced_memory()[1] / x.nbytes
        tracemalloc.stop()
    for _ in range(repeats):
        for name, gradient in gradients.items():
            began = time.process_time()
            gradient(x)
            seconds[name].append(time.process_time() - began)
    table = Table(title=f"{blocks} blocks of 4 steps on {size} numbers, one gradient, equal bits")
    for column in ("", "CPU seconds", "ratio", "peak, in arrays"):
        table.add_column(column, justify="right")
    for name in gradients:
        time_of = median(seconds[name])
        ratio = time_of / median(seconds["plain"])
        table.add_row(name, f"{time_of:.2f}", f"{ratio:.2f}", f"{peaks[name]:.0f}")
    return table


def main() -> None:
    """Measure, and print the tables; with --one, print one run's report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--memory", help='what the states may take (default: "200 MB")')
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(run_one(options.steps, options.memory)))
        return
    console = Console(width=160)
    console.print(measure_loop(options.steps, options.memory or "200 MB", options.rounds))
    console.print(measure_checkpoint(20, 200_000, 5))


if __name__ == "__main__":
    main()
