"""Median, quantiles and percentiles: sorted entries, weighted by where the quantile lies.

A quantile by any of NumPy's methods is a mean of two neighbours in the sorted order, and which two,
with what weights, depends on their number alone. So it is read off NumPy's own answer for the
entries 0, 1, 2, ...: that answer is a position. The probabilities are not differentiated.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as onp

from ..tracer import box_types, undifferentiated
from .broadcasting import match_dtype, metadata
from .composed import composed, holds_box, refuse
from .joining import asarray
from .reductions import Axis, as_rows, kept_shape
from .selection import take_along_axis
from .wrapper import wrapped_namespace as anp


def _position(n: int, q: Any, method: Any) -> Any:
    """Where the quantiles q lie among n sorted entries, from 0 to n - 1."""
    if n == 0:
        return onp.zeros(q.shape)
    return onp.asarray(onp.quantile(onp.arange(n, dtype=float), q, method=method))


def _quantile(
    name: str, x: Any, q: Any, axis: Axis, keepdims: Any, method: Any, skip_nan: bool,
    **refused: Any,
) -> Any:  # fmt: skip
    refuse(name, **refused)
    if holds_box(q):
        raise NotImplementedError(f"the derivative of {name} in its probabilities is not defined")
    x = asarray(x)
    dtype = onp.quantile(onp.zeros(1, metadata(x).dtype), q, method=method).dtype
    q = onp.asarray(q, float)
    axis = tuple(axis) if isinstance(axis, list) else axis
    rows = as_rows(x, axis)
    plain = undifferentiated(rows)
    n = metadata(rows).shape[-1]
    nan = anp["isnan"](plain)
    counts = anp["sum"](anp["logical_not"](nan), -1)
    recorded = type(plain) in box_types  # then the code must hold for any values
    if skip_nan:
        if not recorded and not onp.all(counts):
            warnings.warn("All-NaN slice encountered", RuntimeWarning, stacklevel=4)
        at = anp["take"](
            onp.stack([_position(k, q, method).ravel() for k in range(n + 1)]), counts, 0
        )
    else:
        at = onp.broadcast_to(_position(n, q, method).ravel(), (*metadata(rows).shape[:-1], q.size))
    low, high = (anp["astype"](anp[name](at), int) for name in ("floor", "ceil"))
    # NaNs come last in the order, so that they are out of the way.
    if recorded and skip_nan:
        order = anp["argsort"](plain, -1)
    else:
        order = anp["argpartition"](plain, onp.unique([low, high]), -1)
    below, above = (
        take_along_axis(rows, anp["take_along_axis"](order, k, -1), -1) for k in (low, high)
    )
    found = match_dtype(below + anp["astype"](at - low, dtype) * (above - below), dtype)
    if not skip_nan and (recorded or onp.any(nan)):
        found = anp["where"](anp["any"](nan, -1, keepdims=True), onp.nan, found)
    shape = kept_shape(metadata(x).shape, axis) if keepdims is True else metadata(rows).shape[:-1]
    return anp["reshape"](anp["moveaxis"](found, -1, 0), q.shape + shape)


@composed("quantile")
def quantile(
    a: Any, q: Any, axis: Axis = None, out: Any = None, overwrite_input: bool = False,
    method: str = "linear", keepdims: Any = False, *, weights: Any = None, **deprecated: Any,
) -> Any:  # fmt: skip
    """As numpy.quantile, by any of its methods, without weights."""
    refused = {"out": out, "weights": weights, **deprecated}
    return _quantile("quantile", a, q, axis, keepdims, method, False, **refused)


@composed("nanquantile")
def nanquantile(
    a: Any, q: Any, axis: Axis = None, out: Any = None, overwrite_input: bool = False,
    method: str = "linear", keepdims: Any = False, *, weights: Any = None, **deprecated: Any,
) -> Any:  # fmt: skip
    """As numpy.nanquantile, by any of its methods, without weights."""
    refused = {"out": out, "weights": weights, **deprecated}
    return _quantile("nanquantile", a, q, axis, keepdims, method, True, **refused)


@composed("percentile")
def percentile(
    a: Any, q: Any, axis: Axis = None, out: Any = None, overwrite_input: bool = False,
    method: str = "linear", keepdims: Any = False, *, weights: Any = None, **deprecated: Any,
) -> Any:  # fmt: skip
    """As numpy.percentile, by any of its methods, without weights."""
    refused = {"out": out, "weights": weights, **deprecated}
    return _quantile("percentile", a, _hundredth(q), axis, keepdims, method, False, **refused)


@composed("nanpercentile")
def nanpercentile(
    a: Any, q: Any, axis: Axis = None, out: Any = None, overwrite_input: bool = False,
    method: str = "linear", keepdims: Any = False, *, weights: Any = None, **deprecated: Any,
) -> Any:  # fmt: skip
    """As numpy.nanpercentile, by any of its methods, without weights."""
    refused = {"out": out, "weights": weights, **deprecated}
    return _quantile("nanpercentile", a, _hundredth(q), axis, keepdims, method, True, **refused)


def _hundredth(q: Any) -> Any:
    if isinstance(q, (int, float)):
        return q / 100
    return q if holds_box(q) else onp.asarray(q, float) / 100


@composed("median")
def median(
    a: Any, axis: Axis = None, out: Any = None, overwrite_input: bool = False, keepdims: Any = False
) -> Any:
    """As numpy.median. Of an even number of entries the two in the middle share the derivative."""
    return _quantile("median", a, 0.5, axis, keepdims, "linear", False, out=out)


@composed("nanmedian")
def nanmedian(
    a: Any, axis: Axis = None, out: Any = None, overwrite_input: bool = False, keepdims: Any = False
) -> Any:
    """As numpy.nanmedian."""
    return _quantile("nanmedian", a, 0.5, axis, keepdims, "linear", True, out=out)
