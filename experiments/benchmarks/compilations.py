"""Memory of a process that compiles programs, calls them and drops them, one after the other.

Run: ``python -m experiments.benchmarks.compilations`` (a minute). Each program is compiled with its
gradient and runs a loop too, on two threads where there are. LLVM's own tables grow over the first
hundred; from then on the resident size should stay, and so it should over many calls of one.
"""

from __future__ import annotations

import argparse
import gc
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as onp

import autodiff.numpy as np
from autodiff import compiled, grad, unroll
from autodiff.compile import steps


def resident() -> float:
    """MB of this process in memory, as Linux counts them."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def program(k: int) -> Callable[[onp.ndarray], onp.ndarray]:
    """A compiled gradient that no other k has, of a sum, a product, a gather and a loop."""

    def step(state: onp.ndarray, x: onp.ndarray) -> onp.ndarray:
        return np.tanh(state) + x * (0.1 + 1e-3 * k)

    def loss(x: onp.ndarray) -> onp.ndarray:
        rows = x[onp.arange(4) * k % len(x)]
        return np.sum(np.sin(x @ rows.T) ** 2) + np.sum(unroll(step, x[0], x, compiled=True))

    return compiled(grad(loss))


def compile_and_call(k: int) -> None:
    """Compile a program, call it, and forget it."""
    x = onp.linspace(0.0, 1.0, 8 * (16 + k % 7)).reshape(-1, 8)
    program(k)(x)
    steps._families.clear()  # steps of loops are kept for another time otherwise
    gc.collect()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--count", type=int, default=500, help="programs to compile")
    parser.add_argument("--calls", type=int, default=100_000, help="calls of one of them")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["AUTODIFF_CACHE_DIR"] = folder  # nothing is found, and nothing stays
        for k in range(options.count + 1):
            if k % max(1, options.count // 10) == 0:
                print(f"{k:6d} compilations  {resident():7.1f} MB")
            compile_and_call(k)
        fun, x = program(0), onp.linspace(0.0, 1.0, 128).reshape(-1, 8)
        for k in range(options.calls + 1):
            if k % max(1, options.calls // 5) == 0:
                print(f"{k:6d} calls         {resident():7.1f} MB")
            fun(x)


if __name__ == "__main__":
    main()
