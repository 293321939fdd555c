"""SIMD vectors as values inside compiled kernels: the type, its arithmetic, its choices.

Left to itself Numba compiles these loops badly: its SLP vectoriser is off, and a row of 110 cells
spends most of its time in the scalar remainder of a vectorised loop. Written with vectors, ten
Jacobi sweeps of 110 x 110 cells take a third of the time. Two widths are in use: `CHANNELS` lanes
hold the channels of one cell, `LANES` lanes hold neighbouring cells of a grid row; LLVM splits
them into what the processor has. A number mixed with a vector is first converted to the vector's
type, so that constants do not promote float32 to double.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic, lower_builtin, models, register_model, type_callable

CHANNELS = 4
LANES = 16
# Rows are worked on in spans of cells so that what is kept per cell stays in the first cache.
SPAN = 128

INT32 = ir.IntType(32)


class Vector(types.Type):
    """Numba type of `width` lanes of one scalar type."""

    def __init__(self, dtype: types.Type, width: int) -> None:
        self.dtype = dtype
        self.width = width
        super().__init__(name=f"Vector({dtype}, {width})")


@register_model(Vector)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, manager: Any, vector: Vector) -> None:
        lane = manager.lookup(vector.dtype).get_value_type()
        super().__init__(manager, vector, ir.VectorType(lane, vector.width))


def lane_numbers(numbers: list[int]) -> Any:
    """LLVM constant that names lanes in a shuffle."""
    return ir.Constant(ir.VectorType(INT32, len(numbers)), numbers)


def splat(builder: Any, scalar: Any, width: int) -> Any:
    """LLVM vector with `scalar` in every lane."""
    undefined = ir.Constant(ir.VectorType(scalar.type, width), ir.Undefined)
    first = builder.insert_element(undefined, scalar, INT32(0))
    return builder.shuffle_vector(first, undefined, lane_numbers([0] * width))


def call_llvm(builder: Any, name: str, vector: Any, result: Any, args: Any) -> Any:
    """Call the LLVM intrinsic `name` that is overloaded by the type `vector`."""
    kind = "f" if isinstance(vector.dtype, types.Float) else "i"
    pointer = ".p0" if any(isinstance(arg.type, ir.PointerType) for arg in args) else ""
    name = f"{name}.v{vector.width}{kind}{vector.dtype.bitwidth}{pointer}"
    signature = ir.FunctionType(result, [arg.type for arg in args])
    return builder.call(cgutils.get_or_insert_function(builder.module, signature, name), args)


def _define(symbol: Any, emit: Callable[[Any, bool, Any, Any], Any], compares: bool) -> None:
    """Define an operator for two vectors, and for a vector and a number in either order."""

    @type_callable(symbol)
    def type_operator(context: Any) -> Any:
        def typer(x: types.Type, y: types.Type) -> Any:
            vector = x if isinstance(x, Vector) else y
            if not isinstance(vector, Vector):
                return None
            result = Vector(types.boolean, vector.width) if compares else vector
            x, y = (side if isinstance(side, Vector) else vector.dtype for side in (x, y))
            return result(x, y)

        return typer

    def lower(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        vector = next(side for side in signature.args if isinstance(side, Vector))
        x, y = (
            value if isinstance(side, Vector) else splat(builder, value, vector.width)
            for side, value in zip(signature.args, args, strict=True)
        )
        return emit(builder, isinstance(vector.dtype, types.Float), x, y)

    for sides in ((Vector, Vector), (Vector, types.Number), (types.Number, Vector)):
        lower_builtin(symbol, *sides)(lower)


def _compare(builder: Any, real: bool, relation: str, x: Any, y: Any) -> Any:
    """Comparison of lanes, false for NaN."""
    compare = builder.fcmp_ordered if real else builder.icmp_signed
    return compare(relation, x, y)


_define(operator.add, lambda b, real, x, y: b.fadd(x, y) if real else b.add(x, y), False)
_define(operator.sub, lambda b, real, x, y: b.fsub(x, y) if real else b.sub(x, y), False)
_define(operator.mul, lambda b, real, x, y: b.fmul(x, y) if real else b.mul(x, y), False)
_define(operator.truediv, lambda b, real, x, y: b.fdiv(x, y), False)
_define(operator.and_, lambda b, real, x, y: b.and_(x, y), False)
_define(operator.lt, lambda b, real, x, y: _compare(b, real, "<", x, y), True)
_define(operator.ge, lambda b, real, x, y: _compare(b, real, ">=", x, y), True)


@intrinsic
def floor(typing_context: Any, x: Any) -> Any:
    """Largest integer not above each lane, as a floating-point vector."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return call_llvm(builder, "llvm.floor", x, args[0].type, args)

    return x(x), codegen


@intrinsic
def to_int32(typing_context: Any, x: Any) -> Any:
    """Each lane as int32. The lanes must be in range: anything else is undefined in LLVM."""
    result = Vector(types.int32, x.width)

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.fptosi(args[0], context.get_value_type(result))

    return result(x), codegen


@intrinsic
def choose(typing_context: Any, mask: Any, x: Any, otherwise: Any) -> Any:
    """`x` where the mask is true, elsewhere `otherwise`, a vector or a number."""
    number = not isinstance(otherwise, Vector)

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        fallback = splat(builder, args[2], x.width) if number else args[2]
        return builder.select(args[0], args[1], fallback)

    return x(mask, x, x.dtype if number else otherwise), codegen


@intrinsic
def all_lanes(typing_context: Any, mask: Any) -> Any:
    """Whether the mask is true in every lane."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        bits = ir.IntType(mask.width)
        return builder.icmp_unsigned("==", builder.bitcast(args[0], bits), bits(-1))

    return types.boolean(mask), codegen


@intrinsic
def ascending(typing_context: Any, start: Any, dtype: Any) -> Any:
    """start, start + 1, ... along a row, in the floating-point type `dtype`."""
    result = Vector(dtype.dtype, LANES)

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        vector = context.get_value_type(result)
        steps = ir.Constant(vector, [float(lane) for lane in range(LANES)])
        return builder.fadd(splat(builder, args[0], LANES), steps)

    return result(dtype.dtype, dtype), codegen
