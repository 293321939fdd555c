"""Arrays taken apart along an axis, into lists or tuples of their parts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as onp

from ..tracer import getval
from .broadcasting import metadata
from .composed import composed


def _pieces(x: Any, ends: list[int], axis: int) -> list[Any]:
    parts = map(slice, [0, *ends], [*ends, None])
    return [x[place] for place in _places(axis, parts)]


def _places(axis: int, indices: Iterable[Any]) -> list[tuple[Any, ...]]:
    """Indices along an axis, as indices of the array."""
    return [(slice(None),) * axis + (index,) for index in indices]


@composed("array_split")
def array_split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    """As numpy.array_split."""
    shape = metadata(ary).shape
    axis = _normalized(axis, len(shape))
    where = getval(indices_or_sections)
    if onp.ndim(where):
        return _pieces(ary, [int(end) for end in where], axis)
    if where <= 0:
        raise ValueError(f"array_split: the number of parts must be positive, got {where}")
    shorter, longer = divmod(shape[axis], int(where))
    sizes = [shorter + 1] * longer + [shorter] * (int(where) - longer)
    return _pieces(ary, onp.cumsum(sizes[:-1], dtype=int).tolist(), axis)


@composed("split")
def split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    """As numpy.split: the parts have one length."""
    shape = metadata(ary).shape
    where = getval(indices_or_sections)
    if not onp.ndim(where) and shape[_normalized(axis, len(shape))] % where:
        raise ValueError(f"split: an axis of length {shape[axis]} has no {where} equal parts")
    return array_split(ary, where, axis)


@composed("hsplit")
def hsplit(ary: Any, indices_or_sections: Any) -> list[Any]:
    """As numpy.hsplit."""
    return split(ary, indices_or_sections, 1 if _rank(ary, "hsplit", 1) > 1 else 0)


@composed("vsplit")
def vsplit(ary: Any, indices_or_sections: Any) -> list[Any]:
    """As numpy.vsplit."""
    _rank(ary, "vsplit", 2)
    return split(ary, indices_or_sections, 0)


@composed("dsplit")
def dsplit(ary: Any, indices_or_sections: Any) -> list[Any]:
    """As numpy.dsplit."""
    _rank(ary, "dsplit", 3)
    return split(ary, indices_or_sections, 2)


@composed("unstack")
def unstack(x: Any, /, *, axis: int = 0) -> tuple[Any, ...]:
    """As numpy.unstack: the entries along an axis."""
    shape = metadata(x).shape
    if not shape:
        raise ValueError("unstack: the array has no axes")
    axis = _normalized(axis, len(shape))
    return tuple(x[place] for place in _places(axis, range(shape[axis])))


def _normalized(axis: int, rank: int) -> int:
    return range(rank)[axis]


def _rank(x: Any, name: str, least: int) -> int:
    rank = len(metadata(x).shape)
    if rank < least:
        raise ValueError(f"{name}: the array must have {least} or more axes, it has {rank}")
    return rank
