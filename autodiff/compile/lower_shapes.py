"""Lowering of what gives entries other places without looking at them: views, joins, shifts."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as onp

from ..numpy.reductions import spread_from as spread_primitive
from ..numpy.shaping import array_from_args as array_primitive
from ..numpy.shaping import concatenate_args as concatenate_primitive
from .emitting import Emitter, Lowering, NotLoweredError, Ref
from .ir import Number


def array(x: Any) -> Number:
    """The number of an operand that must be a value."""
    if not isinstance(x, Ref):
        raise NotLoweredError
    return x.number


def whole(x: Any) -> int:
    """An axis or length."""
    if isinstance(x, (bool, Ref)):
        raise NotLoweredError
    return operator.index(x)


def _wholes(x: Any) -> tuple[int, ...]:
    return tuple(map(whole, x)) if isinstance(x, (tuple, list)) else (whole(x),)


def reshape(emitter: Emitter, x: Any, shape: Any, *more: Any, order: Any = "C") -> Number:
    """numpy.reshape; the shape is the recorded one."""
    given = [each for each in more if isinstance(each, str)]
    return ravel(emitter, x, given[0] if given else order)


def to_result_shape(emitter: Emitter, x: Any, *args: Any, **keywords: Any) -> Number:
    """squeeze, expand_dims: the shape of the result says it all."""
    return emitter.reshape(array(x), emitter.operation.shape or ())


def ravel(emitter: Emitter, x: Any, order: Any = "C") -> Number:
    """numpy.ravel in C order or in Fortran's."""
    number, shape = array(x), emitter.operation.shape or ()
    if order == "F":
        return _reversed(emitter, emitter.reshape(_reversed(emitter, number), shape[::-1]))
    if order != "C":
        raise NotLoweredError
    return emitter.reshape(number, shape)


def _reversed(emitter: Emitter, number: Number) -> Number:
    return emitter.transpose(number, range(len(emitter.value(number).shape))[::-1])


def transpose(emitter: Emitter, x: Any, axes: Any = None) -> Number:
    """numpy.transpose."""
    number = array(x)
    rank = len(emitter.value(number).shape)
    return emitter.transpose(number, range(rank)[::-1] if axes is None else _wholes(axes))


def swapaxes(emitter: Emitter, x: Any, one: Any, two: Any) -> Number:
    """numpy.swapaxes."""
    number = array(x)
    axes = list(range(len(emitter.value(number).shape)))
    one, two = whole(one), whole(two)
    axes[one], axes[two] = axes[two], axes[one]
    return emitter.transpose(number, axes)


def moveaxis(emitter: Emitter, x: Any, source: Any, destination: Any) -> Number:
    """numpy.moveaxis."""
    number = array(x)
    rank = len(emitter.value(number).shape)
    sources, places = ([a % rank for a in _wholes(of)] for of in (source, destination))
    axes = [a for a in range(rank) if a not in sources]
    for place, axis in sorted(zip(places, sources)):
        axes.insert(place, axis)
    return emitter.transpose(number, axes)


def flip(emitter: Emitter, x: Any, axis: Any = None) -> Number:
    """numpy.flip."""
    number = array(x)
    shape = emitter.value(number).shape
    axes = range(len(shape)) if axis is None else [a % len(shape) for a in _wholes(axis)]
    parts = [(n - 1, -1, n) if a in axes and n else (0, 1, n) for a, n in enumerate(shape)]
    return emitter.slice(number, parts)


def flipped(axis: int) -> Lowering:
    """flipud, fliplr."""
    return lambda emitter, x: flip(emitter, x, axis)


def rot90(emitter: Emitter, x: Any, k: Any = 1, axes: Any = (0, 1)) -> Number:
    """numpy.rot90."""
    number = array(x)
    rank, turns = len(emitter.value(number).shape), whole(k) % 4
    first, second = (a % rank for a in _wholes(axes))
    if turns == 2:
        return flip(emitter, Ref(number), (first, second))
    if turns == 1:
        number = flip(emitter, Ref(number), second)
    if turns:
        number = swapaxes(emitter, Ref(number), first, second)
    return flip(emitter, Ref(number), second) if turns == 3 else number


def repeat(emitter: Emitter, x: Any, repeats: Any, axis: Any = None) -> Number:
    """numpy.repeat, every entry equally often."""
    number, times = array(x), whole(repeats)
    if axis is None:
        number, axis = _flat(emitter, number), 0
    shape = emitter.value(number).shape
    at = whole(axis) % len(shape) + 1
    number = emitter.reshape(number, (*shape[:at], 1, *shape[at:]))
    number = emitter.broadcast(number, (*shape[:at], times, *shape[at:]))
    return emitter.reshape(number, (*shape[: at - 1], shape[at - 1] * times, *shape[at:]))


