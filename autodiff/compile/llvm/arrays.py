"""Arrays as loop nests see them: a pointer, and element strides along the loops' axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .bindings import ir

INT64 = ir.IntType(64)
POINTER = ir.PointerType()


@dataclass(frozen=True)
class Operand:
    """What a loop reads or writes at its counters (i, j, ...).

    Attributes:
        argument: which of the function's pointers.
        dtype: float64, float32, a NumPy integer type or bool.
        strides: elements per step of each axis of the loop; 0 repeats, negative runs backwards.
        offset: the element at counters zero.
    """

    argument: int
    dtype: np.dtype[Any]
    strides: tuple[int, ...]
    offset: int = 0


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
    return load_at(builder, builder.function.args[operand.argument], operand.dtype, number)


def store(builder: Any, operand: Operand, counters: Sequence[Any], value: Any) -> None:
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
