"""Sets of numbers: which entries they hold is piecewise constant, and each entry is moved there.

Of equal entries the first has the derivative.
"""

from __future__ import annotations

from typing import Any

import numpy as onp

from ..tracer import getval
from .broadcasting import metadata
from .composed import composed
from .joining import asarray
from .wrapper import wrapped_namespace as anp


def _entries(x: Any, values: Any) -> Any:
    """The entries of the 1-D `x` that have these plain values, in their order."""
    plain = getval(x)
    order = onp.argsort(plain, kind="stable")
    return x[order[onp.searchsorted(plain, values, sorter=order)]]


def _joined(a: Any, b: Any) -> Any:
    return anp["concatenate"]((anp["ravel"](asarray(a)), anp["ravel"](asarray(b))))


def _plain(x: Any) -> Any:
    return onp.asarray(getval(asarray(x)))


@composed("unique_values")
def unique_values(x: Any) -> Any:
    """As numpy.unique_values, in its order."""
    flat = anp["ravel"](asarray(x))
    return _entries(flat, onp.unique_values(getval(flat)))


def _with_values(name: str) -> None:
    """A function that answers with a named tuple whose field `values` depends on x."""

    @composed(name)
    def found(x: Any) -> Any:
        flat = anp["ravel"](asarray(x))
        result = getattr(onp, name)(_plain(x))
        return result._replace(values=_entries(flat, result.values))


def _of_two(name: str) -> None:
    """A function of two sets that gives some of the entries of both."""

    @composed(name)
    def combined(ar1: Any, ar2: Any, assume_unique: bool = False) -> Any:
        options = {} if name == "union1d" else {"assume_unique": assume_unique}
        values = getattr(onp, name)(_plain(ar1), _plain(ar2), **options)
        return _entries(_joined(ar1, ar2), values)


for _name in ("unique_all", "unique_counts", "unique_inverse"):
    _with_values(_name)
for _name in ("union1d", "setdiff1d", "setxor1d"):
    _of_two(_name)


@composed("intersect1d")
def intersect1d(
    ar1: Any, ar2: Any, assume_unique: bool = False, return_indices: bool = False
) -> Any:
    """As numpy.intersect1d; the derivative is that of the entry in `ar1`."""
    _, first, second = onp.intersect1d(_plain(ar1), _plain(ar2), assume_unique, True)
    common = anp["ravel"](asarray(ar1))[first]
    return (common, first, second) if return_indices else common


@composed("histogram_bin_edges")
def histogram_bin_edges(a: Any, bins: Any = 10, range: Any = None, weights: Any = None) -> Any:  # noqa: A002
    """As numpy.histogram_bin_edges: they move with the least and the greatest number.

    How many there are does not vary, for the rules that derive it from the numbers.
    """
    if metadata(bins).shape:
        return bins
    plain = onp.histogram_bin_edges(_plain(a), getval(bins), getval(range), getval(weights))
    numbers = asarray(a)
    low, high = range if range is not None else (anp["min"](numbers), anp["max"](numbers))
    if getval(low) == getval(high):
        low, high = low - 0.5, high + 0.5
    return anp["linspace"](low, high, len(plain))
