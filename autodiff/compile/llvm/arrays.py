"""Arrays as loop nests see them: a pointer, and element strides along the loops' axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .bindings import ir

INT64 = ir.IntType(64)
POINTER = ir.PointerType()


@dataclass(frozen=True)
class Operand:
    """What a loop reads or writes at its counters (i, j, ...).

    Attributes:
        argument: which of the function's pointers; None for the element number itself, an int64.
        dtype: float64, float32, a NumPy integer type or bool.
        strides: elements per step of each axis of the loop; 0 repeats, negative runs backwards.
        offset: the element at counters zero.
    """

    argument: int | None
    dtype: np.dtype[Any]
    strides: tuple[int, ...]
    offset: int = 0

    def with_strides(self, strides: Sequence[int]) -> Operand:
        return replace(self, strides=tuple(strides))


def contiguous(argument: int, dtype: Any, shape: Sequence[int]) -> Operand:
    """A whole array of this shape in C order, looped over in its own shape."""
    strides = [1] * len(shape)
    for axis in range(len(shape) - 2, -1, -1):
        strides[axis] = strides[axis + 1] * shape[axis + 1]
    return Operand(argument, np.dtype(dtype), tuple(strides))


def broadcast(argument: int, dtype: Any, shape: Sequence[int], to: Sequence[int]) -> Operand:
    """A C-contiguous array of `shape` looped over in the shape `to`, by NumPy's rules."""
    own = contiguous(argument, dtype, shape)
    strides = [0 if n == 1 else stride for n, stride in zip(shape, own.strides)]
    return own.with_strides([0] * (len(to) - len(shape)) + strides)


def memory_type(dtype: np.dtype[Any]) -> Any:
    """The LLVM type of an element in memory. Raises: TypeError for complex and others."""
    if dtype == np.float64:
        return ir.DoubleType()
    if dtype == np.float32:
        return ir.FloatType()
    if dtype.kind in "iub":
        return ir.IntType(8 * dtype.itemsize)
    raise TypeError(
        f"compiled loops know floats of 32 and 64 bits, integers and bools, not {dtype}"
    )


def value_type(dtype: np.dtype[Any]) -> Any:
    """The LLVM type of a value being computed: as in memory, but i1 for bool."""
    return ir.IntType(1) if dtype.kind == "b" else memory_type(dtype)


def element(builder: Any, operand: Operand, counters: Sequence[Any]) -> Any:
    """The element number of `operand` at the counters, an int64."""
    number = ir.Constant(INT64, operand.offset)
    for counter, stride in zip(counters, operand.strides):
        if stride:
            number = builder.add(number, builder.mul(counter, ir.Constant(INT64, stride)))
    return number


def load(builder: Any, operand: Operand, counters: Sequence[Any]) -> Any:
    """The value of `operand` at the counters."""
    number = element(builder, operand, counters)
    if operand.argument is None:
        return number
    return load_at(builder, builder.function.args[operand.argument], operand.dtype, number)


def store(builder: Any, operand: Operand, counters: Sequence[Any], value: Any) -> None:
    assert operand.argument is not None, "an element number cannot be written"
    number = element(builder, operand, counters)
    store_at(builder, builder.function.args[operand.argument], operand.dtype, number, value)


def load_at(builder: Any, pointer: Any, dtype: np.dtype[Any], number: Any) -> Any:
    """Element `number` of the array at `pointer`."""
    kind = memory_type(dtype)
    address = builder.gep(pointer, [number], inbounds=True, source_etype=kind)
    value = builder.load(address, align=dtype.itemsize, typ=kind)
    return builder.trunc(value, ir.IntType(1)) if dtype.kind == "b" else value


def store_at(builder: Any, pointer: Any, dtype: np.dtype[Any], number: Any, value: Any) -> None:
    kind = memory_type(dtype)
    address = builder.gep(pointer, [number], inbounds=True, source_etype=kind)
    if dtype.kind == "b":
        value = builder.zext(value, kind)
    builder.store(value, address, align=dtype.itemsize)


def merge_axes(
    shape: Sequence[int], operands: Sequence[Operand], apart: Sequence[int] = ()
) -> tuple[tuple[int, ...], list[Operand], list[int]]:
    """The same elements in the same order with fewer, longer axes.

    Axes of length one go, and neighbours that every operand crosses in even steps become one.

    Args:
        apart: a label per axis; only axes with equal labels merge. None given means all alike.
    Returns: shape, operands and labels of the merged axes.
    """
    labels = list(apart) or [0] * len(shape)
    merged: list[tuple[int, tuple[int, ...], int]] = []  # length, a stride per operand, label
    for axis, length in enumerate(shape):
        if length == 1:
            continue
        strides = tuple(operand.strides[axis] for operand in operands)
        if merged and merged[-1][2] == labels[axis]:
            outer, outer_strides, _ = merged[-1]
            if all(far == near * length for far, near in zip(outer_strides, strides)):
                merged[-1] = (outer * length, strides, labels[axis])
                continue
        merged.append((length, strides, labels[axis]))
    return (
        tuple(length for length, _, _ in merged),
        [
            operand.with_strides([strides[k] for _, strides, _ in merged])
            for k, operand in enumerate(operands)
        ],
        [label for _, _, label in merged],
    )
