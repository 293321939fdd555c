"""Arrays made from numbers: constant fillings, ranges, grids.

`mgrid`, `ogrid`, `s_`, `index_exp`, `eye`, `identity`, `tri`, `indices` and the like make arrays
from plain numbers: they are NumPy's own.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as onp

from ..tracer import box_types, getval, undifferentiated
from .broadcasting import metadata
from .composed import composed
from .joining import asarray
from .reductions import SMALL, spread_from
from .wrapper import wrapped_namespace as anp

_FLOAT = onp.dtype(float)

# -- constant fillings -----------------------------------------------------------------------------


@composed("full")
def full(shape: Any, fill_value: Any, dtype: Any = None, order: Any = "C", **options: Any) -> Any:
    """As numpy.full."""
    value = asarray(fill_value, dtype)
    shape = (int(shape),) if onp.ndim(shape) == 0 else tuple(map(int, shape))
    given = metadata(value).shape
    if order == "C" and len(given) <= len(shape) and prod(shape) <= SMALL:
        return spread_from(value, (1,) * (len(shape) - len(given)) + given, shape)
    return anp["copy"](anp["broadcast_to"](value, shape), order)


@composed("full_like")
def full_like(
    a: Any, fill_value: Any, dtype: Any = None, order: Any = "K", subok: bool = True,
    shape: Any = None, **options: Any,
) -> Any:  # fmt: skip
    """As numpy.full_like: with the dtype of `a`, unless another is given."""
    like = metadata(a)
    return full(like.shape if shape is None else shape, fill_value, dtype or like.dtype)


# -- ranges ----------------------------------------------------------------------------------------


@composed("arange")
def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = None, **options: Any) -> Any:
    """As numpy.arange; start and step are differentiated, the number of entries is constant.

    The k-th entry is start + k step: `stop` only says how many there are.
    """
    if stop is None:
        start, stop = 0, start
    bounds: list[Any] = [getval(start), getval(stop), getval(step)]
    plain = onp.arange(*bounds, dtype=dtype)
    entries = start + onp.arange(len(plain)).astype(plain.dtype) * step
    return anp["astype"](entries, plain.dtype)


@composed("linspace")
def linspace(
    start: Any, stop: Any, num: int = 50, endpoint: bool = True, retstep: bool = False,
    dtype: Any = None, axis: int = 0, **options: Any,
) -> Any:  # fmt: skip
    """As numpy.linspace, with ends that may be traced."""
    count = int(num)
    intervals = count - 1 if endpoint else count
    start, stop = _as_ends(start, stop, onp.linspace)
    kind = metadata(start).dtype
    rank = max(len(metadata(start).shape), len(metadata(stop).shape))
    part = _fractions(count, intervals, kind).reshape(count, *(1,) * rank)
    made = _moved(start * (1 - part) + stop * part, axis)
    made = made if dtype is None else anp["astype"](made, dtype)
    if not retstep:
        return made
    return made, (stop - start) / intervals if intervals > 0 else onp.nan


def _fractions(count: int, intervals: int, kind: Any) -> Any:
    """0 at the start, 1 at the stop; real, in the precision of `kind`."""
    return (onp.arange(count) / max(intervals, 1)).astype(onp.empty(0, kind).real.dtype, copy=False)


def _as_ends(start: Any, stop: Any, like: Callable[..., Any]) -> tuple[Any, Any]:
    """Both ends, in the dtype that NumPy's function `like` gives its result."""
    start, stop = (asarray(x) if isinstance(x, (list, tuple)) else x for x in (start, stop))
    kinds = {metadata(start).dtype, metadata(stop).dtype}
    if kinds == {_FLOAT}:
        return start, stop
    kind = like(*(onp.ones_like(onp.empty((), metadata(x).dtype)) for x in (start, stop)), 2).dtype
    return anp["astype"](start, kind), anp["astype"](stop, kind)


def _moved(made: Any, axis: int) -> Any:
    return made if axis == 0 else anp["moveaxis"](made, 0, axis)


