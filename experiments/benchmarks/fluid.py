"""sciopt's fluid against its peers, side by side in one run: time and memory of one gradient.

    python -m experiments.benchmarks.fluid [110 512 ...] [--seconds S] [--rounds R]

The claim (issue 2): at 110x110, 100 steps, 10 sweeps, float64, at least 8 times faster than JAX
(jit, the best of with and without checkpoint) and 30 times than Autograd; at 512x512, 50 steps,
50 sweeps, float32, at least 6 times faster than JAX; memory below a third of JAX's without
checkpoint. Each peer runs in a process of its own, in rounds, so that a noisy minute of the machine
hits all of them. Loss and gradient are compared before any time is believed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from .fluid_peers import CASES, PEERS

TOLERANCE = {"float64": 1e-9, "float32": 2e-3}
"""Relative difference of gradients that may come from rounding alone."""


def run_peer(peer: str, case: str, seconds: float, folder: Path) -> dict[str, Any]:
    """One peer's report from a process of its own."""
    command = [sys.executable, "-m", "experiments.benchmarks.fluid_peers", peer, case]
    done = subprocess.run(
        [*command, str(seconds), str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        return {"missing": (done.stderr.strip().splitlines() or ["no output"])[-1]}
    return json.loads(done.stdout.splitlines()[-1])


def compare(case: str, seconds: float, rounds: int) -> dict[str, dict[str, Any]]:
    """Reports of all peers, their times pooled over the rounds."""
    pooled: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for _ in range(rounds):
            for peer in PEERS:
                if "missing" in pooled.get(peer, {}):
                    continue
                report = run_peer(peer, case, seconds, folder)
                if peer in pooled and "times" in report:
                    report["times"] += pooled[peer]["times"]
                pooled[peer] = report
        ours = np.load(folder / "sciopt.npy")
        for peer, report in pooled.items():
            if "missing" not in report:
                theirs = np.load(folder / f"{peer}.npy")
                report["gradient_error"] = float(
                    np.linalg.norm(theirs - ours) / np.linalg.norm(theirs)
                )
                report["loss_error"] = abs(report["loss"] / pooled["sciopt"]["loss"] - 1)
    return pooled


def table(case: str, pooled: dict[str, dict[str, Any]]) -> Table:
    """Medians and ratios to sciopt's; a peer whose gradient differs gets no time."""
    problem = CASES[case]
    title = (
        f"{problem.n}x{problem.n}, {problem.steps} steps, {problem.sweeps} sweeps, {problem.dtype}"
    )
    out = Table(title=f"Value and gradient, {title}")
    for column in ("", "median", "x sciopt", "peak", "x sciopt", "of it arrays", "first call"):
        out.add_column(column, justify="left" if not column else "right")
    out.add_column("gradient differs by", justify="right")
    ours = pooled["sciopt"]
    for peer, report in pooled.items():
        if "missing" in report:
            out.add_row(peer, f"not run: {report['missing'][:60]}")
            continue
        if not report["gradient_error"] <= TOLERANCE[problem.dtype]:
            out.add_row(peer, "WRONG", *[""] * 5, f"{report['gradient_error']:.1e}")
            continue
        time = median(report["times"])
        out.add_row(
            peer,
            f"{1e3 * time:.1f} ms",
            f"{time / median(ours['times']):.1f}",
            f"{report['peak']:.0f} MB",
            f"{report['peak'] / ours['peak']:.1f}",
            f"{report['peak'] - report['before']:.0f} MB",
            f"{report['first']:.1f} s",
            f"{report['gradient_error']:.1e}",
        )
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*", default=["110", "512"], help="of " + ", ".join(CASES))
    parser.add_argument("--seconds", type=float, default=3.0, help="time per peer and round")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    for case in arguments.cases:
        pooled = compare(case, arguments.seconds, arguments.rounds)
        Console().print(table(case, pooled))


if __name__ == "__main__":
    main()
