"""A long simulation in little memory: the gradient of `sciopt fluid` within `memory:`, and without.

    python -m experiments.benchmarks.fluid_memory [--steps T] [--memory "200 MB"] [--rounds R]

The claim: 10 000 steps on 128 x 128 cells in float64 within `memory: 200 MB` take at most 450 MB of
resident memory in the whole process and at most 2.6 times as long as with all states stored (4 GB),
and give the same gradient to 1e-12. Each run is a process of its own, which gives its peak memory;
they take turns, so that noise hits all alike. Times are those of a second gradient, after the
programs were compiled.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from autodiff import value_and_grad
from sciopt.fluid.config import FluidConfig
from sciopt.fluid.problem import build_problem

SIDE = 128
SCHEMES: dict[str, dict[str, Any]] = {
    "lecture": {"scheme": "lecture"},
    "exact": {"scheme": "exact"},
}
STORED = "8 GB"


def run_one(scheme: str, steps: int, memory: str, gradient_file: Path | None) -> dict[str, Any]:
    """Two gradients in this process: CPU seconds of the second, peak megabytes of the process.

    Linux counts ru_maxrss in kilobytes.
    """
    config = FluidConfig(
        size=SIDE, steps=steps, memory=memory, backend="compiled", velocity_noise=0.3,
        **SCHEMES[scheme],
    )  # fmt: skip
    stage = build_problem(config).last
    gradient_of_loss, start = value_and_grad(stage.loss), stage.start()
    gradient_of_loss(start)
    began = time.process_time()
    loss, gradient = gradient_of_loss(start)
    seconds = time.process_time() - began
    if gradient_file is not None:
        np.save(gradient_file, gradient)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return {"seconds": seconds, "peak": peak, "loss": float(loss)}


def measure(scheme: str, steps: int, memory: str, rounds: int) -> list[str]:
    """A row of the table; AssertionError if the gradients differ."""
    reports: dict[str, list[dict[str, Any]]] = {STORED: [], memory: []}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            for budget, runs in reports.items():
                command = [sys.executable, "-m", "experiments.benchmarks.fluid_memory"]
                command += ["--one", scheme, "--steps", str(steps), "--memory", budget]
                command += ["--gradient", f"{folder}/{budget}.npy"]
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                runs.append(json.loads(done.stdout))
        stored, bounded = (np.load(f"{folder}/{budget}.npy") for budget in reports)
    difference = float(np.abs(bounded - stored).max() / np.abs(stored).max())
    assert difference < 1e-12, difference
    seconds = [median(run["seconds"] for run in runs) for runs in reports.values()]
    peaks = [f"{median(run['peak'] for run in runs):.0f} MB" for runs in reports.values()]
    times = [f"{second:.1f} s" for second in seconds]
    return [scheme, *times, f"{seconds[1] / seconds[0]:.2f}", *peaks, f"{difference:.0e}"]


def main() -> None:
    """Measure, and print the table; with --one, print one run's report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--memory", default="200 MB", help="what the states may take")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--one", choices=SCHEMES, help=argparse.SUPPRESS)
    parser.add_argument("--gradient", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        report = run_one(options.one, options.steps, options.memory, options.gradient)
        print(json.dumps(report))
        return
    table = Table(title=f"{options.steps} steps, {SIDE} x {SIDE} float64, one gradient")
    for column in (
        "scheme", "stored", options.memory, "ratio", "peak, stored", "peak", "gradients differ by",
    ):  # fmt: skip
        table.add_column(column, justify="left" if column == "scheme" else "right")
    for scheme in SCHEMES:
        table.add_row(*measure(scheme, options.steps, options.memory, options.rounds))
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