def tile(emitter: Emitter, x: Any, reps: Any) -> Number:
    """numpy.tile."""
    number, times = array(x), _wholes(reps)
    shape = emitter.value(number).shape
    rank = max(len(times), len(shape))
    times = (1,) * (rank - len(times)) + times
    shape = (1,) * (rank - len(shape)) + shape
    number = emitter.reshape(number, [n for length in shape for n in (1, length)])
    number = emitter.broadcast(number, [n for pair in zip(times, shape) for n in pair])
    return emitter.reshape(number, [a * b for a, b in zip(times, shape)])


def copied(emitter: Emitter, x: Any, *layout: Any, **keywords: Any) -> Number:
    """numpy.copy and its kin: how the result lies in memory was recorded."""
    if any(not isinstance(given, str) for given in (*layout, *keywords.values())):
        raise NotLoweredError
    return emitter.reshape(array(x), emitter.operation.shape or ())  # at least one axis, for some


def broadcast_to(emitter: Emitter, x: Any, shape: Any) -> Number:
    """numpy.broadcast_to."""
    return emitter.broadcast(array(x), _wholes(shape))


def spread_from(emitter: Emitter, g: Any, kept: Any, shape: Any) -> Number:
    """A cotangent of a reduction, repeated for all entries that went into it."""
    return emitter.broadcast(emitter.reshape(array(g), _wholes(kept)), _wholes(shape))


def concatenate(emitter: Emitter, axis: Any, *arrays: Any) -> Number:
    """numpy.concatenate."""
    numbers = [array(x) for x in arrays]
    if axis is None:
        numbers, axis = [_flat(emitter, k) for k in numbers], 0
    shapes = [emitter.value(k).shape for k in numbers]
    if not shapes or not shapes[0]:
        raise NotLoweredError
    return _joined(emitter, numbers, whole(axis) % len(shapes[0]))


def _flat(emitter: Emitter, number: Number) -> Number:
    return emitter.reshape(number, (prod(emitter.value(number).shape),))


def _joined(emitter: Emitter, numbers: Sequence[Number], axis: int) -> Number:
    dtype = emitter.operation.dtype
    numbers = [emitter.cast(k, dtype) for k in numbers]
    shape = list(emitter.value(numbers[0]).shape)
    shape[axis] = sum(emitter.value(k).shape[axis] for k in numbers)
    return emitter.add("concatenate", numbers, shape, dtype, params=(("axis", axis),))


def array_from_args(emitter: Emitter, dtype: Any, *entries: Any) -> Number:
    """numpy.array of a list of arrays or numbers."""
    wanted = emitter.operation
    numbers = []
    for x in entries:
        number = x.number if isinstance(x, Ref) else emitter.builder.constant(onp.asarray(x))
        if not wanted.shape or emitter.value(number).shape != wanted.shape[1:]:
            raise NotLoweredError
        numbers.append(emitter.reshape(number, (1, *wanted.shape[1:])))
    if not numbers:
        raise NotLoweredError
    return _joined(emitter, numbers, 0)


def roll(emitter: Emitter, x: Any, shift: Any, axis: Any = None) -> Number:
    """numpy.roll along axes, each named once, or of all entries in their order."""
    number = array(x)
    value = emitter.value(number)
    if 0 in value.shape:
        raise NotLoweredError
    if axis is None and len(value.shape) != 1:
        flat = roll(emitter, Ref(_flat(emitter, number)), sum(_wholes(shift)), 0)
        return emitter.reshape(flat, value.shape)
    axis = 0 if axis is None else axis
    shifts, axes = _wholes(shift), [a % len(value.shape) for a in _wholes(axis)]
    if len(shifts) == 1:
        shifts *= len(axes)
    if len(shifts) != len(axes) or len(set(axes)) < len(axes):
        raise NotLoweredError
    by = tuple((a, s % value.shape[a]) for a, s in zip(axes, shifts))
    return emitter.add("roll", [number], value.shape, value.dtype, params=(("by", by),))


LOWERINGS: dict[Any, Lowering] = {
    onp.reshape: reshape,
    onp.squeeze: to_result_shape,
    onp.expand_dims: to_result_shape,
    onp.ravel: ravel,
    onp.transpose: transpose,
    onp.swapaxes: swapaxes,
    onp.moveaxis: moveaxis,
    onp.flip: flip,
    onp.flipud: flipped(0),
    onp.fliplr: flipped(1),
    onp.rot90: rot90,
    onp.repeat: repeat,
    onp.tile: tile,
    onp.copy: copied,
    onp.ascontiguousarray: copied,
    onp.asfortranarray: copied,
    onp.broadcast_to: broadcast_to,
    onp.roll: roll,
    spread_primitive.fun: spread_from,  # type: ignore[attr-defined]
    concatenate_primitive.fun: concatenate,  # type: ignore[attr-defined]
    array_primitive.fun: array_from_args,  # type: ignore[attr-defined]
}
