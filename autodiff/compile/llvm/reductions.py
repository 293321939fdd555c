"""Loop nests that reduce: sums in NumPy's order, products, extremes, any and all.

Along the last axis NumPy adds floats in eight interleaved partial sums over blocks of up to 128
elements, and the blocks pairwise; along other axes it adds one row after the other. The same is
done here, so that sums of contiguous arrays have NumPy's bits. The partial results live in an
array that the inner loop crosses element by element: that loop is vectorised without licence to
reorder anything, and the array ends up in a register.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .arrays import INT64, POINTER, Operand, load, memory_type, store, value_type
from .bindings import ir
from .loops import for_range, nest

_LANES = 8
_BLOCK = 128


@dataclass(frozen=True)
class Reduction:
    """How two partial results become one, and what an empty one is.

    Attributes:
        combine: (builder, a, b) -> value.
        identity: dtype -> number.
        lanes: how many partial results of floats are interleaved along a long last axis; 1 is none.
    """

    combine: Callable[[Any, Any, Any], Any]
    identity: Callable[[np.dtype[Any]], Any]
    lanes: int


def _is_float(value: Any) -> bool:
    return isinstance(value.type, (ir.DoubleType, ir.FloatType))


def _add(builder: Any, a: Any, b: Any) -> Any:
    return builder.fadd(a, b) if _is_float(a) else builder.add(a, b)


def _multiply(builder: Any, a: Any, b: Any) -> Any:
    return builder.fmul(a, b) if _is_float(a) else builder.mul(a, b)


def maximum(builder: Any, a: Any, b: Any) -> Any:
    """numpy.maximum of floats or signed integers: NaN if either is, the second of equal zeros."""
    return _extreme(builder, ">", a, b)


def minimum(builder: Any, a: Any, b: Any) -> Any:
    """numpy.minimum of floats or signed integers: NaN if either is, the second of equal zeros."""
    return _extreme(builder, "<", a, b)


def _extreme(builder: Any, operator: str, a: Any, b: Any) -> Any:
    if not _is_float(a):
        return builder.select(builder.icmp_signed(operator, a, b), a, b)
    first = builder.fcmp_ordered(operator, a, b)
    return builder.select(builder.or_(first, builder.fcmp_unordered("uno", a, a)), a, b)


def _lowest(dtype: np.dtype[Any]) -> Any:
    return -np.inf if dtype.kind == "f" else int(np.iinfo(dtype).min)


def _highest(dtype: np.dtype[Any]) -> Any:
    return np.inf if dtype.kind == "f" else int(np.iinfo(dtype).max)


REDUCTIONS = {
    "sum": Reduction(_add, lambda dtype: 0, lanes=_LANES),
    "prod": Reduction(_multiply, lambda dtype: 1, lanes=1),
    "max": Reduction(maximum, _lowest, lanes=4 * _LANES),
    "min": Reduction(minimum, _highest, lanes=4 * _LANES),
    "any": Reduction(lambda builder, a, b: builder.or_(a, b), lambda dtype: 0, lanes=1),
    "all": Reduction(lambda builder, a, b: builder.and_(a, b), lambda dtype: 1, lanes=1),
}
"""By NumPy's names. max and min are for floats and signed integers; any and all for bools."""


ValueAt = Callable[[Any, Sequence[Any]], Any]
"""(builder, counters) -> the value at the counters of a loop nest."""


def emit_reduction(
    builder: Any,
    shape: Sequence[int],
    along: Sequence[bool],
    kind: str,
    output: Operand,
    value_at: ValueAt,
) -> None:
    """Emit the loops of a reduction over a shape without zeros.

    Args:
        along: which axes are reduced; the output's strides there are zero.
        kind: a key of `REDUCTIONS`.
        value_at: emits what is reduced. It may be called for functions beside the builder's own,
            which have the same arguments.
    """
    reduction, dtype = REDUCTIONS[kind], output.dtype
    identity = ir.Constant(value_type(dtype), reduction.identity(dtype))
    kept = [1 if reduced else length for length, reduced in zip(shape, along)]
    by_rows = bool(along) and along[-1]
    outer = shape[:-1] if by_rows else shape
    through_memory = any(along[: len(outer)])  # partial results pass through the output
    if through_memory:
        with nest(builder, kept) as counters:
            store(builder, output, counters, identity)
    row = _Row(builder, reduction, dtype, value_at)
    with nest(builder, outer) as counters:
        if by_rows:
            value = row.reduce(counters, shape[-1])
            counters = [*counters, ir.Constant(INT64, 0)]
        else:
            value = value_at(builder, counters)
        if by_rows or through_memory:  # also 0 + row: NumPy's sum of nothing but -0 is +0
            before = load(builder, output, counters) if through_memory else identity
            value = reduction.combine(builder, before, value)
        store(builder, output, counters, value)


