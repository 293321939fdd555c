"""What an element of a value is in terms of elements of its operands: a rule for each operation.

Views, joins and shifts disappear into the index. Where which operand is read depends on a counter,
the box of counters must be cut (`SplitError`); where a value cannot be computed at such an index it
must be stored (`NeedStoreError`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as onp

from ..ir import REDUCTIONS, Number, Program, Value
from .indexing import indexed
from .memory_views import view_of
from .nest import INT64, Index, Linear, Scalar
from .obstacles import NeedStoreError
from .storing import is_unrolled

if TYPE_CHECKING:
    from .inlining import Inliner

Rule = Callable[["Inliner", Number, Value, Index], int]
"""(inliner, number of the value, the value, index) -> scalar"""


JOINS = frozenset({"roll", "concatenate", "place", "update"})
"""Operations whose entries come from one operand or another, or from elsewhere in it."""


def rule_of(program: Program, k: Number) -> Rule:
    """The rule for a value.

    Raises:
        NeedStoreError: it is computed by a step of its own.
    """
    value = program.values[k]
    rule = _RULES.get(value.op)
    if rule is not None:
        return rule
    if is_unrolled(program, value):
        return _unrolled
    if value.kind != "map" or not value.operands:
        raise NeedStoreError(k)
    return _map


def _map(inliner: Inliner, k: Number, value: Value, index: Index) -> int:
    operands = [inliner.at(x, inliner.aligned(x, index)) for x in value.operands]
    kind = inliner.program.values[value.operands[0]].dtype
    known = inliner.known_range(operands[0]) if value.op == "remainder" else None
    number = inliner.add(Scalar(value.op, tuple(operands), value.dtype, known, kind))
    if value.op == "remainder" and value.dtype.kind in "iu":
        divisor = inliner.known_range(operands[1])
        if divisor is not None and divisor[0] > 0:
            inliner.bounded(number, 0, divisor[1] - 1)
    elif value.op in ("add", "subtract") and value.dtype == INT64:
        _bound_sum(inliner, number, operands, 1 if value.op == "add" else -1)
    return number


def _bound_sum(inliner: Inliner, number: int, operands: Sequence[int], sign: int) -> None:
    every = (-(2**62), 2**62)
    ranges = [inliner.known_range(x) or every for x in operands]
    (a, b), (c, d) = ranges[0], ranges[1][::sign]
    if max(map(abs, (a, b, c, d))) < 2**61:
        inliner.bounded(number, a + sign * c, b + sign * d)


def _cast(inliner: Inliner, k: Number, value: Value, index: Index) -> int:
    number = inliner.at(value.operands[0], index)
    source = inliner.scalars[number].dtype
    made = inliner.add(Scalar("cast", (number,), value.dtype, None, source))
    known = inliner.known_range(number)
    if known is not None and source.kind in "iu" and value.dtype == INT64:
        inliner.bounded(made, *known)
    return made


def _copy(inliner: Inliner, k: Number, value: Value, index: Index) -> int:
    x = value.operands[0]
    return inliner.at(x, inliner.aligned(x, index))


def _transpose(inliner: Inliner, k: Number, value: Value, index: Index) -> int:
    axes = value.param("axes")
    return inliner.at(value.operands[0], tuple([index[axes.index(a)] for a in range(len(axes))]))


def _slice(inliner: Inliner, k: Number, value: Value, index: Index) -> int:
    parts = value.param("parts")
    inner = tuple([at.times(step).plus(start) for at, (start, step, _) in zip(index, parts)])
    return inliner.at(value.operands[0], inner)


def _reshape(inliner: Inliner, k: Number, value: Value, index: Index) -> int:
    place = view_of(inliner.program, inliner.places, k)
    if place is not None:
        return inliner.load_from(place, index)
    x = value.operands[0]
    shape = inliner.program.values[x].shape
    found: list[Linear] = []
    rest = [(n, at) for n, at in zip(value.shape, index) if n != 1]
    for n in shape:  # each axis must be cut into whole axes of the result
        at, size = inliner.number(0), 1
        taken = []
        while size < n and rest:
            taken.append(rest.pop(0))
            size *= taken[-1][0]
        if size != n:
            raise NeedStoreError(x)
        for length, each in taken:
            at = at.times(length).plus(each)
        found.append(at)
    return inliner.at(x, tuple(found))


def _roll(inliner: Inliner, k: Number, value: Value, index: Index) -> int:
    found = list(index)
    for axis, shift in value.param("by"):
        found[axis] = inliner.wrapped(index[axis].plus(-shift), value.shape[axis], k)
    return inliner.at(value.operands[0], tuple(found))


def _concatenate(inliner: Inliner, k: Number, value: Value, index: Index) -> int:
    axis, start = value.param("axis"), 0
    for x in value.operands:
        n = inliner.program.values[x].shape[axis]
        if n and inliner.below(index[axis], start + n, k):
            inner = (*index[:axis], index[axis].plus(-start), *index[axis + 1 :])
            return inliner.at(x, inner)
        start += n
    raise AssertionError("an index beyond a concatenation")


def _region(inliner: Inliner, k: Number, parts: Any, index: Index) -> Index | None:
    """The index within the parts of an array, which are next to each other; None outside."""
    found = []
    for at, (start, step, count) in zip(index, parts):
        if count == 0:
            return None
        if abs(step) != 1 and count > 1:
            raise NeedStoreError(k)
        low = start if step > 0 or count == 1 else start - count + 1
        if inliner.below(at, low, k) or not inliner.below(at, low + count, k):
            return None
        found.append(at.plus(-start).times(step if count > 1 else 1))
    return tuple(found)


def _place(inliner: Inliner, k: Number, value: Value, index: Index) -> int:
    inner = _region(inliner, k, value.param("parts"), index)
    if inner is None:
        zero = onp.zeros(1, value.dtype).tobytes()
        return inliner.add(Scalar("constant", (), value.dtype, zero))
    return inliner.at(value.operands[0], inner)


def _update(inliner: Inliner, k: Number, value: Value, index: Index) -> int:
    inner = _region(inliner, k, value.param("parts"), index)
    return inliner.at(value.operands[0], index) if inner is None else inliner.at(
        value.operands[1], inner
    )  # fmt: skip


def _gather(inliner: Inliner, k: Number, value: Value, index: Index) -> int:
    source = value.operands[0]
    inner = indexed(inliner, value.param("index"), value, source, index)
    return inliner.at(source, inner)


def _unrolled(inliner: Inliner, k: Number, value: Value, index: Index) -> int:
    """A reduction over so few entries that it is written out, in NumPy's order."""
    x = value.operands[0]
    shape, axes = inliner.program.values[x].shape, value.param("axes")
    rest = iter(index)
    kept: list[Linear] = []
    for axis in range(len(shape)):
        if axis in axes:
            kept.append(inliner.number(0))
            if value.param("keepdims"):
                next(rest)
        else:
            kept.append(next(rest))
    total, name = None, REDUCTIONS[value.op].__name__
    if value.op == "sum" and value.dtype.kind == "f":  # NumPy's sum of nothing but -0 is +0
        total = inliner.add(
            Scalar("constant", (), value.dtype, onp.zeros((), value.dtype).tobytes())
        )
    for place in onp.ndindex(*(shape[axis] for axis in axes)):
        for axis, at in zip(axes, place):
            kept[axis] = inliner.number(at)
        entry = inliner.at(x, tuple(kept))
        if total is None:
            total = entry
        else:
            kind = inliner.program.values[x].dtype
            total = inliner.add(Scalar(name, (total, entry), value.dtype, None, kind))
    assert total is not None, "an empty reduction has a nest of its own"
    return total


_RULES: dict[str, Rule] = {
    "cast": _cast,
    "copy": _copy,
    "select": _map,
    "transpose": _transpose,
    "slice": _slice,
    "broadcast": _copy,
    "reshape": _reshape,
    "roll": _roll,
    "concatenate": _concatenate,
    "place": _place,
    "update": _update,
    "gather": _gather,
}
