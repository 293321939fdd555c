"""Nests as LLVM functions, one for each different nest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any

import numpy as np

from ..loops.nest import Linear, Nest, Piece, Scalar, Store, shared_axis
from . import scalars
from .arrays import INT64, POINTER, Operand, load_at, store_at, value_type
from .bindings import ir
from .loops import for_range
from .reductions import emit_reduction
from .sums import emit_sums

STATUS = ir.IntType(32)
"""What functions return whose indices are checked: 0, or 1 where one was out of bounds."""


def define_nest(
    module: Any, name: str, nest: Nest, dtypes: Sequence[np.dtype[Any]], shared: bool
) -> Any:
    """Define `void name(pointers...)`, or `int32` where indices are checked.

    Never inlined, which keeps LLVM's time linear in the number of nests.

    Args:
        dtypes: of the arguments, which are arrays that do not overlap.
        shared: whether several threads divide an axis: two more arguments, int64, say from
            where to where.
    """
    result = STATUS if nest.checks else ir.VoidType()
    arguments = [POINTER] * nest.arguments + [INT64] * (2 * shared)
    function = ir.Function(module, ir.FunctionType(result, arguments), name)
    function.linkage = "internal"
    for attribute in ("noinline", "nounwind"):
        function.attributes.add(attribute)
    for argument in function.args[: nest.arguments]:
        argument.add_attribute("noalias")
    _NestWriter(nest, dtypes, function, shared).write()
    return function


MANY_GATHERS = 4
"""Loads at computed addresses from which on a loop is faster without vectors: processors do them
one by one anyhow, and putting vectors together from them costs more than is won (measured on AMD
Zen 5 with AVX-512: 12 gathers of the fluid's advection 46 us without, 58 with)."""


def _gathers(nest: Nest) -> int:
    """How many loads of an element go to computed addresses."""
    innermost = len(nest.shape) - 1
    return max(
        sum(
            scalar.op == "load" and _varies(piece, scalar.detail[1], innermost)
            for scalar in piece.scalars
        )
        for piece in nest.pieces
    )


def _varies(piece: Piece, element: Linear, innermost: int) -> bool:
    """Whether scalars that an element number is made of change along the innermost axis."""
    return any(piece.scalars[scalar].op != "wrapped" for scalar, _ in element.scalars)


class _NestWriter:
    """Writes one function."""

    def __init__(
        self, nest: Nest, dtypes: Sequence[np.dtype[Any]], function: Any, shared: bool
    ) -> None:
        self.nest = nest
        self.dtypes = dtypes
        self.builder = ir.IRBuilder(function.append_basic_block("entry"))
        self.bounds = function.args[nest.arguments :] if shared else None
        self.vectorize = _gathers(nest) < MANY_GATHERS
        self.status = None
        if nest.checks:
            self.status = self.builder.alloca(STATUS)
            self.builder.store(ir.Constant(STATUS, 0), self.status)

    def write(self) -> None:
        """The body of the function."""
        builder = self.builder
        if self.nest.reduction is not None:
            self._reduction()
        elif self.nest.sums:
            self._with_sums(self.nest.pieces[0], self.nest.shape[0])
        else:
            for outer, pieces in groupby(self.nest.pieces, key=lambda piece: piece.box[:-1]):
                self._loops(outer, list(pieces), [])
        if self.status is None:
            builder.ret_void()
        else:
            builder.ret(builder.load(self.status, typ=STATUS))

    def _loops(self, outer: Any, pieces: Sequence[Piece], counters: list[Any]) -> None:
        """The loops over the axes after `counters`; the pieces differ in the last axis."""
        axis = len(counters)
        if axis == len(self.nest.shape):
            self._straight(pieces[0], counters)
        elif axis < len(outer):
            with self._range(axis, *outer[axis]) as counter:
                self._loops(outer, pieces, [*counters, counter])
        else:
            for piece in pieces:
                with self._range(axis, *piece.box[axis]) as counter:
                    self._straight(piece, [*counters, counter])

    def _range(self, axis: int, start: int, stop: int) -> Any:
        if self.bounds is not None and axis == shared_axis(self.nest.shape):
            return _clipped_range(self.builder, start, stop, *self.bounds)
        last = axis == len(self.nest.shape) - 1
        return for_range(self.builder, start, stop, vectorize=not last or self.vectorize)

    def _straight(self, piece: Piece, counters: Sequence[Any]) -> None:
        values = self._values(self.builder, piece.scalars, counters)
        self._store_all(piece.stores, counters, values)

    def _store_all(
        self, stores: Sequence[Store], counters: Sequence[Any], values: Sequence[Any]
    ) -> None:
        builder = self.builder
        for store in stores:
            number = linear(builder, store.element, counters, values)
            pointer, dtype = builder.function.args[store.argument], self.dtypes[store.argument]
            value = values[store.scalar]
            if store.adds:
                before = load_at(builder, pointer, dtype, number)
                add = (
                    builder.fadd
                    if dtype.kind == "f"
                    else builder.or_
                    if dtype.kind == "b"
                    else builder.add
                )
                value = add(before, value)
            store_at(builder, pointer, dtype, number, value)

    def _with_sums(self, piece: Piece, length: int) -> None:
        """One loop that sums up some scalars, and stores others."""
        builder = self.builder
        sums = [store for store in piece.stores if store.sums]
        others = [store for store in piece.stores if not store.sums]

        def values_at(counter: Any) -> list[Any]:
            values = self._values(builder, piece.scalars, [counter])
            self._store_all(others, [counter], values)
            return [values[store.scalar] for store in sums]

        dtypes = [self.dtypes[store.argument] for store in sums]
        totals = emit_sums(builder, dtypes, length, values_at)
        for store, total in zip(sums, totals):
            pointer, dtype = builder.function.args[store.argument], self.dtypes[store.argument]
            store_at(builder, pointer, dtype, ir.Constant(INT64, 0), total)

    def _values(self, builder: Any, every: Sequence[Scalar], counters: Sequence[Any]) -> list[Any]:
        values: list[Any] = []
        for scalar in every:
            values.append(self._value(builder, scalar, counters, values))
        return values

    def _value(
        self, builder: Any, scalar: Scalar, counters: Sequence[Any], values: list[Any]
    ) -> Any:
        operands = [values[k] for k in scalar.operands]
        if scalar.op == "load":
            argument, element = scalar.detail
            number = linear(builder, element, counters, values)
            return load_at(builder, builder.function.args[argument], scalar.dtype, number)
        if scalar.op == "constant":
            return _constant(scalar)
        if scalar.op == "wrapped":
            at, n = scalar.detail
            number = linear(builder, at, counters, values)
            negative = builder.icmp_signed("<", number, ir.Constant(INT64, 0))
            return builder.select(negative, builder.add(number, ir.Constant(INT64, n)), number)
        if scalar.op == "place":
            return self._place(builder, operands[0], scalar.detail)
        if scalar.op == "cast":
            assert scalar.kind is not None
            return scalars.cast(builder, operands[0], scalar.kind, scalar.dtype)
        if scalar.op == "select":
            return builder.select(*operands)
        assert scalar.kind is not None
        if scalar.op == "remainder":
            found = self._remainder(builder, scalar, *operands)
            if found is not None:
                return found
        return scalars.emit(builder, scalar.op, scalar.kind, operands)

    def _remainder(self, builder: Any, scalar: Scalar, x: Any, n: Any) -> Any | None:
        """A remainder that is found in a quicker way than by division; None if there is none."""
        if scalar.detail is not None and isinstance(n, ir.Constant):
            low, high = scalar.detail
            found = scalars.remainder_in(builder, low, high, x, n)
            if found is not None:
                return found
        if self.vectorize and isinstance(n, ir.Constant) and scalar.kind is not None:
            return scalars.remainder_by(builder, scalar.kind, x, n.constant)
        return None

    def _place(self, builder: Any, number: Any, n: int) -> Any:
        """An index counted from the end if negative; 0, and a note of it, if out of bounds."""
        zero = ir.Constant(INT64, 0)
        negative = builder.icmp_signed("<", number, zero)
        number = builder.select(negative, builder.add(number, ir.Constant(INT64, n)), number)
        inside = builder.icmp_unsigned("<", number, ir.Constant(INT64, n))
        bad = builder.zext(builder.not_(inside), STATUS)
        builder.store(builder.or_(builder.load(self.status, typ=STATUS), bad), self.status)
        return builder.select(inside, number, zero)

    def _reduction(self) -> None:
        assert self.nest.reduction is not None
        kind, axes = self.nest.reduction
        (piece,) = self.nest.pieces
        (store,) = piece.stores
        output = Operand(
            store.argument,
            self.dtypes[store.argument],
            store.element.counters,
            store.element.offset,
        )
        along = [axis in axes for axis in range(len(self.nest.shape))]

        def value_at(builder: Any, counters: Sequence[Any]) -> Any:
            return self._values(builder, piece.scalars, counters)[store.scalar]

        emit_reduction(self.builder, self.nest.shape, along, kind, output, value_at)


def linear(builder: Any, x: Linear, counters: Sequence[Any], values: Sequence[Any]) -> Any:
    """A linear integer, int64."""
    number = ir.Constant(INT64, x.offset)
    terms = [(c, counters[axis]) for axis, c in enumerate(x.counters) if c]
    terms += [(c, values[scalar]) for scalar, c in x.scalars]
    for c, value in terms:
        term = value if c == 1 else builder.mul(value, ir.Constant(INT64, c))
        number = term if number is None else builder.add(number, term)
    return number


def _constant(scalar: Scalar) -> Any:
    value = np.frombuffer(scalar.detail, scalar.dtype)[0]
    kind = value_type(scalar.dtype)
    if scalar.dtype.kind == "f":
        return ir.Constant(kind, float(value))
    return ir.Constant(kind, int(value))


@contextmanager
def _clipped_range(builder: Any, start: int, stop: int, low: Any, high: Any) -> Iterator[Any]:
    """A loop over the part of a range that lies within bounds known only when it runs."""
    first, last = ir.Constant(INT64, start), ir.Constant(INT64, stop)
    first = builder.select(builder.icmp_signed(">", low, first), low, first)
    last = builder.select(builder.icmp_signed("<", high, last), high, last)
    with (
        builder.if_then(builder.icmp_signed("<", first, last)),
        for_range(builder, first, last) as counter,
    ):
        yield counter
