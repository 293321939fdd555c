"""Vectors to and from arrays. Arrays are C-contiguous; an index counts elements from the start.

A row of a planar field ends where the next one begins, so the last vector of a row is masked:
`count` is the number of cells left in the row. Cells hold `CHANNELS` consecutive elements.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from .simd import CHANNELS, INT32, LANES, Vector, call_llvm, lane_numbers, splat


def _address(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    array = context.make_array(signature.args[0])(context, builder, args[0])
    return builder.gep(array.data, [args[1]])


def _load(context: Any, builder: Any, signature: Any, args: Any, width: int) -> Any:
    lane = context.get_value_type(signature.args[0].dtype)
    pointer = ir.VectorType(lane, width).as_pointer()
    value = builder.load(builder.bitcast(_address(context, builder, signature, args), pointer))
    value.align = signature.args[0].dtype.bitwidth // 8
    return value


def _store(context: Any, builder: Any, signature: Any, args: Any, value: Any) -> Any:
    pointer = builder.bitcast(_address(context, builder, signature, args), value.type.as_pointer())
    builder.store(value, pointer).align = signature.args[0].dtype.bitwidth // 8
    return context.get_dummy_value()


@intrinsic
def load_cell(typing_context: Any, cells: Any, index: Any) -> Any:
    """The channels of the cell that starts at `index`."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _load(context, builder, signature, args, CHANNELS)

    return Vector(cells.dtype, CHANNELS)(cells, types.intp), codegen


@intrinsic
def load(typing_context: Any, array: Any, index: Any) -> Any:
    """`LANES` neighbours, all of them inside the array."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _load(context, builder, signature, args, LANES)

    return Vector(array.dtype, LANES)(array, types.intp), codegen


@intrinsic
def store(typing_context: Any, array: Any, index: Any, vector: Any) -> Any:
    """Write a whole vector of either width."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _store(context, builder, signature, args, args[2])

    return types.void(array, types.intp, vector), codegen


def _masked(builder: Any, pointer: Any, count: Any, bits: int) -> tuple[Any, Any, Any]:
    """Pointer, alignment and mask that confine an access to the first `count` lanes."""
    left = splat(builder, builder.trunc(count, INT32), LANES)
    mask = builder.icmp_signed("<", lane_numbers(list(range(LANES))), left)
    return pointer, INT32(bits // 8), mask


def _row_address(context: Any, builder: Any, signature: Any, args: Any, vector: Any) -> Any:
    address = _address(context, builder, signature, args)
    return builder.bitcast(address, vector.as_pointer())


@intrinsic
def load_row(typing_context: Any, array: Any, index: Any, count: Any) -> Any:
    """`LANES` neighbours of a row with `count` cells left; zero beyond the row's end."""
    row = Vector(array.dtype, LANES)

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        vector = context.get_value_type(row)
        pointer = _row_address(context, builder, signature, args, vector)
        whole = builder.icmp_signed(">=", args[2], ir.Constant(args[2].type, LANES))
        result = cgutils.alloca_once(builder, vector)
        with builder.if_else(whole, likely=True) as (then, otherwise):
            with then:
                builder.store(_load(context, builder, signature, args, LANES), result)
            with otherwise:
                confined = _masked(builder, pointer, args[2], array.dtype.bitwidth)
                zero = ir.Constant(vector, None)
                part = call_llvm(builder, "llvm.masked.load", row, vector, (*confined, zero))
                builder.store(part, result)
        return builder.load(result)

    return row(array, types.intp, types.intp), codegen


@intrinsic
def store_row(typing_context: Any, array: Any, index: Any, count: Any, value: Any) -> Any:
    """Write to a row with `count` cells left; nothing is written beyond the row's end."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        pointer = _row_address(context, builder, signature, args, args[3].type)
        whole = builder.icmp_signed(">=", args[2], ir.Constant(args[2].type, LANES))
        with builder.if_else(whole, likely=True) as (then, otherwise):
            with then:
                _store(context, builder, signature, args, args[3])
            with otherwise:
                confined = _masked(builder, pointer, args[2], array.dtype.bitwidth)
                args = (args[3], *confined)
                call_llvm(builder, "llvm.masked.store", value, ir.VoidType(), args)
        return context.get_dummy_value()

    return types.void(array, types.intp, types.intp, value), codegen


def _joined(builder: Any, first: Any, second: Any, order: list[int]) -> Any:
    return builder.shuffle_vector(first, second, lane_numbers(order))


@intrinsic
def left_of(typing_context: Any, before: Any, here: Any) -> Any:
    """The left neighbours of `here`, given the vector `before` it.

    A shuffle of registers costs half of a load that crosses a cache line.
    """

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _joined(builder, args[0], args[1], [LANES - 1 + lane for lane in range(LANES)])

    return here(before, here), codegen


@intrinsic
def right_of(typing_context: Any, here: Any, after: Any) -> Any:
    """The right neighbours of `here`, given the vector `after` it."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _joined(builder, args[0], args[1], [1 + lane for lane in range(LANES)])

    return here(here, after), codegen


@intrinsic
def interleave(typing_context: Any, cells: Any, index: Any, a: Any, b: Any, c: Any, d: Any) -> Any:
    """Write `LANES` cells from the four row vectors that hold their channels."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        def zipped(first: Any, second: Any) -> Any:
            width = first.type.count
            pairs = [lane for k in range(width) for lane in (k, width + k)]
            return _joined(builder, first, second, pairs)

        value = zipped(zipped(args[2], args[4]), zipped(args[3], args[5]))
        return _store(context, builder, signature, args, value)

    return types.void(cells, types.intp, a, b, c, d), codegen


@intrinsic
def deinterleave(typing_context: Any, cells: Any, index: Any) -> Any:
    """The four row vectors that hold the channels of `LANES` cells."""
    row = Vector(cells.dtype, LANES)

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        value = _load(context, builder, signature, args, LANES * CHANNELS)
        rows = [
            _joined(builder, value, value, [CHANNELS * k + channel for k in range(LANES)])
            for channel in range(CHANNELS)
        ]
        return context.make_tuple(builder, signature.return_type, rows)

    return types.UniTuple(row, CHANNELS)(cells, types.intp), codegen
