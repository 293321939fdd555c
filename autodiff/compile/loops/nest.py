"""The language of loops: nests over boxes of counters, with straight-line scalar code inside.

Arrays are arguments with element strides; every size is known. A nest prints as a program:

    for i0 in 0:32, i1 in 0:10
      s0 = load a0[10*i0 + i1] : float64
      s1 = tanh(s0) : float64
      a1[10*i0 + i1] = s1
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as onp

Box = tuple[tuple[int, int], ...]
"""For each counter the range that it runs through."""
INT64 = onp.dtype("int64")


class Linear(NamedTuple):
    """An integer that is linear in the counters, and in integer scalars of the same nest.

    Attributes:
        counters: the coefficient of each counter.
        offset: what is added.
        scalars: (number of a scalar, coefficient), in order.
    """

    counters: tuple[int, ...]
    offset: int = 0
    scalars: tuple[tuple[int, int], ...] = ()

    def plus(self, other: Linear | int, factor: int = 1) -> Linear:
        """self + factor * other."""
        if isinstance(other, int):
            return self._replace(offset=self.offset + factor * other)
        sums = dict(self.scalars)
        for scalar, coefficient in other.scalars:
            sums[scalar] = sums.get(scalar, 0) + factor * coefficient
        return Linear(
            tuple([a + factor * b for a, b in zip(self.counters, other.counters)]),
            self.offset + factor * other.offset,
            tuple(sorted((s, c) for s, c in sums.items() if c)),
        )

    def times(self, factor: int) -> Linear:
        """factor * self."""
        return Linear((0,) * len(self.counters)).plus(self, factor)

    def __str__(self) -> str:
        terms = [(c, f"i{axis}") for axis, c in enumerate(self.counters) if c]
        terms += [(c, f"s{scalar}") for scalar, c in self.scalars]
        shown = [name if c == 1 else f"{c}*{name}" for c, name in terms]
        if self.offset or not shown:
            shown.append(str(self.offset))
        return " + ".join(shown).replace("+ -", "- ")


Index = tuple[Linear, ...]
"""Coordinates along the axes of a value."""


def dot(index: Sequence[Linear], strides: Sequence[int], rank: int, offset: int = 0) -> Linear:
    """The element number at an index; `rank` is the number of counters."""
    counters = [0] * rank
    scalars: dict[int, int] = {}
    for at, stride in zip(index, strides):
        if stride == 0:
            continue
        offset += stride * at.offset
        for axis, c in enumerate(at.counters):
            counters[axis] += stride * c
        for scalar, c in at.scalars:
            scalars[scalar] = scalars.get(scalar, 0) + stride * c
    found = tuple(sorted((s, c) for s, c in scalars.items() if c))
    return Linear(tuple(counters), offset, found)


@dataclass(frozen=True)
class Scalar:
    """One scalar operation.

    Attributes:
        op: "load" (detail: argument and element), "constant" (its bytes), "wrapped" (a Linear, and
            n that is added where it is negative), "place" (n: an index counted from the end where
            negative, and checked), "cast", "select", or the name of a ufunc (of a remainder the
            range that the dividend is known to lie in).
        operands: numbers of scalars before.
        dtype: of the result.
        detail: see `op`.
        kind: for a ufunc, the dtype of its operands.
    """

    op: str
    operands: tuple[int, ...]
    dtype: onp.dtype[Any]
    detail: Any = None
    kind: onp.dtype[Any] | None = None

    def __str__(self) -> str:
        shown = [f"s{k}" for k in self.operands]
        if self.op == "load":
            return f"load a{self.detail[0]}[{self.detail[1]}] : {self.dtype}"
        if self.op == "constant":
            return f"{onp.frombuffer(self.detail, self.dtype)[0]!s} : {self.dtype}"
        if self.op == "wrapped":
            shown = [f"{self.detail[0]}, {self.detail[1]}"]
        elif self.detail is not None:
            shown.append(str(self.detail))
        return f"{self.op}({', '.join(shown)}) : {self.dtype}"


@dataclass(frozen=True)
class Store:
    """Writing a scalar to an element of an argument, or adding it there.

    Attributes:
        adds: it is added, counter by counter.
        puts: it may be written over by a later counter.
        sums: the element becomes the sum over all counters, in whatever order is quick.
    """

    argument: int
    element: Linear
    scalar: int
    adds: bool = False
    puts: bool = False
    sums: bool = False

    def __str__(self) -> str:
        how = "+=" if self.adds else "= sum of" if self.sums else "="
        return f"a{self.argument}[{self.element}] {how} s{self.scalar}"


@dataclass(frozen=True)
class Piece:
    """What is done at all counters of a box."""

    box: Box
    scalars: tuple[Scalar, ...]
    stores: tuple[Store, ...]


@dataclass(frozen=True)
class Nest:
    """Loops over a shape, cut into pieces that do different things.

    Attributes:
        shape: the extents of the counters.
        pieces: their boxes cover the shape; those that differ in the last axis alone come one after
            the other.
        arguments: how many arrays there are.
        reduction: None, or the operation and the axes along which the one store is reduced.
    """

    shape: tuple[int, ...]
    pieces: tuple[Piece, ...]
    arguments: int
    reduction: tuple[str, tuple[int, ...]] | None = None

    @property
    def ordered(self) -> bool:
        """Whether counters must run in their order on one thread: they write the same elements."""
        return any(store.adds or store.puts for piece in self.pieces for store in piece.stores)

    @property
    def sums(self) -> bool:
        """Whether something is summed up beside other things; the nest has one axis then."""
        return any(store.sums for piece in self.pieces for store in piece.stores)

    @property
    def checks(self) -> bool:
        """Whether indices are checked, and the nest says if one was out of bounds."""
        return any(s.op == "place" for piece in self.pieces for s in piece.scalars)

    @property
    def work(self) -> int:
        """How many scalar operations are done."""
        total = 0
        for piece in self.pieces:
            size = 1
            for start, stop in piece.box:
                size *= stop - start
            total += size * (len(piece.scalars) + len(piece.stores))
        return total

    def __str__(self) -> str:
        lines = []
        for piece in self.pieces:
            ranges = (f"i{k} in {start}:{stop}" for k, (start, stop) in enumerate(piece.box))
            along = (
                "" if self.reduction is None else " reducing {} along {}".format(*self.reduction)
            )
            lines.append(f"for {', '.join(ranges) or 'once'}{along}")
            lines += [f"  s{k} = {scalar}" for k, scalar in enumerate(piece.scalars)]
            lines += [f"  {store}" for store in piece.stores]
        return "\n".join(lines)


WORTH_SHARING = 1_000_000
"""Scalar operations of a nest from which on threads share it. Less takes one of them no longer than
it takes two to meet, and to fetch what the other has written (measured where they are far apart: 2
microseconds each time, and half as fast at 110 x 110 cells as one thread alone)."""
FEW = 4
"""Leading axes of at most this length are the same for all threads: they divide a longer one, and
each finds what it has written itself."""


def shared_axis(shape: Sequence[int]) -> int:
    """The axis of a nest that threads divide among them."""
    return next((axis for axis, n in enumerate(shape) if n > FEW), 0)


def merged(nest: Nest) -> Nest:
    """The same loops in fewer, longer axes, where everything steps evenly through two of them."""
    if len(nest.pieces) != 1 or any(start or stop != n for n, (start, stop) in _extents(nest)):
        return nest
    piece = nest.pieces[0]
    every = list(_linears(piece))
    along = set() if nest.reduction is None else set(nest.reduction[1])
    kept: list[tuple[int, int]] = []  # axis, length
    for axis, n in enumerate(nest.shape):
        if n == 1:
            continue
        if kept:
            before, length = kept[-1]
            even = all(x.counters[before] == n * x.counters[axis] for x in every)
            apart = nest.work >= WORTH_SHARING and length <= FEW and not nest.sums
            if even and not apart and (before in along) == (axis in along):
                kept[-1] = (axis, length * n)
                continue
        kept.append((axis, n))
    if len(kept) == len(nest.shape):
        return nest
    axes = [axis for axis, _ in kept]
    shape = tuple(n for _, n in kept)
    piece = _with_counters(piece, axes, tuple((0, n) for n in shape))
    reduction = nest.reduction
    if reduction is not None:
        reduction = (reduction[0], tuple(k for k, axis in enumerate(axes) if axis in along))
    return replace(nest, shape=shape, pieces=(piece,), reduction=reduction)


def _extents(nest: Nest) -> Iterable[tuple[int, tuple[int, int]]]:
    return zip(nest.shape, nest.pieces[0].box)


def _linears(piece: Piece) -> Iterable[Linear]:
    for scalar in piece.scalars:
        if scalar.op == "load":
            yield scalar.detail[1]
        elif scalar.op == "wrapped":
            yield scalar.detail[0]
    for store in piece.stores:
        yield store.element


def _with_counters(piece: Piece, axes: Sequence[int], box: Box) -> Piece:
    def cut(x: Linear) -> Linear:
        return x._replace(counters=tuple([x.counters[axis] for axis in axes]))

    def of(scalar: Scalar) -> Scalar:
        if scalar.op not in ("load", "wrapped"):
            return scalar
        first, second = scalar.detail
        pair = (first, cut(second)) if scalar.op == "load" else (cut(first), second)
        return replace(scalar, detail=pair)

    stores = tuple(replace(store, element=cut(store.element)) for store in piece.stores)
    return Piece(box, tuple(map(of, piece.scalars)), stores)
