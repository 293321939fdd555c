"""How long it takes until a compiled function runs, stage by stage.

    python -m experiments.benchmarks.compile_time [--rounds R] [--steps 1 5 10 20 40]

First table: a step of training (64-32-10, batch 32, momentum, L2) and its vjp, each compiled in a
process that has just begun: with an empty cache, then with the code that was cached. The bars:
together at most 1 s cold and 10 ms from the cache. Imports and LLVM's set-up for this processor,
which any first compilation of a process brings, stand apart.

Second table: the gradient of 1 to 40 such steps written out, cold, by operation. No stage may
take longer by operation for longer programs; beyond 5000 operations programs are replayed.

Results are compared with those of the plain functions before any time is believed. Times are
medians over processes of their thread's CPU time, which is wall-clock time on a calm machine.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from importlib import import_module
from statistics import median
from typing import Any

import numpy as onp
from rich.console import Console
from rich.table import Table

from experiments.benchmarks.side_by_side import ONE_THREAD
from experiments.benchmarks.unrolled_training import CASES, Case, network_loss, update, zeros_of

Report = dict[str, Any]

FUNCTIONS = {
    "recording": ("families.record",),
    "lowering": ("families.lower",),
    "passes": ("families.optimized", "native.loosened"),
    "loops": (
        "llvm.executable.with_scatter_sums",
        "llvm.executable.with_matrices",
        "llvm.executable.loop_program",
    ),
    "code": ("llvm.executable.write_module",),
    "LLVM": ("llvm.engine.compile_object",),
    "load": ("families.runner",),
}
"""Stage -> the functions of `autodiff.compile` that do it, by the modules that call them. "load" is
what is left of making a program run: finding its code in the cache, linking it, or planning replay.
"""
OTHER = "the rest"
BAR_COLD, BAR_WARM = 1000.0, 10.0  # ms


class StageClock:
    """Milliseconds spent in each stage, as a context; what a stage calls of another is the other's.

    Attributes: spent.
    """

    def __init__(self, now: Callable[[], float] = time.thread_time) -> None:
        self._now = now
        self._running = [OTHER]
        self._replaced = ExitStack()
        self._since = 0.0
        self.spent = dict.fromkeys((*FUNCTIONS, OTHER), 0.0)

    def __enter__(self) -> StageClock:
        for stage, places in FUNCTIONS.items():
            for place in places:
                module, _, name = f"autodiff.compile.{place}".rpartition(".")
                owner = import_module(module)
                fun = getattr(owner, name)
                setattr(owner, name, partial(self._within, stage, fun))
                self._replaced.callback(setattr, owner, name, fun)
        self._since = self._now()
        return self

    def __exit__(self, *error: object) -> None:
        self._replaced.close()

    def taken(self) -> dict[str, float]:
        """What was spent since this was asked last."""
        self._pass()
        found, self.spent = self.spent, dict.fromkeys(self.spent, 0.0)
        return found

    def _pass(self) -> None:
        now = self._now()
        self.spent[self._running[-1]] += 1e3 * (now - self._since)
        self._since = self._now()

    def _within(self, stage: str, fun: Callable[..., Any], *args: Any) -> Any:
        self._pass()
        self._running.append(stage)
        try:
            return fun(*args)
        finally:
            self._pass()
            self._running.pop()


# -- what a new process measures -------------------------------------------------------------------


def set_up() -> float:
    """Import what compiles, and have LLVM look at the processor: milliseconds."""
    began = time.thread_time()
    from autodiff import compiled

    compiled(lambda x: x + 1.0)(onp.ones(2))
    gc.collect()  # a full collection is due after imports: whoever allocates next would pay for it
    return 1e3 * (time.thread_time() - began)


def measure_step(case: Case) -> Report:
    """The stages of a step and of its vjp, and whether the results are right."""
    ready = set_up()
    import autodiff.numpy as np
    from autodiff import compiled, grad, make_vjp

    weights, inputs, targets, (rates, momentum, decay) = case.arrays()
    batch = rates[0], inputs[0].copy(), targets[0].copy()

    def step(state: Any, batch: Any, momentum: Any, decay: Any) -> Any:
        return update(grad, np, state, batch, momentum, decay)

    args = (weights, zeros_of(weights)), batch, momentum, decay
    fast = compiled(step)
    with StageClock() as clock:
        fast(*args)
        found = {"step": clock.taken()}
        pull, end = make_vjp(fast, (0, 1, 2, 3))(*args)
        clock.taken()
        bars = pull(end)
        found["vjp"] = clock.taken()
    plain_pull, plain_end = make_vjp(step, (0, 1, 2, 3))(*args)
    _compare((bars, end), (plain_pull(plain_end), plain_end))
    return {"set up": ready, "stages": found}


def measure_growth(case: Case, steps: int) -> Report:
    """The stages of the gradient of a loss after so many steps, written out."""
    set_up()
    import autodiff.numpy as np
    from autodiff import compiled, grad

    weights, inputs, targets, _ = case.arrays()

    def loss(rates: Any, momentum: Any, decay: Any) -> Any:
        state = weights, zeros_of(weights)
        for n in range(steps):
            state = update(grad, np, state, (rates[n], inputs[n], targets[n]), momentum, decay)
        return network_loss(np, state[0], inputs[-1], targets[-1])

    gradient = grad(loss, (0, 1, 2))
    args = onp.full(steps, 0.1), 0.9, 1e-4
    fast = compiled(gradient)
    with StageClock() as clock:
        got = fast(*args)
        stages = clock.taken()
    _compare(got, gradient(*args))
    kinds = [value.kind for value in fast.ir(*args).values]
    count = sum(kind != "leaf" for kind in kinds)
    return {"operations": count, "stages": stages, "explained": fast.explain(*args)}


def _compare(got: Any, expected: Any) -> None:
    from autodiff.nests import flatten

    for x, y in zip(flatten(got)[0], flatten(expected)[0], strict=True):
        onp.testing.assert_allclose(x, y, rtol=1e-9, atol=1e-13)


# -- processes and tables --------------------------------------------------------------------------


def in_new_process(folder: str, *arguments: str) -> Report:
    """A report from a process that has just begun, with this folder as its cache."""
    command = [sys.executable, "-m", __spec__.name if __spec__ else __name__, *arguments]
    settings = {**os.environ, **ONE_THREAD, "AUTODIFF_CACHE_DIR": folder, "AUTODIFF_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=settings)
    return json.loads(done.stdout.splitlines()[-1])


def cold_and_warm(rounds: int) -> tuple[list[Report], list[Report]]:
    """Reports of a step, from processes that find no code in the cache and from ones that do."""
    cold, warm = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            cold.append(in_new_process(folder, "--report", "step"))
            warm.append(in_new_process(folder, "--report", "step"))
    return cold, warm


def step_table(cold: Sequence[Report], warm: Sequence[Report]) -> Table:
    """Stages of a step and its vjp; what is not recording, lowering or passes is summed apart."""
    table = Table(title="64-32-10, batch 32: a step of training and its vjp, ms")
    for column in ("", "step, cold", "vjp, cold", "step, cached", "vjp, cached"):
        table.add_column(column, justify="right" if column else "left")
    columns = [(reports, part) for reports in (cold, warm) for part in ("step", "vjp")]

    def middle(reports: Sequence[Report], part: str, stages: Sequence[str]) -> float:
        return median(sum(each["stages"][part][s] for s in stages) for each in reports)

    every = (*FUNCTIONS, OTHER)
    for stage in every:
        table.add_row(stage, *(f"{middle(*column, [stage]):.2f}" for column in columns))
    table.add_section()
    for name, stages in (("code alone", every[3:-1]), ("all", every)):
        sums = [middle(*column, stages) for column in columns]
        table.add_row(name, *(f"{each:.1f}" for each in sums))
        both = _beside(sum(sums[:2]), BAR_COLD), _beside(sum(sums[2:]), BAR_WARM)
        table.add_row("  together", "", both[0], "", both[1])
    ready = [median(each["set up"] for each in reports) for reports in (cold, warm)]
    table.add_row("imports, LLVM's set-up", f"{ready[0]:.0f}", "", f"{ready[1]:.0f}", "")
    return table


def _beside(found: float, bar: float) -> str:
    return f"{found:.1f} {'<' if found <= bar else '>'} {bar:.0f}"


def growth_table(reports: Mapping[int, Report]) -> Table:
    """Microseconds by operation for each number of steps."""
    table = Table(title="gradient of training written out, cold: µs by operation")
    table.add_column("steps")
    for steps in reports:
        table.add_column(str(steps), justify="right")
    found = list(reports.values())
    counts = [each["operations"] for each in found]
    table.add_row("operations", *map(str, counts))
    table.add_section()
    for stage in (*FUNCTIONS, OTHER):
        spent = [each["stages"][stage] for each in found]
        table.add_row(stage, *(f"{1e3 * t / n:.1f}" for t, n in zip(spent, counts)))
    table.add_section()
    totals = [sum(each["stages"].values()) for each in found]
    table.add_row("all", *(f"{1e3 * t / n:.1f}" for t, n in zip(totals, counts)))
    table.add_row("all, s", *(f"{1e-3 * t:.2f}" for t in totals))
    return table


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print both tables; or one report as JSON, in a process begun for that."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, nargs="*", default=[1, 5, 10, 20, 40])
    parser.add_argument("--report", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    case = CASES["small"]
    if options.report == "step":
        print(json.dumps(measure_step(case)))
        return
    if options.report is not None:
        print(json.dumps(measure_growth(case, int(options.report))))
        return
    console = Console()
    if options.rounds:
        console.print(step_table(*cold_and_warm(options.rounds)))
    found: dict[int, Report] = {}
    for steps in options.steps:
        with tempfile.TemporaryDirectory() as folder:
            found[steps] = in_new_process(folder, "--report", str(steps))
        console.print(f"{steps} steps: {found[steps]['explained']}")
    if found:
        console.print(growth_table(found))


if __name__ == "__main__":
    main()
