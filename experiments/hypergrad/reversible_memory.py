"""Memory and time of a hypergradient whose training run is walked back instead of stored.

Run: ``python -m experiments.hypergrad.reversible_memory [--optimizer adam] [--steps 10000]``
(minutes). An MLP 784-50-50-50-10 on 5000 digits of MNIST in minibatches of 50; tuned are a rate
and a penalty for each layer, the momenta and the initial scale. Times are of one core.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from sciopt.hyperopt.config import HyperoptConfig
from sciopt.hyperopt.hypergradient.reversible import reversible
from sciopt.hyperopt.hypergradient.reversible.average import Average
from sciopt.hyperopt.hypergradient.reversible.ratios import ratio
from sciopt.hyperopt.problem import build_problem

_RATES = {"heavy-ball": 0.3, "momentum": 0.03, "adam": 0.001}


def settings(optimizer: str, steps: int, data_dir: str | None) -> HyperoptConfig:
    """The problem."""
    momenta = {"beta1": {"start": 0.9}, "beta2": {"start": 0.999}}
    return HyperoptConfig.model_validate(
        {
            "data": {
                "source": "mnist",
                "data_dir": data_dir,
                "train": 5000,
                "validation": 1000,
                "test": 100,
            },
            "model": {"name": "mlp", "hidden": [50, 50, 50]},
            "training": {"optimizer": optimizer, "steps": steps, "batch": 50},
            "hyperparameters": {
                "learning_rate": {"start": _RATES[optimizer], "per": "layer"},
                "init_scale": {"start": 0.1},
                "l2": {"start": 1e-5, "per": "layer"},
                **(momenta if optimizer == "adam" else {"momentum": {"start": 0.9}}),
            },
        }
    )


def memory_mb(name: str) -> float:
    """Memory of the process, MB: "VmRSS" now, "VmHWM" the most since `reset_peak`."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) * 1024 / 1e6


def reset_peak() -> None:
    """Forget how much memory loading the data took. Linux only."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def nanoseconds(optimizer: str, size: int, steps: int = 200) -> dict[str, float]:
    """Time of the buffers for each element and step, apart from gradients: there and back.

    Averages multiplied by momenta and added to, with all spills; medians over the steps.
    """
    rng = np.random.default_rng(0)
    found = {}
    betas = {"beta1": 0.9, "beta2": 0.999} if optimizer == "adam" else {"momentum": 0.9}
    nothing, gain = np.zeros(size), np.ones(1)
    for name, beta in betas.items():
        fraction, average = ratio(beta), Average(size, 2.0**48)
        average.step(rng.standard_normal(size), gain, fraction)
        times: dict[str, list[float]] = {"there": [], "back": []}
        for way, move in (("there", average.step), ("back", average.unstep)):
            for _ in range(steps):
                begin = time.perf_counter()
                move(nothing, gain, fraction)
                times[way].append(time.perf_counter() - begin)
        for way, seconds in times.items():
            found[f"{name} {way}"] = float(np.median(seconds)) / size * 1e9
    return found


def report(optimizer: str, steps: int, data_dir: str | None) -> None:
    """Take one hypergradient and print what it took."""
    problem = build_problem(settings(optimizer, steps, data_dir))
    size = problem.layout.size
    vector = problem.space.start
    buffer_times = nanoseconds(optimizer, size)  # and most kernels are compiled
    reset_peak()
    before = memory_mb("VmRSS")
    begin = time.perf_counter()
    found = reversible(problem, vector, 0)
    seconds = time.perf_counter() - begin
    peak = memory_mb("VmHWM")
    numbers = 3 if optimizer == "adam" else 2
    print(f"{optimizer}, {steps} steps, {size} weights; outer loss {found.loss:.6f}")
    if found.notices:
        print(*found.notices, sep="\n")
        return
    print("bit-exact return to the start: yes (it raises otherwise)")
    stored, theory = (found.diagnostics[f"{key}bits_per_element"] for key in ("", "theory_"))
    print(
        f"bits per element: {stored:.0f} in {numbers - 1} buffer(s), theory {theory:.1f}, so"
        f" {(stored - theory) / (numbers - 1):.1f} above it per buffer"
    )
    print(f"buffers: {found.diagnostics['buffer_mb']:.1f} MB")
    print(
        f"peak memory: {peak:.0f} MB for the whole process, of which {before:.0f} MB data and code"
        f" before it; stored states alone would take {8e-9 * numbers * size * steps:.1f} GB"
    )
    each = ", ".join(f"{key} {ns:.1f}" for key, ns in buffer_times.items())
    print(f"buffers, ns per element and step: {each}")
    print(f"hypergradient: {seconds:.1f} s, {1e3 * seconds / steps:.2f} ms per step")


def main() -> None:
    """Parse the command line and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--optimizer", choices=sorted(_RATES), default="heavy-ball")
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--data-dir", help="folder of MNIST's files")
    options = parser.parse_args()
    report(options.optimizer, options.steps, options.data_dir)


if __name__ == "__main__":
    main()
