"""Lowering of indexing: reading entries, and writing them into a new array."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as onp

from ..numpy import assignment, indexing
from .emitting import Emitter, Lowering, NotLoweredError, Ref
from .ir import Builder, Number, Params
from .lower_shapes import array
from .operations import Group, Slot

Parts = list[tuple[int, int, int]]


def basic(index: Any, shape: tuple[int, ...]) -> tuple[Parts, tuple[int, ...]] | None:
    """An index of numbers, slices, None and Ellipsis as one (start, step, count) for each axis.

    Returns: those, and the shape without the axes that numbers take away and with new ones; None
    for another index.
    """
    each = index if isinstance(index, tuple) else (index,)
    if any(isinstance(part, bool) or not isinstance(part, indexing.BASIC) for part in each):
        return None
    taken = sum(part is not None and part is not Ellipsis for part in each)
    hidden = [slice(None)] * (len(shape) - taken)
    at = [k for k, part in enumerate(each) if part is Ellipsis]
    place = at[0] if at else len(each)
    each = (*each[:place], *hidden, *each[place + 1 :])
    parts: Parts = []
    result: list[int] = []
    for part in each:
        if part is None:
            result.append(1)
            continue
        length = shape[len(parts)]
        if isinstance(part, slice):
            start, stop, step = part.indices(length)
            count = len(range(start, stop, step))
            parts.append((start, step, count) if count else (0, 1, 0))
            result.append(count)
        else:
            parts.append((int(part) % length if length else 0, 1, 1))
    return parts, tuple(result)


def _without_refs(index: Any) -> Any:
    """An index of plain parts only, or NotLoweredError."""
    if isinstance(index, (Ref, Group, onp.ndarray, list)):
        raise NotLoweredError
    if isinstance(index, tuple):
        return tuple(map(_without_refs, index))
    return index


def _arrays_in(index: Any, builder: Builder, operands: list[Number]) -> Any:
    """The form of an index; the values in it are appended to `operands`."""
    if isinstance(index, tuple):
        entries = tuple(entry for part in index for entry in _entries(part, builder, operands))
        return Group(tuple, tuple(range(len(entries))), entries)
    entries = _entries(index, builder, operands)
    return Group(tuple, tuple(range(len(entries))), entries) if len(entries) > 1 else entries[0]


def _entries(part: Any, builder: Builder, operands: list[Number]) -> tuple[Any, ...]:
    """The form of one part of an index. A constant mask becomes the places where it is true."""
    if isinstance(part, list) and part and all(type(k) is int for k in part):
        return (_slot(builder.constant(onp.asarray(part)), operands),)
    if isinstance(part, Ref):
        value = builder.values[part.number]
        if value.dtype.kind != "b":
            return (_slot(part.number, operands),)
        if value.op != "constant" or not value.shape:
            raise NotLoweredError
        places = onp.nonzero(value.param("data").array)
        return tuple(_slot(builder.constant(each), operands) for each in places)
    if isinstance(part, bool) or not isinstance(part, indexing.BASIC):
        raise NotLoweredError
    if isinstance(part, slice):
        ends = (part.start, part.stop, part.step)
        return (Group(slice, (0, 1, 2), tuple(_without_refs(end) for end in ends)),)
    return (part,)


def _slot(number: Number, operands: list[Number]) -> Slot:
    operands.append(number)
    return Slot(len(operands) - 1)


def getitem(emitter: Emitter, x: Any, index: Any) -> Number:
    """x[index]."""
    number = array(x)
    found = basic(index, emitter.value(number).shape)
    if found is not None:
        parts, shape = found
        return emitter.reshape(emitter.slice(number, parts), shape)
    operands = [number]
    params: Params = (("index", _arrays_in(index, emitter.builder, operands)),)
    wanted = emitter.operation
    if wanted.shares:
        params += (("shares", True),)
    return emitter.add("gather", operands, wanted.shape or (), wanted.dtype, params=params)


def scatter(emitter: Emitter, g: Any, index: Any, shape: Any) -> Number:
    """Zeros with g added at the index."""
    number = array(g)
    wanted = emitter.operation
    found = basic(index, tuple(shape))
    if found is not None:
        parts, place = found
        number = emitter.broadcast(number, place)
        number = emitter.reshape(number, tuple(count for _, _, count in parts))
        params: Params = (("parts", tuple(parts)),)
        return emitter.add("place", [number], shape, wanted.dtype, params=params)
    operands = [number]
    params = (("index", _arrays_in(index, emitter.builder, operands)), ("shape", tuple(shape)))
    return emitter.add("scatter", operands, shape, wanted.dtype, params=params)


def index_set(emitter: Emitter, x: Any, index: Any, value: Any) -> Number:
    """A copy of x with a value written at the index."""
    number = array(x)
    dtype, shape = emitter.value(number).dtype, emitter.value(number).shape
    found = basic(index, shape)
    written = _entries_as(emitter, value, dtype)
    like = emitter.value(written).shape
    while like[:1] == (1,):  # axes that the index may not have
        like = like[1:]
    written = emitter.reshape(written, like)
    if found is None:
        if _is_mask(emitter, index):
            return _masked(emitter, number, index.number, written)
        return _put(emitter, number, index, written)
    parts, place = found
    written = emitter.broadcast(written, place)
    written = emitter.reshape(written, tuple(count for _, _, count in parts))
    return emitter.add("update", [number, written], shape, dtype, params=(("parts", tuple(parts)),))


def _entries_as(emitter: Emitter, value: Any, dtype: Any) -> Number:
    """What is written, in the dtype of what it is written to."""
    if isinstance(value, Ref):
        return emitter.cast(value.number, dtype)
    return emitter.builder.constant(onp.asarray(value).astype(dtype))


def _is_mask(emitter: Emitter, index: Any) -> bool:
    """Whether an index is truth values that are not known before a run."""
    value = emitter.value(index.number) if isinstance(index, Ref) else None
    return value is not None and value.dtype.kind == "b" and value.op != "constant"


def _masked(emitter: Emitter, number: Number, mask: Number, written: Number) -> Number:
    """A choice between x and what is written, which must not depend on how many are chosen."""
    shape, chosen = emitter.value(number).shape, emitter.value(mask).shape
    rest = shape[len(chosen) :]
    if chosen != shape[: len(chosen)] or len(emitter.value(written).shape) > len(rest):
        raise NotLoweredError
    mask = emitter.reshape(mask, (*chosen, *(1 for _ in rest)))
    return emitter.select(mask, written, number)


def _put(emitter: Emitter, number: Number, index: Any, written: Number) -> Number:
    """A copy of x with values written at places that arrays give, in the order of the places."""
    value = emitter.value(number)
    operands = [number, written]
    params: Params = (("index", _arrays_in(index, emitter.builder, operands)),)
    return emitter.add("put", operands, value.shape, value.dtype, params=params)


def write_entries(emitter: Emitter, x: Any, places: Any, *values: Any) -> Number:
    """A copy of x with many values written at as many places."""
    number = array(x)
    dtype = emitter.value(number).dtype
    rows = []
    for value in values:
        entry = _entries_as(emitter, value, dtype)
        rows.append(emitter.reshape(entry, (1, *emitter.value(entry).shape)))
    shape = (len(rows), *emitter.value(rows[0]).shape[1:])
    written = rows[0]
    if len(rows) > 1:
        written = emitter.add("concatenate", rows, shape, dtype, params=(("axis", 0),))
    return _put(emitter, number, places, written)


def last_writes(emitter: Emitter, shape: Any, index: Any) -> Number:
    """1 for each entry of a value that is still there when all of it was written, else 0."""
    wanted = emitter.operation.shape or ()
    numbers = emitter.builder.constant(onp.arange(prod(wanted)).reshape(wanted))
    nothing = emitter.builder.constant(onp.zeros(shape, int))
    writer = _put(emitter, nothing, index, numbers)
    operands = [writer]
    params: Params = (("index", _arrays_in(index, emitter.builder, operands)),)
    found = emitter.add("gather", operands, wanted, int, params=params)
    return emitter.cast(emitter.map(onp.equal, [found, numbers], bool), float)


def _fun(primitive: Any) -> Any:
    return primitive.__wrapped__.__wrapped__


LOWERINGS: dict[Any, Lowering] = {
    _fun(indexing.getitem): getitem,
    _fun(indexing.scatter): scatter,
    _fun(assignment.index_set): index_set,
    _fun(assignment._last_writes): last_writes,
    getattr(assignment.write_entries, "__wrapped__"): write_entries,  # noqa: B009
}
