"""Sums of arrays that are zero but for a part each: the parts are added, then put side by side.

Cotangents of what was read in parts, as rows of a state or the gates of a cell, are such sums.
The zeros that are left out only turn -0.0 into 0.0, and so does the one that is added in the end.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from itertools import islice
from typing import Any

import numpy as onp

from .ir import Builder, Number, Program, Value, with_operands
from .peephole import add_simplified
from .strides import contiguous, keeping_order

Parts = tuple[tuple[int, int, int], ...]


def with_joined_places(program: Program) -> Program:
    """The program with such sums rewritten; `dead_code` removes what they were made of."""
    chains = _chains(program)
    if not chains:
        return program
    builder = Builder()
    numbers: list[Number] = []
    for k, value in enumerate(program.values):
        if k in chains:
            terms = [_Term(program, numbers, x) for x in chains[k]]
            numbers.append(_sum(builder, value, terms))
        else:
            operands = tuple([numbers[x] for x in value.operands])
            numbers.append(builder.add(with_operands(value, operands)))
    return builder.program(numbers[k] for k in program.outputs)


def _chains(program: Program) -> dict[Number, list[Number]]:
    """Sums, each with its summands in their order, of which at least two are places."""
    values = program.values
    if sum(value.op == "place" for value in values) < 2:
        return {}
    readers = [0] * len(values)
    for value in values:
        for x in value.operands:
            readers[x] += 1
    for k in program.outputs:
        readers[k] += 2
    chains: dict[Number, list[Number]] = {}
    inner: set[Number] = set()
    for k in reversed(range(len(values))):
        if k not in inner and _is_sum(values[k]):
            terms = _terms(values, readers, k, inner)
            if sum(values[x].op == "place" for x in terms) > 1:
                chains[k] = terms
    return chains


def _terms(
    values: Sequence[Value], readers: Sequence[int], k: Number, inner: set[Number]
) -> list[Number]:
    """The summands of a sum, in their order; sums that only it reads are added to `inner`."""

    def is_inner(x: Number) -> bool:
        return _is_sum(values[x]) and readers[x] == 1 and values[x].shape == values[k].shape

    terms: list[Number] = []
    at = k
    while True:
        one, other = values[at].operands
        if is_inner(other) and not is_inner(one):
            one, other = other, one
        terms.append(other)
        if not is_inner(one):
            return [one, *reversed(terms)]
        inner.add(one)
        at = one


def _is_sum(value: Value) -> bool:
    return value.op == "add" and value.dtype.kind == "f"


class _Term:
    """A summand.

    Attributes:
        number: of the summand; of what is placed, if it is a place.
        parts: where that is; None for other summands.
    """

    def __init__(self, program: Program, numbers: Sequence[Number], k: Number) -> None:
        value = program.values[k]
        self.parts: Parts | None = None
        self.number = numbers[k]
        if value.op == "place" and all(step == 1 for _, step, _ in value.param("parts")):
            self.parts = value.param("parts")
            self.number = numbers[value.operands[0]]


class _Side:
    """Different parts that lie beside each other along the one axis in which they differ.

    Attributes:
        axis: that one; any where there is one part.
        parts: what was accepted, in order.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._whole = [(0, 1, n) for n in shape]
        self._spans: list[tuple[int, int]] = []  # sorted
        self._cut: set[int] = set()
        self.parts: list[Parts] = []

    @property
    def axis(self) -> int:
        return next(iter(self._cut), 0)

    def accept(self, part: Parts) -> bool:
        """Take another part if it lies beside the others."""
        cut = self._cut | {a for a, (x, y) in enumerate(zip(part, self._whole)) if x != y}
        if self.parts:
            if len(cut) != 1:
                return False
            (axis,) = cut
            if not self._spans:
                self._spans.append(self._span(self.parts[0], axis))
            span = self._span(part, axis)
            at = bisect(self._spans, span)
            if at and self._spans[at - 1][1] > span[0]:
                return False
            if at < len(self._spans) and span[1] > self._spans[at][0]:
                return False
            self._spans.insert(at, span)
        self._cut = cut
        self.parts.append(part)
        return True

    @staticmethod
    def _span(part: Parts, axis: int) -> tuple[int, int]:
        return part[axis][0], part[axis][0] + part[axis][2]


def _sum(builder: Builder, value: Value, terms: list[_Term]) -> Number:
    """The sum of the terms, in their order."""
    total: Number | None = None
    at = 0
    while at < len(terms):
        run = _run(builder, value, terms, at)
        number, taken = (terms[at].number, 1) if run is None else run
        if run is None and terms[at].parts is not None:
            number = _placed(builder, value, terms[at])
        total = number if total is None else _added(builder, value, total, number)
        at += taken
    assert total is not None
    return total


def _run(
    builder: Builder, value: Value, terms: list[_Term], begin: int
) -> tuple[Number, int] | None:
    """The sum of the places from one term on, and how many they are; None if it isn't simpler."""
    groups: dict[Parts, list[Number]] = {}
    side = _Side(value.shape)
    taken = 0
    for term in islice(terms, begin, None):
        if term.parts is None:
            break
        # Within a sum that was begun before, a second one for the same part would be added sooner.
        known = term.parts in groups
        if (known and begin) or not (known or side.accept(term.parts)):
            break
        groups.setdefault(term.parts, []).append(term.number)
        taken += 1
    if taken < 2:
        return None
    sums = [_chain(builder, group) for group in groups.values()]
    if len(sums) == 1:
        return _place(builder, value, next(iter(groups)), sums[0]), taken
    joined = _beside(builder, value, side.axis, list(zip(groups, sums)))
    return _added(builder, value, joined, builder.constant(value.dtype.type(0))), taken


def _chain(builder: Builder, numbers: Sequence[Number]) -> Number:
    total, *rest = numbers
    for number in rest:
        total = _added(builder, builder.values[total], total, number)
    return total


def _added(builder: Builder, like: Value, one: Number, other: Number) -> Number:
    """A sum whose axes lie in the order of those of `like`, which may have gaps."""
    operands = (one, other)
    strides = keeping_order(like.shape, like.strides, int(like.dtype.itemsize))
    return add_simplified(
        builder, Value("add", operands, (), like.shape, like.dtype, strides, onp.add)
    )


def _placed(builder: Builder, value: Value, term: _Term) -> Number:
    assert term.parts is not None
    return _place(builder, value, term.parts, term.number)


def _place(builder: Builder, value: Value, parts: Any, number: Number) -> Number:
    params = (("parts", parts),)
    return builder.add(Value("place", (number,), params, value.shape, value.dtype, value.strides))


def _beside(
    builder: Builder, value: Value, axis: int, pieces: Sequence[tuple[Parts, Number]]
) -> Number:
    """The pieces and zeros between them, joined along an axis."""
    shape = value.shape
    joined: list[Number] = []
    reached = 0
    spans = sorted((part[axis][0], part[axis][2], number) for part, number in pieces)
    for start, count, number in [*spans, (shape[axis], 0, -1)]:
        if start > reached:
            gap = (*shape[:axis], start - reached, *shape[axis + 1 :])
            zero, steps = builder.constant(value.dtype.type(0)), (0,) * len(gap)
            joined.append(
                builder.add(Value("broadcast", (zero,), (), gap, value.dtype, steps))
            )  # fmt: skip
        if number >= 0:
            joined.append(number)
        reached = start + count
    strides = contiguous(shape, value.dtype.itemsize)
    params = (("axis", axis),)
    return builder.add(Value("concatenate", tuple(joined), params, shape, value.dtype, strides))
