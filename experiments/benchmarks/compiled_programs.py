"""Programs as users write them: value and gradient, eager, compiled and in JAX, side by side.

Run: ``python -m experiments.benchmarks.compiled_programs`` (two minutes). Each program is plain
NumPy, differentiated by `value_and_grad`; all run on one core with one BLAS thread, in float64.
Results are compared before anything is timed. A figure is the median over interleaved rounds of the
process's own time; the time to compile is that of the first call, less that of a later one.

The bars: a geometric mean of at most 0.2 of the eager time and below that of JAX's jit, every
program compiled in under two seconds, and none slower than eager.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from .compiled_programs_tasks import Task, tasks
from .side_by_side import ONE_THREAD, TOLERANCE
from .small_functions import leaves

EAGER_BAR, JAX_BAR, COMPILE_BAR = 0.2, 1.0, 2.0


@dataclass
class Measured:
    """What is known of one peer's program: its first call in seconds, later ones in turns."""

    call: Callable[[], Any]
    first: float = 0.0
    times: list[float] = field(default_factory=list)

    @property
    def steady(self) -> float:
        """Seconds of a call."""
        return statistics.median(self.times)

    @property
    def compile_time(self) -> float:
        """Seconds that the first call took longer."""
        return max(self.first - self.steady, 0.0)


def eager(task: Task) -> Callable[..., Any]:
    """The task's function as autodiff runs it, operation by operation."""
    import autodiff
    import autodiff.numpy

    if task.is_step:
        return partial(task.fun, autodiff.value_and_grad, autodiff.numpy)
    return autodiff.value_and_grad(partial(task.fun, autodiff.numpy))


def compiled(task: Task) -> Any:
    """The same, compiled."""
    import autodiff

    return autodiff.compiled(eager(task))


def in_jax(task: Task) -> Callable[..., Any]:
    """The same by JAX, jitted, waiting for the result.

    Raises:
        ImportError: JAX is not installed.
    """
    import jax

    jax.config.update("jax_enable_x64", True)
    if task.is_step:
        fun = partial(task.fun, jax.value_and_grad, jax.numpy)
    else:
        written = partial(task.fun, jax.numpy)
        if task.in_jax is not None:
            written = partial(task.in_jax, jax)
        fun = jax.value_and_grad(written)
    jitted = jax.jit(fun)
    return lambda *args: jax.block_until_ready(jitted(*args))


Peers = dict[str, Callable[[Task], Callable[..., Any]]]
PEERS: Peers = {"eager": eager, "compiled": compiled, "JAX": in_jax}


def started(task: Task, makers: Peers) -> dict[str, Measured]:
    """Every peer that is installed after its first call, whose results are equal.

    Raises:
        AssertionError: results differ.
    """
    found: dict[str, Measured] = {}
    expected: list[Any] = []
    for peer, make in makers.items():
        began = time.process_time()
        try:
            call = partial(make(task), *task.args)
        except ImportError:
            continue
        got = leaves(call())
        found[peer] = Measured(call, time.process_time() - began)
        expected = expected or got
        for a, b in zip(expected, got, strict=True):
            scale = float(np.max(np.abs(a), initial=0.0))
            bound = TOLERANCE["float64"]
            np.testing.assert_allclose(b, a, bound, bound * scale, err_msg=f"{task.name}, {peer}")
    return found


def take_turns(peers: dict[str, Measured], rounds: int, seconds: float) -> None:
    """Time the peers, each for about `seconds` in each round."""
    repeats = {name: max(1, round(seconds / _timed(x.call, 1))) for name, x in peers.items()}
    for _ in range(rounds):
        for name, measured in peers.items():
            measured.times.append(_timed(measured.call, repeats[name]) / repeats[name])


def _timed(call: Callable[[], Any], repeats: int) -> float:
    start = time.process_time()
    for _ in range(repeats):
        call()
    return max(time.process_time() - start, 1e-6)


def measure(chosen: Sequence[Task], makers: Peers, rounds: int, seconds: float) -> Table:
    """The table of these programs."""
    table = Table(title="value and gradient, one thread, float64")
    for column in ("program", *PEERS, "/ eager", "/ JAX", "compile", "JAX's"):
        table.add_column(column, justify="left" if column == "program" else "right")
    ratios: dict[str, list[float]] = {"eager": [], "JAX": []}
    slowest = 0.0
    for task in chosen:
        peers = started(task, makers)
        gc.collect()
        gc.freeze()  # or the collector walks all that was loaded, at the cost of who allocates
        take_turns(peers, rounds, seconds)
        ours = peers["compiled"]
        slowest = max(slowest, ours.compile_time)
        for peer, found in ratios.items():
            if peer in peers:
                found.append(ours.steady / peers[peer].steady)
        table.add_row(
            task.name,
            *(f"{1e3 * peers[peer].steady:.3f} ms" if peer in peers else "-" for peer in PEERS),
            *(f"{found[-1]:.3f}" if peer in peers else "-" for peer, found in ratios.items()),
            *(f"{peers[x].compile_time:.2f} s" if x in peers else "-" for x in ("compiled", "JAX")),
        )
    table.add_section()
    for name, summary in (("geometric mean", statistics.geometric_mean), ("worst", max)):
        cells = [f"{summary(found):.3f}" if found else "-" for found in ratios.values()]
        table.add_row(name, "", "", "", *cells, f"{slowest:.2f} s" if name == "worst" else "")
    table.add_row(
        "bars", "", "", "", f"{EAGER_BAR} (worst 1)", f"{JAX_BAR}", f"{COMPILE_BAR:.0f} s"
    )
    return table


def explain(chosen: Sequence[Task]) -> None:
    """Print what in each program is not compiled."""
    for task in chosen:
        first, *calls = compiled(task).explain(*task.args).splitlines()
        print(f"{task.name}: {first}")
        for line, count in Counter(calls).items():
            print(f"{line}{f', {count} times' * (count > 1)}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, prog="python -m experiments.benchmarks.compiled_programs"
    )
    parser.add_argument("--rounds", type=int, default=9, help="timings of which the median counts")
    parser.add_argument("--seconds", type=float, default=0.03, help="of a turn, about")
    parser.add_argument("--only", default="", help="measure programs with this in their name")
    parser.add_argument("--explain", action="store_true", help="list what is not compiled instead")
    options = parser.parse_args(arguments)
    chosen = [task for task in tasks() if options.only in task.name]
    if options.explain:
        explain(chosen)
        return
    with _one_thread():
        Console(width=110).print(measure(chosen, PEERS, options.rounds, options.seconds))


def _one_thread() -> Any:
    """One core, and one BLAS thread. XLA reads its part of the environment when it starts."""
    os.environ.update({**ONE_THREAD, "JAX_PLATFORMS": "cpu"})
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    try:
        from threadpoolctl import threadpool_limits
    except ImportError:
        return nullcontext()
    return threadpool_limits(1)


if __name__ == "__main__":
    main()
