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
    if not isinstance(x, Ref) or x.weak:
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
    """numpy.reshape in C order."""
    number = array(x)
    if order != "C":
        raise NotLoweredError
    sizes = _wholes(shape) + tuple(map(whole, more))
    if -1 in sizes:
        sizes = emitter.operation.shape or ()
    if prod(sizes) != prod(emitter.value(number).shape):
        raise NotLoweredError
    return emitter.reshape(number, sizes)


def to_result_shape(emitter: Emitter, x: Any, *args: Any) -> Number:
    """squeeze, expand_dims: the shape of the result says it all."""
    return emitter.reshape(array(x), emitter.operation.shape or ())


def ravel(emitter: Emitter, x: Any) -> Number:
    """numpy.ravel in C order."""
    return emitter.reshape(array(x), emitter.operation.shape or ())


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
    """numpy.roll along axes; each named once."""
    number = array(x)
    value = emitter.value(number)
    if axis is None or 0 in value.shape:
        raise NotLoweredError
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
    onp.broadcast_to: broadcast_to,
    onp.roll: roll,
    spread_primitive.fun: spread_from,  # type: ignore[attr-defined]
    concatenate_primitive.fun: concatenate,  # type: ignore[attr-defined]
    array_primitive.fun: array_from_args,  # type: ignore[attr-defined]
}
