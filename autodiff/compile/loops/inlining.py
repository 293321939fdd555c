"""What an element of a value is: scalar code that ends at loads from memory.

Views, joins and shifts disappear into the index. Where which operand is read depends on a counter,
the box of counters must be cut (`SplitError`); where a value cannot be computed at such an index it
must be stored (`NeedStoreError`). Both are for the caller, who begins again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as onp

from ..ir import REDUCTIONS, Number, Program, Value
from .indexing import indexed
from .memory_views import view_of
from .nest import Box, Linear, Scalar, dot
from .storing import Memory, is_unrolled

Index = tuple[Linear, ...]
INT64 = onp.dtype("int64")
DEEPEST = 120
"""Values more operations away than this from the memory they depend on are stored."""


class SplitError(Exception):
    """The box must be cut along `axis` before counter `at`."""

    def __init__(self, axis: int, at: int) -> None:
        super().__init__(axis, at)
        self.axis, self.at = axis, at


class NeedStoreError(Exception):
    """Value `number` must be in memory."""

    def __init__(self, number: Number) -> None:
        super().__init__(number)
        self.number = number


class Inliner:
    """Writes scalars for one piece of a nest.

    Args:
        memory: where values are.
        box: the ranges of the counters.
        argument: the number of the argument that a value's memory is.

    Attributes:
        scalars: what was written.
        computed: (argument, element) -> scalar, of stores in this very piece, which need no load.
    """

    def __init__(
        self,
        program: Program,
        memory: Memory,
        box: Box,
        argument: Callable[[Number], int],
    ) -> None:
        self.program = program
        self.memory = memory.strides
        self.ranges = memory.ranges
        self.box = box
        self.argument = argument
        self.scalars: list[Scalar] = []
        self.computed: dict[tuple[int, Linear], int] = {}
        self._numbers: dict[Scalar, int] = {}
        self._ranges: dict[int, tuple[int, int]] = {}
        self._known: dict[tuple[Number, Index], int] = {}
        self._depth = 0

    def at(self, k: Number, index: Index) -> int:
        """The scalar that is the element of value `k` at an index."""
        key = (k, index)
        found = self._known.get(key)
        if found is None:
            self._depth += 1
            if self._depth > DEEPEST and k not in self.memory:
                raise NeedStoreError(k)
            found = self._known[key] = self._at(k, index)
            self._depth -= 1
        return found

    def _at(self, k: Number, index: Index) -> int:
        if k in self.memory:
            return self._load(k, dot(index, self.memory[k], len(self.box)))
        return self.defined(k, index)

    def defined(self, k: Number, index: Index) -> int:
        """As `at`, computed even if the value has memory, which is being filled."""
        value = self.program.values[k]
        if value.op == "constant":
            return self._constant(value)
        rule = _RULES.get(value.op)
        if rule is None and is_unrolled(self.program, value):
            rule = _unrolled
        if rule is None:
            if value.kind != "map":
                raise NeedStoreError(k)
            if len(value.operands) == 0:
                raise NeedStoreError(k)
            rule = _map
        return rule(self, k, value, index)

    def counter(self, axis: int) -> Linear:
        """The counter of an axis as a coordinate."""
        return Linear(tuple([int(axis == other) for other in range(len(self.box))]))

    def number(self, offset: int) -> Linear:
        """A coordinate that is the same everywhere."""
        return Linear((0,) * len(self.box), offset)

    def add(self, scalar: Scalar) -> int:
        """The number of a scalar, written once."""
        number = self._numbers.setdefault(scalar, len(self.scalars))
        if number == len(self.scalars):
            self.scalars.append(scalar)
        return number

    def range_of(self, x: Linear) -> tuple[int, int]:
        """The least and the largest that a coordinate becomes."""
        low = high = x.offset
        ranges = [(c, (start, stop - 1)) for c, (start, stop) in zip(x.counters, self.box) if c]
        ranges += [(c, self._ranges[scalar]) for scalar, c in x.scalars]
        for c, (first, last) in ranges:
            low += min(c * first, c * last)
            high += max(c * first, c * last)
        return low, high

    def below(self, x: Linear, limit: int, k: Number) -> bool:
        """Whether a coordinate is below a limit everywhere; cut the box if it depends."""
        low, high = self.range_of(x)
        if high < limit:
            return True
        if low >= limit:
            return False
        used = [axis for axis, c in enumerate(x.counters) if c]
        if x.scalars or len(used) != 1:
            raise NeedStoreError(k)
        axis = used[0]
        c = x.counters[axis]
        if c > 0:  # first counter that is not below
            raise SplitError(axis, -(-(limit - x.offset) // c))
        raise SplitError(axis, (x.offset - limit) // -c + 1)

    def wrapped(self, x: Linear, n: int, k: Number) -> Linear:
        """A coordinate from -n to n - 1, with n added where it is negative.

        Along the innermost axis the box is cut, so that loads stay neighbours; along others the
        addition is done, outside of the innermost loop.
        """
        low, high = self.range_of(x)
        if low >= 0 or high < 0:
            return x if low >= 0 else x.plus(n)
        innermost = len(self.box) - 1
        if not x.scalars and x.counters[innermost]:
            return x.plus(n) if self.below(x, 0, k) else x
        number = self.add(Scalar("wrapped", (), INT64, (x, n)))
        self._ranges[number] = (0, n - 1)
        return self.number(0)._replace(scalars=((number, 1),))

    def entry(self, k: Number, index: Index, n: int) -> Linear:
        """The element of an array of indices, as a coordinate along an axis of length n."""
        number = self.at(k, index)
        known = self._ranges.get(number)
        source = self.scalars[number].dtype
        if source != INT64:
            number = self.add(Scalar("cast", (number,), INT64, None, source))
            if known is not None:
                self.bounded(number, *known)
        if known is None or known[0] < 0 or known[1] >= n:
            number = self.add(Scalar("place", (number,), INT64, n))
            self._ranges[number] = (0, n - 1)
        return self.number(0)._replace(scalars=((number, 1),))

    def bounded(self, number: int, low: int, high: int) -> int:
        """Note what a scalar lies between."""
        self._ranges.setdefault(number, (low, high))
        return number

    def known_range(self, number: int) -> tuple[int, int] | None:
        """What an integer scalar is known to lie between."""
        scalar = self.scalars[number]
        if scalar.op == "constant" and scalar.dtype.kind in "iu":
            n = int(onp.frombuffer(scalar.detail, scalar.dtype)[0])
            return n, n
        return self._ranges.get(number)

    def aligned(self, k: Number, index: Index) -> Index:
        """The index of an operand that is broadcast to where `index` points."""
        shape = self.program.values[k].shape
        zero = self.number(0)
        tail = index[len(index) - len(shape) :]
        return tuple([zero if n == 1 else at for n, at in zip(shape, tail)])

    def _load(self, root: Number, element: Linear) -> int:
        argument = self.argument(root)
        found = self.computed.get((argument, element))
        if found is not None:
            return found
        dtype = self.program.values[root].dtype
        number = self.add(Scalar("load", (), dtype, (argument, element)))
        if root in self.ranges:
            self.bounded(number, *self.ranges[root])
        return number

    def _constant(self, value: Value) -> int:
        entry = value.param("data").array.reshape(-1)[:1]  # all are equal, else it is in memory
        return self.add(Scalar("constant", (), value.dtype, entry.tobytes()))


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
    if number in inliner._ranges and source.kind in "iu" and value.dtype == INT64:
        inliner.bounded(made, *inliner._ranges[number])
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
    place = view_of(inliner.program, inliner.memory, k)
    if place is not None:
        return inliner._load(
            place.root, dot(index, place.strides, len(inliner.box), place.offset)
        )  # fmt: skip
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


Rule = Callable[[Inliner, Number, Value, Index], int]
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
