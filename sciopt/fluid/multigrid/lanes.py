"""Vectors taken apart into even and odd lanes and put together again; conversions; sums."""

from __future__ import annotations

from typing import Any

from numba.core import types
from numba.extending import intrinsic

from sciopt.fluid.kernels.simd import LANES, Vector, lane_numbers


def _chosen(builder: Any, pair: Any, lanes: list[int]) -> Any:
    return builder.shuffle_vector(*pair, lane_numbers(lanes))


@intrinsic
def even_lanes(typing_context: Any, first: Any, second: Any) -> Any:
    """Lanes 0, 2, 4, ... of two vectors in a row."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _chosen(builder, args, [2 * lane for lane in range(LANES)])

    return first(first, second), codegen


@intrinsic
def odd_lanes(typing_context: Any, first: Any, second: Any) -> Any:
    """Lanes 1, 3, 5, ... of two vectors in a row."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _chosen(builder, args, [2 * lane + 1 for lane in range(LANES)])

    return first(first, second), codegen


def _zipped(half: int) -> list[int]:
    pairs = [lane for k in range(LANES) for lane in (k, LANES + k)]
    return pairs[half * LANES : (half + 1) * LANES]


@intrinsic
def first_zipped(typing_context: Any, even: Any, odd: Any) -> Any:
    """The first of the two vectors whose even and odd lanes these are."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _chosen(builder, args, _zipped(0))

    return even(even, odd), codegen


@intrinsic
def second_zipped(typing_context: Any, even: Any, odd: Any) -> Any:
    """The second of the two vectors whose even and odd lanes these are."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _chosen(builder, args, _zipped(1))

    return even(even, odd), codegen


@intrinsic
def to_float32(typing_context: Any, x: Any) -> Any:
    """A float64 vector rounded."""
    result = Vector(types.float32, x.width)

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.fptrunc(args[0], context.get_value_type(result))

    return result(x), codegen


@intrinsic
def to_float64(typing_context: Any, x: Any) -> Any:
    """A float32 vector, exactly."""
    result = Vector(types.float64, x.width)

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.fpext(args[0], context.get_value_type(result))

    return result(x), codegen


@intrinsic
def sum_of_lanes(typing_context: Any, x: Any) -> Any:
    """The sum, in pairs of pairs."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        (vector,) = args
        width = LANES
        while width > 1:
            width //= 2
            low = _chosen(builder, (vector, vector), list(range(width)))
            high = _chosen(builder, (vector, vector), list(range(width, 2 * width)))
            vector = builder.fadd(low, high)
        return builder.extract_element(vector, context.get_constant(types.int32, 0))

    return x.dtype(x), codegen
