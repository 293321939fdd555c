"""Single functions on large arrays: forward and backward, beside Autograd in one process.

Run: ``python -m experiments.benchmarks.large_arrays`` (two minutes). For every function that both
libraries differentiate, one call and one pull-back of a random cotangent, on about 1e4 and 1e6
entries (linear algebra: matrices of 100 and 300 rows). The results are compared first. No function
should be slower than Autograd's; of single figures, 10 % is noise.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import warnings
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from .large_cases import CASES
from .small_functions import median_times

BAR, NOISE = 1.0, 0.1
TOLERANCE = 1e-8  # relative to the largest entry: matrices of 300 rows are that well conditioned


class Figures(NamedTuple):
    """Median CPU microseconds of one case at one size."""

    ours: float
    theirs: float

    @property
    def ratio(self) -> float:
        """Ours over theirs."""
        return self.ours / self.theirs


def library(name: str) -> SimpleNamespace:
    """The namespaces of a library with Autograd's interface, and its make_vjp."""

    def module(path: str) -> Any:
        return importlib.import_module(f"{name}.{path}")

    return SimpleNamespace(
        name=name,
        make_vjp=importlib.import_module(name).make_vjp,
        np=module("numpy"),
        special=module("scipy.special"),
        stats=module("scipy.stats"),
        linalg=module("scipy.linalg"),
        signal=module("scipy.signal"),
    )


def differentiated(expression: str, name: str, args: dict[str, Any], lib: Any) -> Any:
    """A call that evaluates the expression and pulls a cotangent back to the argument `name`."""
    code = compile(expression, expression, "eval")

    def fun(argument: Any) -> Any:
        return eval(code, {**vars(lib), **args, name: argument})

    rng = np.random.default_rng(1)
    value = np.asarray(fun(args[name]))
    g: Any = rng.standard_normal(value.shape)
    if value.dtype.kind == "c":
        g = g + 1j * rng.standard_normal(value.shape)
    g = g if value.shape else value.dtype.type(g)
    make_vjp = lib.make_vjp(fun)

    def run() -> Any:
        vjp, _ = make_vjp(args[name])
        return vjp(g)

    return run


def compare(
    expression: str, name: str, args: dict[str, Any], libs: Sequence[Any], rounds: int
) -> Figures | None:
    """Time an expression; None where Autograd fails, or finds something else."""
    calls = {lib.name: differentiated(expression, name, args, lib) for lib in libs}
    ours = np.asarray(calls["autodiff"]())
    try:
        theirs = np.asarray(calls["autograd"]())
    except Exception:  # noqa: BLE001  (whatever its rules do on this NumPy)
        return None
    scale = np.max(np.abs(ours), initial=1e-300)
    if ours.shape != theirs.shape or not np.max(np.abs(ours - theirs)) <= TOLERANCE * scale:
        return None
    times = median_times(calls, rounds, 0.01)
    return Figures(times["autodiff"], times["autograd"])


def measure(sizes: Sequence[int], rounds: int, only: str = "") -> Table:
    """The table of all cases and sizes, the slowest against Autograd first.

    Args:
        only: measure the cases with this in their expression.
    """
    libs = [library("autodiff"), library("autograd")]
    gc.collect()
    gc.freeze()
    found: list[tuple[str, list[Figures | None]]] = []
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # Autograd's own, on NumPy 2
        for expression, arguments in CASES:
            for name in ("x", "y"):
                if only in expression and name in arguments(16):
                    row = [compare(expression, name, arguments(n), libs, rounds) for n in sizes]
                    found.append((_label(expression, name, arguments(16)), row))
    table = Table(title="ours / Autograd, forward + backward (our microseconds)")
    table.add_column("function")
    for n in sizes:
        table.add_column(f"{n:,} entries", justify="right")
    for label, row in sorted(found, key=lambda item: -_worst(item[1])):
        table.add_row(escape(label), *map(_cell, row))
    slower = sum(_worst(row) > BAR + NOISE for _, row in found)
    table.add_section()
    table.add_row(f"slower by more than {NOISE:.0%} (bar: none)", f"{slower} of {len(found)}")
    return table


def _label(expression: str, name: str, args: dict[str, Any]) -> str:
    """The expression, what is differentiated, and the kind of its arguments."""
    ranks = ", ".join(f"{key} of {np.ndim(value)} axes" for key, value in args.items())
    return f"{expression}, d{name} ({ranks})" if len(args) > 1 else f"{expression} ({ranks})"


def _worst(row: Sequence[Figures | None]) -> float:
    return max((figures.ratio for figures in row if figures), default=0.0)


def _cell(figures: Figures | None) -> str:
    return "-" if figures is None else f"{figures.ratio:.2f} ({figures.ours:.0f})"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, prog="python -m experiments.benchmarks.large_arrays"
    )
    parser.add_argument("--rounds", type=int, default=5, help="timings of which the median counts")
    parser.add_argument("--only", default="", help="measure expressions with this in them")
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[10_000, 1_000_000], help="numbers of entries"
    )
    options = parser.parse_args(arguments)
    Console(width=120).print(measure(options.sizes, options.rounds, options.only))


if __name__ == "__main__":
    main()