@dataclass(frozen=True)
class _Row:
    """One run along the last axis, at given counters of the others."""

    builder: Any
    reduction: Reduction
    dtype: np.dtype[Any]
    value: ValueAt

    def reduce(self, outer: Sequence[Any], length: int) -> Any:
        lanes = self.reduction.lanes if self.dtype.kind == "f" else 1
        while lanes > _LANES and length < 4 * lanes:
            lanes //= 2
        if lanes == 1 or length < lanes:
            return self._serial(self.builder, outer, 0, length, self._identity())
        if self.reduction is not REDUCTIONS["sum"] or length <= _BLOCK:
            return self._block(self.builder, outer, ir.Constant(INT64, 0), length, lanes)
        function = self._pairwise_function(len(outer))
        arguments = [*self.builder.function.args, *outer]
        run = [ir.Constant(INT64, 0), ir.Constant(INT64, length)]
        return self.builder.call(function, [*arguments, *run])

    def _identity(self) -> Any:
        return ir.Constant(value_type(self.dtype), self.reduction.identity(self.dtype))

    def _serial(self, builder: Any, outer: Sequence[Any], start: Any, stop: Any, first: Any) -> Any:
        """`first` combined with the elements start, ..., stop - 1, at least one, in turn."""
        before = builder.block
        with for_range(builder, start, stop) as counter:
            total = builder.phi(value_type(self.dtype))
            total.add_incoming(first, before)
            value = self.value(builder, [*outer, counter])
            following = self.reduction.combine(builder, total, value)
            total.add_incoming(following, builder.block)
        return following

    def _block(
        self, builder: Any, outer: Sequence[Any], start: Any, length: Any, lanes: int
    ) -> Any:
        """Interleaved partial results over a run of at least as many, then what is left.

        They are in arrays of eight: one loop over eight becomes one vector instruction or a few,
        and several of them need not wait for each other.
        """
        kind, combine = memory_type(self.dtype), self.reduction.combine
        with builder.goto_entry_block():
            arrays = [builder.alloca(kind, _LANES) for _ in range(lanes // _LANES)]
        length = ir.Constant(INT64, length) if isinstance(length, int) else length
        whole = builder.and_(length, ir.Constant(INT64, -lanes))
        stop, middle = builder.add(start, length), builder.add(start, whole)

        def each_lane(first: Any, update: Callable[[Any, Any], Any]) -> None:
            for k, array in enumerate(arrays):
                base = builder.add(first, ir.Constant(INT64, k * _LANES))
                with for_range(builder, 0, _LANES) as lane:
                    value = self.value(builder, [*outer, builder.add(base, lane)])
                    place = builder.gep(array, [lane], inbounds=True)
                    builder.store(update(place, value), place)

        each_lane(start, lambda place, value: value)
        with builder.if_then(builder.icmp_signed(">", whole, ir.Constant(INT64, lanes))):
            second = builder.add(start, ir.Constant(INT64, lanes))
            with for_range(builder, second, middle, lanes) as group:
                each_lane(
                    group,
                    lambda place, value: combine(builder, builder.load(place, typ=kind), value),
                )
        places = [
            builder.gep(array, [ir.Constant(INT64, k)], inbounds=True)
            for array in arrays
            for k in range(_LANES)
        ]
        partials = [builder.load(place, typ=kind) for place in places]
        while len(partials) > 1:  # ((0 1) (2 3)) ((4 5) (6 7))
            partials = [combine(builder, a, b) for a, b in zip(partials[::2], partials[1::2])]
        total, before = partials[0], builder.block
        with builder.if_then(builder.icmp_signed("<", middle, stop)):
            longer = self._serial(builder, outer, middle, stop, total)
            end = builder.block
        result = builder.phi(kind)
        result.add_incoming(total, before)
        result.add_incoming(longer, end)
        return result

    def _pairwise_function(self, outer_count: int) -> Any:
        """Of the pointers, the outer counters, a start and a length of more than a block."""
        caller = self.builder.function
        kind = ir.FunctionType(
            value_type(self.dtype), [POINTER] * len(caller.args) + [INT64] * (outer_count + 2)
        )
        function = ir.Function(self.builder.module, kind, f"{caller.name}.pairwise")
        function.linkage = "internal"
        function.attributes.add("noinline")
        builder = ir.IRBuilder(function.append_basic_block("entry"))
        *shared, start, length = function.args
        outer = shared[len(caller.args) :]
        for pointer in shared[: len(caller.args)]:
            pointer.add_attribute("noalias")
        with builder.if_then(builder.icmp_signed("<=", length, ir.Constant(INT64, _BLOCK))):
            builder.ret(self._block(builder, outer, start, length, _LANES))
        half = builder.and_(
            builder.lshr(length, ir.Constant(INT64, 1)), ir.Constant(INT64, -_LANES)
        )
        left = builder.call(function, [*shared, start, half])
        rest = [builder.add(start, half), builder.sub(length, half)]
        builder.ret(_add(builder, left, builder.call(function, [*shared, *rest])))
        return function
