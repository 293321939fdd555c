"""Peers side by side: each in a process of its own, in rounds, compared before they are believed.

A module of peers is run as ``python -m MODULE PEER CASE SECONDS FOLDER`` and reports through
`one_peer`. Rounds make a noisy minute of the machine hit all of them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from rich.table import Table

TOLERANCE = {"float64": 1e-9, "float32": 2e-3}
"""Relative difference of gradients that may come from rounding alone."""

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
}
"""Environment of a comparison on one thread."""


def run_peer(
    module: str, peer: str, case: str, seconds: float, folder: Path, environment: Mapping[str, str]
) -> dict[str, Any]:
    """One peer's report from a process of its own."""
    command = [sys.executable, "-m", module, peer, case, str(seconds), str(folder)]
    settings = {**os.environ, "JAX_PLATFORMS": "cpu", **environment}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=settings)
    if done.returncode != 0:
        return {"missing": (done.stderr.strip().splitlines() or ["no output"])[-1]}
    return json.loads(done.stdout.splitlines()[-1])


def compare(
    module: str,
    peers: Iterable[str],
    case: str,
    seconds: float,
    rounds: int,
    environment: Mapping[str, str] | None = None,
) -> dict[str, dict[str, Any]]:
    """Reports of all peers, ours first; their times pooled over the rounds."""
    names = list(peers)
    pooled: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for _ in range(rounds):
            for peer in names:
                if "missing" in pooled.get(peer, {}):
                    continue
                report = run_peer(module, peer, case, seconds, folder, environment or {})
                if peer in pooled and "times" in report:
                    report["times"] += pooled[peer]["times"]
                pooled[peer] = report
        ours = np.load(folder / f"{names[0]}.npy")
        for peer, report in pooled.items():
            if "missing" not in report:
                theirs = np.load(folder / f"{peer}.npy")
                difference = np.linalg.norm(theirs - ours) / np.linalg.norm(theirs)
                report["gradient_error"] = float(difference)
                report["loss_error"] = abs(report["loss"] / pooled[names[0]]["loss"] - 1)
    return pooled


def table(title: str, dtype: str, pooled: dict[str, dict[str, Any]]) -> Table:
    """Medians and ratios to the first peer's; a peer whose gradient differs gets no time."""
    out = Table(title=title)
    first, ours = next(iter(pooled.items()))
    for column in ("", "median", f"x {first}", "peak", f"x {first}", "of it arrays", "first call"):
        out.add_column(column, justify="left" if not column else "right")
    out.add_column("gradient differs by", justify="right")
    for peer, report in pooled.items():
        if "missing" in report:
            out.add_row(peer, f"not run: {report['missing'][:60]}")
            continue
        if not report["gradient_error"] <= TOLERANCE[dtype]:
            out.add_row(peer, "WRONG", *[""] * 5, f"{report['gradient_error']:.1e}")
            continue
        time = median(report["times"])
        out.add_row(
            peer,
            f"{1e3 * time:.1f} ms",
            f"{time / median(ours['times']):.2f}",
            f"{report['peak']:.0f} MB",
            f"{report['peak'] / ours['peak']:.1f}",
            f"{report['peak'] - report['before']:.0f} MB",
            f"{report['first']:.1f} s",
            f"{report['gradient_error']:.1e}",
        )
    return out
