"""Memory of a process that compiles, loads, calls and drops one program after the other.

Run: ``python -m experiments.benchmarks.compilations`` (half a minute). LLVM's own tables grow over
the first hundred; from then on the resident size should stay.
"""

from __future__ import annotations

import argparse
import ctypes
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from llvmlite import ir

from autodiff.compile.llvm import engine, math
from autodiff.compile.llvm.arrays import contiguous
from autodiff.compile.llvm.loops import map_elements


def resident() -> float:
    """MB of this process in memory, as Linux counts them."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def compile_and_call(size: int) -> None:
    module = ir.Module()
    x, out = np.ones(size), np.empty(size)
    ends = [contiguous(k, float, (size,)) for k in range(2)]
    map_elements(
        module, "f", (size,), ends[:1], ends[1:],
        lambda builder, value: math.call(builder, "exp", math.call(builder, "sin", value)),
    )  # fmt: skip
    library = engine.Library(engine.compile_object(module), ["f"])
    library.function("f", ctypes.c_void_p, ctypes.c_void_p)(x.ctypes.data, out.ctypes.data)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--count", type=int, default=500)
    count = parser.parse_args(arguments).count
    for k in range(count + 1):
        if k % max(1, count // 10) == 0:
            print(f"{k:5d} compilations  {resident():7.1f} MB")
        compile_and_call(16 + k)


if __name__ == "__main__":
    main()
