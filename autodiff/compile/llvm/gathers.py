"""Reading and adding up elements at places that an index array gives."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from .arrays import INT64, Operand, contiguous, element, load, load_at, store_at
from .bindings import ir
from .loops import define, for_range, nest
from .reductions import maximum, minimum

STATUS = ir.IntType(32)
"""What the functions return: 0, or 1 if an index is out of bounds, before anything is written."""


@dataclass(frozen=True)
class Rows:
    """A C-contiguous array (outer, size, inner), of which `count` rows are read or added to.

    An index array of several axes is one of `count` elements here; the axes before and after the
    indexed one are one each.
    """

    outer: int
    size: int
    inner: int
    count: int
    dtype: np.dtype[Any]
    index_dtype: np.dtype[Any]

    @property
    def empty(self) -> bool:
        return 0 in (self.outer, self.inner, self.count)


def take_rows(module: Any, name: str, rows: Rows) -> Any:
    """Define `int32 name(table, index, out)`: out[o, k, :] = table[o, index[k], :]."""
    function, builder = define(module, name, 3, STATUS)
    table, _, out = function.args
    if not rows.empty:
        with _elements(builder, rows) as (indexed, straight):
            value = load_at(builder, table, rows.dtype, indexed)
            store_at(builder, out, rows.dtype, straight, value)
    builder.ret(ir.Constant(STATUS, 0))
    return function


def add_rows(module: Any, name: str, rows: Rows) -> Any:
    """Define `int32 name(target, index, source)`: target[o, index[k], :] += source[o, k, :].

    In the order of k, as numpy.add.at: an index may come more than once.
    """
    function, builder = define(module, name, 3, STATUS)
    target, _, source = function.args
    if not rows.empty:
        with _elements(builder, rows) as (indexed, straight):
            before = load_at(builder, target, rows.dtype, indexed)
            value = load_at(builder, source, rows.dtype, straight)
            add = builder.fadd if rows.dtype.kind == "f" else builder.add
            store_at(builder, target, rows.dtype, indexed, add(before, value))
    builder.ret(ir.Constant(STATUS, 0))
    return function


def wrap_index(builder: Any, index: Any, size: int) -> Any:
    """An int64 index counted from the end if negative."""
    from_end = builder.add(index, ir.Constant(INT64, size))
    negative = builder.icmp_signed("<", index, ir.Constant(INT64, 0))
    return builder.select(negative, from_end, index)


@contextmanager
def _elements(builder: Any, rows: Rows) -> Iterator[tuple[Any, Any]]:
    """A loop over all elements; their numbers in the indexed array and in the other one."""
    indices = contiguous(1, rows.index_dtype, (rows.count,))
    _return_if_out_of_bounds(builder, rows, indices)
    by_index = contiguous(0, rows.dtype, (rows.outer, rows.size, rows.inner))
    straight = contiguous(2, rows.dtype, (rows.outer, rows.count, rows.inner))
    with nest(builder, (rows.outer, rows.count)) as (o, k):
        row = wrap_index(builder, _index_at(builder, indices, k), rows.size)
        with for_range(builder, 0, rows.inner) as i:
            yield element(builder, by_index, (o, row, i)), element(builder, straight, (o, k, i))


def _return_if_out_of_bounds(builder: Any, rows: Rows, indices: Operand) -> None:
    """Look at all indices first: a loop that is vectorised, and nothing is half done."""
    before = builder.block
    with for_range(builder, 0, rows.count) as k:
        low, high = builder.phi(INT64), builder.phi(INT64)
        low.add_incoming(ir.Constant(INT64, 0), before)
        high.add_incoming(ir.Constant(INT64, -1), before)
        index = _index_at(builder, indices, k)
        lowest, highest = minimum(builder, low, index), maximum(builder, high, index)
        low.add_incoming(lowest, builder.block)
        high.add_incoming(highest, builder.block)
    below = builder.icmp_signed("<", lowest, ir.Constant(INT64, -rows.size))
    above = builder.icmp_signed(">=", highest, ir.Constant(INT64, rows.size))
    with builder.if_then(builder.or_(below, above), likely=False):
        builder.ret(ir.Constant(STATUS, 1))


def _index_at(builder: Any, indices: Operand, k: Any) -> Any:
    index = load(builder, indices, [k])
    if index.type.width == 64:
        return index
    widen = builder.sext if indices.dtype.kind == "i" else builder.zext
    return widen(index, INT64)
