"""Measure coverage and print the summary, what is missing, and on request write the tables."""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

import numpy as np

from .calls import CALLS
from .numpy_functions import differentiable_names, unknown_names
from .registry import families, registered
from .report import Row, markdown, summary
from .scipy_calls import listed_calls, special_calls, stats_calls
from .support import Form, Library, expected_slope, in_jax, support


def library(package: str) -> Library | None:
    """The library of this name, if it is installed."""
    try:
        module = import_module(package)
    except ImportError:
        return None
    return Library(package, module.grad, module.make_jvp)


def measured(calls: Iterable[tuple[str, Form]]) -> list[Row]:
    """One row for each call that this NumPy or SciPy can do."""
    ours, autograd = library("autodiff"), library("autograd")
    assert ours is not None
    rows = []
    for path, form in calls:
        try:
            slope = expected_slope(path, form)
        except (AttributeError, ImportError):
            continue  # not in this version
        if np.isfinite(slope):
            theirs = autograd and support(autograd, path, form)
            rows.append(Row(path, support(ours, path, form), theirs, in_jax(path)))
    return rows


def numpy_calls() -> Iterable[tuple[str, Form]]:
    """(path, form) for NumPy's differentiable functions."""
    return ((f"numpy.{name}", CALLS[name]) for name in differentiable_names())


def sections() -> dict[str, list[Row]]:
    """Everything measured, by family."""
    listed = measured(listed_calls())
    return {
        "NumPy": measured(numpy_calls()),
        "scipy.special": measured(special_calls()),
        "scipy.linalg, signal, integrate": listed,
        "scipy.stats, log densities": measured(stats_calls()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the tables as Markdown")
    options = parser.parse_args()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the peers', and SciPy's at odd points
        found = sections()
    print(summary(found))
    for title, rows in found.items():
        missing = [row.path for row in rows if not all(row.ours)]
        print(f"{title}, not in both modes: {' '.join(missing) or 'none'}\n")
    if unknown_names():
        print("unknown names of this NumPy:", " ".join(unknown_names()))
    if options.write:
        text = markdown(found, unknown_names(), registered(), families())
        options.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
