"""Elementary functions in compiled loops beside NumPy's: time per element, and error.

Run: ``python -m experiments.benchmarks.vector_math`` (two minutes on one core). Times are the
medians of interleaved repeats over 4096 elements in cache; errors the largest of some millions of
arguments, in units in the last place, against NumPy in long double (float64 for float32). Machines
differ and are shared: trust the ratios.
"""

from __future__ import annotations

import argparse
import ctypes
import functools
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

import autodiff.numpy as anp
from autodiff.compile import record
from autodiff.compile.llvm import math
from autodiff.compile.llvm.executable import executable
from autodiff.compile.lowering import lower
from autodiff.compile.passes import optimized
from autodiff.scipy.special import expit

SIZE = 4096
REPEATS, CALLS = 15, 40

Function = Callable[..., Any]
BODY_TYPE = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64, ctypes.c_void_p
)
"""What runs a program, see `autodiff.compile.llvm.program`."""


def compiled(name: str, dtype: type, arrays: Sequence[np.ndarray], out: np.ndarray) -> Function:
    """A function without arguments that computes `out` from the arrays, all of one size.

    The addresses are looked up once: for one array that takes as long as 500 elements.
    """
    function = expit if name == "sigmoid" else getattr(anp, name)
    ones = [np.ones_like(array) for array in arrays]
    code = executable(optimized(lower(record(function, *ones))))
    body = BODY_TYPE(code.body)
    held = [*arrays, out, code.new_workspace()]
    table = np.array([array.ctypes.data for array in held], np.int64)
    address = table.ctypes.data

    def run() -> None:
        body(address, 0, 1, None)

    run.keeps = code, held, table  # type: ignore[attr-defined]
    return run


def with_numpy(name: str) -> Function:
    if name == "sigmoid":
        return lambda x: 1 / (1 + np.exp(-x))
    return getattr(np, name)


def both(name: str, dtype: type, arrays: Sequence[np.ndarray]) -> tuple[Function, Function]:
    """The compiled function and NumPy's, on the same arrays, into arrays that exist."""
    out, numpys = np.empty(SIZE, dtype), np.empty(SIZE, dtype)
    function = with_numpy(name)
    theirs = functools.partial(function, *arrays)
    if isinstance(function, np.ufunc):
        theirs = functools.partial(function, *arrays, out=numpys)
    return compiled(name, dtype, arrays, out), theirs


def nanoseconds(functions: Sequence[Function]) -> list[float]:
    """Per element, each the median of repeats that take turns."""
    times: list[list[float]] = [[] for _ in functions]
    for _ in range(REPEATS):
        for function, found in zip(functions, times):
            start = time.perf_counter()
            for _ in range(CALLS):
                function()
            found.append((time.perf_counter() - start) / (CALLS * SIZE) * 1e9)
    return [statistics.median(found) for found in times]


def largest_error(name: str, dtype: type, points: int, rng: np.random.Generator) -> float:
    """In units in the last place, over arguments of every size and around 0 and 1."""
    x, out = np.empty(SIZE, dtype), np.empty(SIZE, dtype)
    compute = compiled(name, dtype, [x], out)
    wide = np.longdouble if dtype is np.float64 else np.float64
    worst = 0.0
    for round_ in range(max(1, points // SIZE)):
        x[:] = [
            rng.uniform(-1, 1, SIZE),
            rng.uniform(-30, 30, SIZE),
            np.exp(rng.uniform(-40, 7, SIZE)) * rng.choice([-1, 1], SIZE),
            1 + rng.uniform(-1, 1, SIZE) * np.exp(rng.uniform(-30, 0, SIZE)),
        ][round_ % 4]
        compute()
        exact = with_numpy(name)(x.astype(wide))
        rounded = exact.astype(dtype)
        finite = np.isfinite(rounded) & (rounded != 0)
        unit = np.spacing(np.abs(rounded[finite])).astype(wide)
        worst = max(worst, float(np.max(np.abs(out[finite] - exact[finite]) / unit)))
    return worst


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--points", type=int, default=4_000_000, help="arguments per error")
    parser.add_argument("--functions", nargs="*", default=list(math.FUNCTIONS))
    chosen = parser.parse_args(arguments)
    table = Table("function", "dtype", "ns compiled", "ns NumPy", "ratio", "largest error")
    rng = np.random.default_rng(0)
    for dtype in (np.float64, np.float32):
        for name in chosen.functions:
            count = 2 if name == "logaddexp" else 1
            arrays = [rng.uniform(0.1, 5, SIZE).astype(dtype) for _ in range(count)]
            ours, theirs = nanoseconds(both(name, dtype, arrays))
            error = "-"  # of logaddexp it is not bounded in units of a result that cancels
            if name != "logaddexp":
                with np.errstate(all="ignore"):
                    error = f"{largest_error(name, dtype, chosen.points, rng):.2f}"
            row = [f"{ours:.2f}", f"{theirs:.2f}", f"{ours / theirs:.2f}", error]
            table.add_row(name, dtype.__name__, *row)
    Console().print(table)


if __name__ == "__main__":
    main()
