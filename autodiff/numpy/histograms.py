"""Weights summed up by where other numbers fall: linear in the weights.

Which bin a number falls into is piecewise constant: nothing flows to the numbers or to the edges.
"""

from __future__ import annotations

from typing import Any

import numpy as onp

from ..tracer import getval
from .broadcasting import metadata
from .composed import composed
from .indexing import scatter
from .joining import asarray
from .wrapper import wrapped_namespace as anp


@composed("bincount")
def bincount(x: Any, /, weights: Any = None, minlength: int = 0) -> Any:
    """As numpy.bincount; the sums are float64, as NumPy's are."""
    places = onp.asarray(getval(x))
    counts = onp.bincount(places, minlength=minlength)
    return counts if weights is None else scatter(_doubles(weights), places, counts.shape)


def _doubles(weights: Any) -> Any:
    return anp["astype"](asarray(weights), float)


def _bins_of(values: Any, edges: Any) -> Any:
    """The bin of each value; -1 or the number of bins where it falls outside. The last is closed"""
    bins = onp.searchsorted(edges, values, side="right") - 1
    return onp.where(values == edges[-1], len(edges) - 2, bins)


@composed("histogramdd")
def histogramdd(
    sample: Any,
    bins: Any = 10,
    range: Any = None,  # noqa: A002
    density: Any = None,
    weights: Any = None,
) -> tuple[Any, Any]:
    """As numpy.histogramdd."""
    plain = _plain_sample(sample)
    counts, edges = onp.histogramdd(plain, getval(bins), range)
    if weights is None:
        return onp.histogramdd(plain, edges, density=density)[0], edges
    weights = _doubles(weights)
    places = [_bins_of(values, edge) for values, edge in zip(plain.T, edges)]
    inside = onp.all([(p >= 0) & (p < n) for p, n in zip(places, counts.shape)], axis=0)
    sums = scatter(weights[inside], tuple(p[inside] for p in places), counts.shape)
    if density:
        volumes = onp.ones(())
        for axis, edge in enumerate(edges):
            volumes = volumes * onp.diff(edge).reshape((-1,) + (1,) * (len(edges) - axis - 1))
        sums = sums / volumes / anp["sum"](sums)
    return sums, edges


def _plain_sample(sample: Any) -> Any:
    """The points, one per row."""
    plain = getval(sample)
    if isinstance(plain, (list, tuple)):
        return onp.atleast_2d([onp.asarray(getval(column)) for column in sample]).T
    return onp.asarray(plain) if onp.ndim(plain) == 2 else onp.atleast_2d(plain).T


@composed("histogram")
def histogram(
    a: Any,
    bins: Any = 10,
    range: Any = None,  # noqa: A002
    density: Any = None,
    weights: Any = None,
) -> tuple[Any, Any]:
    """As numpy.histogram."""
    values = onp.ravel(getval(asarray(a)))
    edges = onp.histogram_bin_edges(values, getval(bins), range)
    if weights is None:
        return onp.histogram(values, edges, density=density)
    weights = anp["ravel"](asarray(weights))
    sums, _ = histogramdd([values], [edges], None, density, weights)
    return (sums if density else anp["astype"](sums, metadata(weights).dtype)), edges


@composed("histogram2d")
def histogram2d(
    x: Any,
    y: Any,
    bins: Any = 10,
    range: Any = None,  # noqa: A002
    density: Any = None,
    weights: Any = None,
) -> tuple[Any, Any, Any]:
    """As numpy.histogram2d."""
    count = len(bins) if onp.ndim(bins) or isinstance(bins, (list, tuple)) else 1
    if count not in (1, 2):
        bins = [bins, bins]
    sums, (first, second) = histogramdd([x, y], bins, range, density, weights)
    return sums, first, second
