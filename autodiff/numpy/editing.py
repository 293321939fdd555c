"""Arrays with entries put in or taken out, or an axis moved."""

from __future__ import annotations

from typing import Any

import numpy as onp

from ..tracer import getval
from .broadcasting import metadata
from .composed import composed
from .joining import asarray
from .shaping import concatenate_args
from .wrapper import wrapped_namespace as anp


def _along(x: Any, axis: int | None) -> tuple[Any, int]:
    """The array that an axis counts in: the ravelled one, where there is none."""
    x = asarray(x)
    shape = metadata(x).shape
    if axis is None:
        return (x if len(shape) == 1 else anp["ravel"](x)), 0
    return x, range(len(shape))[axis]


def _pick(x: Any, source: Any, axis: int) -> Any:
    place = (slice(None),) * axis + (source,)
    return x[place]


@composed("delete")
def delete(arr: Any, obj: Any, axis: int | None = None) -> Any:
    """As numpy.delete."""
    arr, axis = _along(arr, axis)
    kept = onp.delete(onp.arange(metadata(arr).shape[axis]), _plain_places(obj))
    return _pick(arr, kept, axis)


def _plain_places(obj: Any) -> Any:
    return obj if isinstance(obj, slice) else getval(obj)


@composed("insert")
def insert(arr: Any, obj: Any, values: Any, axis: int | None = None) -> Any:
    """As numpy.insert: the new entries are cast to the dtype of `arr`."""
    arr, axis = _along(arr, axis)
    shape, dtype = metadata(arr)
    n, places = shape[axis], _plain_places(obj)
    if isinstance(places, slice):
        places = onp.arange(n)[places]
    places = onp.asarray(places)
    if places.dtype == onp.bool_:
        places = onp.flatnonzero(places)
    values = anp["astype"](asarray(values), dtype)
    missing = len(shape) - len(metadata(values).shape)
    if missing > 0:
        values = anp["reshape"](values, (1,) * missing + metadata(values).shape)
    if places.ndim == 0:
        # NumPy's rule: at a single place, the first axis of `values` counts the new entries.
        values = anp["moveaxis"](values, 0, axis)
    count = metadata(values).shape[axis] if places.size == 1 else places.size
    wanted = (*shape[:axis], count, *shape[axis + 1 :])
    both = concatenate_args(axis, arr, anp["broadcast_to"](values, wanted))
    # The same insertion, done to positions, says where each entry comes from.
    at = places.reshape(()) if places.size == 1 else places
    order = onp.insert(onp.arange(n), at, n + onp.arange(count))
    return _pick(both, order, axis)


@composed("resize")
def resize(a: Any, new_shape: Any) -> Any:
    """As numpy.resize: the entries over again until the new shape is full."""
    flat, _ = _along(a, None)
    shape = (int(new_shape),) if onp.ndim(new_shape) == 0 else tuple(map(int, new_shape))
    if any(n < 0 for n in shape):
        raise ValueError(f"resize: the lengths of axes must not be negative, got {shape}")
    wanted, have = int(onp.prod(shape)), metadata(flat).shape[0]
    if have == 0:
        return onp.zeros(shape, metadata(flat).dtype)
    if wanted > have:
        flat = anp["tile"](flat, -(-wanted // have))
    return anp["reshape"](flat[:wanted], shape)


@composed("rollaxis")
def rollaxis(a: Any, axis: int, start: int = 0) -> Any:
    """As numpy.rollaxis."""
    rank = len(metadata(a).shape)
    axis, start = range(rank)[axis], range(rank + 1)[start if start >= 0 else start + rank]
    return anp["moveaxis"](a, axis, start - 1 if axis < start else start)


@composed("trim_zeros")
def trim_zeros(filt: Any, trim: str = "fb", axis: Any = None) -> Any:
    """As numpy.trim_zeros: what is zero is seen from the values, and not differentiated."""
    filt = asarray(filt)
    nonzero = onp.argwhere(getval(filt))
    rank = len(metadata(filt).shape)
    axes = range(rank) if axis is None else [a % rank for a in onp.atleast_1d(axis)]
    part = [slice(None)] * rank
    for a in axes:
        if len(nonzero) == 0:
            part[a] = slice(0, 0)
        else:
            first = int(nonzero[:, a].min()) if "f" in trim.lower() else 0
            last = int(nonzero[:, a].max()) + 1 if "b" in trim.lower() else None
            part[a] = slice(first, last)
    return filt[tuple(part)]