@composed("logspace")
def logspace(
    start: Any, stop: Any, num: int = 50, endpoint: bool = True, base: Any = 10.0,
    dtype: Any = None, axis: int = 0,
) -> Any:  # fmt: skip
    """As numpy.logspace; the base may be traced, and an array."""
    start, stop, base = (
        asarray(x) if isinstance(x, (list, tuple)) else x for x in (start, stop, base)
    )
    rank = max(len(metadata(x).shape) for x in (start, stop, base))
    exponents = linspace(_led(start, rank), _led(stop, rank), num, endpoint)
    if metadata(base).shape:
        base = _led(base, rank)
    made = _moved(anp["power"](base, exponents), axis)
    return made if dtype is None else anp["astype"](made, dtype)


def _led(x: Any, rank: int) -> Any:
    """x with axes of length 1 in front, up to `rank` of them."""
    shape = metadata(x).shape
    missing = rank - len(shape)
    return anp["reshape"](x, (1,) * missing + shape) if missing else x


def _has_zero(end: Any) -> bool:
    """Whether an end is 0, as far as can be told: a recorded one may be anything."""
    plain = undifferentiated(end)
    return type(plain) not in box_types and bool(onp.any(plain == 0))


@composed("geomspace")
def geomspace(
    start: Any, stop: Any, num: int = 50, endpoint: bool = True, dtype: Any = None, axis: int = 0
) -> Any:
    """As numpy.geomspace: start (stop / start)**t for t from 0 to 1.

    Raises:
        ValueError: an end is 0.
    """
    start, stop = (asarray(x) if isinstance(x, (list, tuple)) else x for x in (start, stop))
    if any(map(_has_zero, (start, stop))):
        raise ValueError("geomspace: neither end may be 0")
    count = int(num)
    start, stop = _as_ends(start, stop, onp.geomspace)
    kind = metadata(start).dtype
    rank = max(len(metadata(start).shape), len(metadata(stop).shape))
    part = _fractions(count, count - 1 if endpoint else count, kind)
    growth = part.reshape(count, *(1,) * rank) * anp["log"](stop / start)
    made = _moved(start * anp["exp"](growth), axis)
    return made if dtype is None else anp["astype"](made, dtype)


# -- grids -----------------------------------------------------------------------------------------


@composed("meshgrid")
def meshgrid(*xi: Any, copy: bool = True, sparse: bool = False, indexing: str = "xy") -> Any:
    """As numpy.meshgrid."""
    if indexing not in ("xy", "ij"):
        raise ValueError(f"meshgrid: indexing must be 'xy' or 'ij', got {indexing!r}")
    order = list(range(len(xi)))
    if indexing == "xy" and len(xi) > 1:
        order[:2] = [1, 0]
    shaped = []
    for x, axis in zip(xi, order):
        shape = [1] * len(xi)
        shape[axis] = -1
        shaped.append(anp["reshape"](asarray(x), tuple(shape)))
    grids = tuple(shaped) if sparse else broadcast_arrays(*shaped)
    return _like_numpys(tuple(map(anp["copy"], grids)) if copy else grids)


@composed("broadcast_arrays")
def broadcast_arrays(*args: Any, subok: bool = False) -> Any:
    """As numpy.broadcast_arrays."""
    shape = onp.broadcast_shapes(*(metadata(x).shape for x in args))
    return _like_numpys(tuple(anp["broadcast_to"](asarray(x), shape) for x in args))


_SEQUENCE: Any = type(onp.broadcast_arrays(0))  # a list before NumPy 2.0


def _like_numpys(arrays: tuple[Any, ...]) -> Any:
    return _SEQUENCE(arrays)


@composed("ix_")
def ix_(*args: Any) -> tuple[Any, ...]:
    """As numpy.ix_."""
    made = []
    for k, x in enumerate(args):
        x = asarray(x)
        if len(metadata(x).shape) != 1:
            raise ValueError("ix_: every argument must have one axis")
        if metadata(x).dtype == onp.bool_:
            x = onp.flatnonzero(x)
        made.append(anp["reshape"](x, (1,) * k + (-1,) + (1,) * (len(args) - k - 1)))
    return tuple(made)
