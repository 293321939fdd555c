"""Scalar code of a piece of a nest: elements of values, computed from what is in memory.

Where a piece cannot be written it must be cut, or a value stored, see `obstacles`. The caller then
begins again.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as onp

from ..ir import Number, Program, Value
from .elements import JOINS, rule_of
from .memory_views import Place
from .nest import INT64, Box, Index, Linear, Scalar, dot
from .obstacles import NeedStoreError, SplitError
from .storing import Memory


class Inliner:
    """Writes scalars for one piece of a nest.

    Args:
        memory: where values are.
        box: the ranges of the counters.
        argument: the number of the argument that a value's memory is.

    Attributes:
        scalars: what was written.
        computed: (argument, element) -> scalar, of stores in this very piece, which need no load.
        joins: values met without memory whose entries come from several places.
    """

    def __init__(
        self,
        program: Program,
        memory: Memory,
        box: Box,
        argument: Callable[[Number], int],
    ) -> None:
        self.program = program
        self.places = memory.places
        self.ranges = memory.ranges
        self.box = box
        self.argument = argument
        self.scalars: list[Scalar] = []
        self.computed: dict[tuple[int, Linear], int] = {}
        self.joins: set[Number] = set()
        self._numbers: dict[Scalar, int] = {}
        self._ranges: dict[int, tuple[int, int]] = {}
        self._known: dict[tuple[Number, Index], int] = {}

    def at(self, k: Number, index: Index) -> int:
        """The scalar that is the element of value `k` at an index."""
        key = (k, index)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._at(k, index)
        return found

    def _at(self, k: Number, index: Index) -> int:
        place = self.places.get(k)
        if place is not None:
            return self.load_from(place, index)
        if self.program.values[k].op in JOINS:
            self.joins.add(k)
        return self.defined(k, index)

    def defined(self, k: Number, index: Index) -> int:
        """As `at`, computed even if the value has memory, which is being filled."""
        value = self.program.values[k]
        if value.op == "constant":
            return self._constant(value)
        return rule_of(self.program, k)(self, k, value, index)

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

    def load_from(self, place: Place, index: Index) -> int:
        """The element of what lies somewhere, at an index."""
        return self.load(place.root, dot(index, place.strides, len(self.box), place.offset))

    def load(self, root: Number, element: Linear) -> int:
        """The element of a value that has memory, which a store before may have at hand."""
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
