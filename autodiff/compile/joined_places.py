"""Sums of arrays that are zero but for a part each: the parts are added, then put side by side.

Cotangents of what was read in parts, as rows of a state or the gates of a cell, are such sums.
The zeros that are left out only turn -0.0 into 0.0, and so does the one that is added in the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

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


class _Side(NamedTuple):
    """Parts that lie beside each other along an axis: where each begins and ends, and of what."""

    axis: int
    pieces: list[tuple[int, int, Number]]


def _sum(builder: Builder, value: Value, terms: list[_Term]) -> Number:
    """The sum of the terms, in their order."""
    total: Number | None = None
    at = 0
    while at < len(terms):
        run = _run(builder, value, terms[at:], first=at == 0)
        number, taken = (terms[at].number, 1) if run is None else run
        if run is None and terms[at].parts is not None:
            number = _placed(builder, value, terms[at])
        total = number if total is None else _added(builder, value, total, number)
        at += taken
    assert total is not None
    return total


def _run(
    builder: Builder, value: Value, terms: list[_Term], first: bool
) -> tuple[Number, int] | None:
    """The sum of the places that the terms begin with, and how many; None if it is not simpler."""
    groups: dict[Parts, list[Number]] = {}
    taken = 0
    for term in terms:
        # Within a sum that was begun before, a second one for the same part would be added sooner.
        if term.parts is None or (term.parts in groups and not first):
            break
        if _side(value.shape, [*groups, term.parts], [0] * (len(groups) + 1)) is None:
            break
        groups.setdefault(term.parts, []).append(term.number)
        taken += 1
    if taken < 2:
        return None
    sums = [_chain(builder, group) for group in groups.values()]
    if len(sums) == 1:
        return _place(builder, value, next(iter(groups)), sums[0]), taken
    side = _side(value.shape, list(groups), sums)
    assert side is not None
    joined = _beside(builder, value, side)
    return _added(builder, value, joined, builder.constant(value.dtype.type(0))), taken


def _side(
    shape: tuple[int, ...], parts: Sequence[Parts], numbers: Sequence[Number]
) -> _Side | None:
    """Different parts as pieces along the one axis in which they differ; None if they overlap."""
    parts = list(dict.fromkeys(parts))
    axes = [a for a, n in enumerate(shape) if any(part[a] != (0, 1, n) for part in parts)]
    if len(axes) > 1 or not axes:
        return None if len(parts) > 1 else _Side(0, [])
    (axis,) = axes
    spans = [(part[axis][0], part[axis][0] + part[axis][2]) for part in parts]
    pieces = sorted((start, stop, number) for (start, stop), number in zip(spans, numbers))
    if any(before[1] > after[0] for before, after in pairwise(pieces)):
        return None
    return _Side(axis, pieces)


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


def _beside(builder: Builder, value: Value, side: _Side) -> Number:
    """The pieces and zeros between them, joined."""
    axis, shape = side.axis, value.shape
    joined: list[Number] = []
    reached = 0
    for start, stop, number in [*side.pieces, (shape[axis], shape[axis], -1)]:
        if start > reached:
            gap = (*shape[:axis], start - reached, *shape[axis + 1 :])
            zero, steps = builder.constant(value.dtype.type(0)), (0,) * len(gap)
            joined.append(
                builder.add(Value("broadcast", (zero,), (), gap, value.dtype, steps))
            )  # fmt: skip
        if number >= 0:
            joined.append(number)
        reached = stop
    strides = contiguous(shape, value.dtype.itemsize)
    params = (("axis", axis),)
    return builder.add(Value("concatenate", tuple(joined), params, shape, value.dtype, strides))
