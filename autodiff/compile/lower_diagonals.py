"""Lowering of what picks entries of matrices by the distance from their diagonal."""

from __future__ import annotations

from typing import Any

import numpy as onp

from .emitting import Emitter, Lowering, NotLoweredError
from .ir import Number
from .lower_shapes import array, whole


def diagonal(emitter: Emitter, x: Any, offset: Any = 0, axis1: Any = 0, axis2: Any = 1) -> Number:
    """numpy.diagonal: every (columns + 1)-th entry of the rows laid end to end."""
    number = array(x)
    rank = len(emitter.value(number).shape)
    first, second = whole(axis1) % rank, whole(axis2) % rank
    rest = [a for a in range(rank) if a not in (first, second)]
    number = emitter.transpose(number, (*rest, first, second))
    if emitter.value(number).strides[-2] < emitter.value(number).strides[-1]:
        number = emitter.transpose(number, (*range(rank - 2), rank - 1, rank - 2))
        offset = -offset
    *stack, rows, columns = emitter.value(number).shape
    start = offset if offset >= 0 else -offset * columns
    count = max(min(rows, rows + offset, columns, columns - offset), 0)
    flat = emitter.reshape(number, (*stack, rows * columns))
    whole_axes = [(0, 1, n) for n in stack]
    step = (start, columns + 1, count) if count else (0, 1, 0)
    return emitter.slice(flat, (*whole_axes, step))


def trace(emitter: Emitter, x: Any, offset: Any = 0, axis1: Any = 0, axis2: Any = 1) -> Number:
    """numpy.trace: the sum of the diagonal."""
    number = diagonal(emitter, x, whole(offset), axis1, axis2)
    rank = len(emitter.value(number).shape)
    if emitter.value(number).dtype.kind != "f":
        raise NotLoweredError
    return emitter.reduce("sum", number, (rank - 1,), False)


def triangle(lower: bool) -> Lowering:
    """tril and triu: zeros elsewhere, chosen by a constant mask."""

    def lowered(emitter: Emitter, x: Any, k: Any = 0) -> Number:
        number = array(x)
        value = emitter.value(number)
        k = whole(k)
        rows, columns = (value.shape * 2)[-2:]  # a vector becomes the rows of a matrix
        mask = emitter.builder.constant(onp.tri(rows, columns, k if lower else k - 1, bool))
        zero = emitter.builder.constant(onp.zeros(1, value.dtype))
        return emitter.select(mask, *((number, zero) if lower else (zero, number)))

    return lowered


LOWERINGS: dict[Any, Lowering] = {
    onp.diagonal: diagonal,
    onp.trace: trace,
    onp.tril: triangle(True),
    onp.triu: triangle(False),
}
