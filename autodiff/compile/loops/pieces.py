"""Nests that compute stored values: boxes of counters are cut until each piece is straight code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import prod

from ..ir import Number, Program, Value
from ..strides import axis_order, contiguous
from .inlining import Inliner
from .nest import Box, Index, Linear, Nest, Piece, Store, dot, merged
from .obstacles import NeedStoreError, NotFlatError, SplitError
from .storing import Memory, is_flat_sum

MOST_PIECES = 48


@dataclass(frozen=True)
class Target:
    """What of a stored value one nest computes.

    Attributes:
        number: the value.
        prefix: its leading indices, which are the same throughout.
        order: its other axes from the outermost counter to the innermost.
        sums: whether the value is the sum of its operand, whose axes these are.
    """

    number: Number
    prefix: tuple[int, ...] = ()
    order: tuple[int, ...] = ()
    sums: bool = False


@dataclass
class Arguments:
    """The arrays of one nest, numbered as they are first used.

    Attributes: roots, the values whose memory they are.
    """

    roots: list[Number] = field(default_factory=list)
    _numbers: dict[Number, int] = field(default_factory=dict)

    def __call__(self, root: Number) -> int:
        number = self._numbers.setdefault(root, len(self.roots))
        if number == len(self.roots):
            self.roots.append(root)
        return number


Write = Callable[[Inliner, Arguments], list[Store]]
"""Writes the scalars of a piece, and gives its stores."""


def cut_into_pieces(
    program: Program,
    memory: Memory,
    shape: Sequence[int],
    arguments: Arguments,
    write: Write,
    part: tuple[int, int, int] | None = None,
    most: int = MOST_PIECES,
) -> tuple[Piece, ...]:
    """The pieces of a nest over a shape without zeros, or over a part of it.

    Args:
        part: an axis, and where on it the part begins and ends; the whole if None.

    Raises: NeedStoreError if a value must be stored for that, or for less than `most` pieces.
    """
    boxes: list[Box] = [tuple((0, n) for n in shape)]
    if part is not None:
        axis, *ends = part
        boxes = [(*boxes[0][:axis], (ends[0], ends[1]), *boxes[0][axis + 1 :])]
    pieces: list[Piece] = []
    joins: set[Number] = set()
    while boxes:
        box = boxes.pop()
        inliner = Inliner(program, memory, box, arguments)
        try:
            stores = write(inliner, arguments)
        except SplitError as split:
            start, stop = box[split.axis]
            halves = ((start, split.at), (split.at, stop))
            boxes += [(*box[: split.axis], h, *box[split.axis + 1 :]) for h in reversed(halves)]
            joins |= inliner.joins
            if len(boxes) + len(pieces) > most:
                # The one in the middle: both halves of a long chain are then cut half as often.
                assert joins, "a nest in many pieces without joins"
                raise NeedStoreError(sorted(joins)[len(joins) // 2]) from None
            continue
        pieces.append(Piece(box, tuple(inliner.scalars), tuple(stores)))
    return tuple(pieces)


def index_of(inliner: Inliner, target: Target) -> Index:
    """The index of the target's value at the counters."""
    at = [inliner.number(i) for i in target.prefix]
    count = len(target.order)
    rest: list[Linear] = [inliner.number(0)] * count
    for counter, axis in enumerate(target.order):
        rest[axis] = inliner.counter(counter)
    return (*at, *rest)


def targets_of(program: Program, memory: Memory, k: Number) -> list[Target]:
    """A stored value as targets: one, or one for each of few leading indices that differ.

    Where joins along a short leading axis, or indices that are the same for all of it, come
    together, one nest over the other axes does all of them with what they share.
    """
    value = program.values[k]
    if is_flat_sum(program, value):
        x = value.operands[0]
        rank = len(program.values[x].shape)
        order = axis_order(memory.strides[x]) if x in memory.strides else range(rank)
        return [Target(k, (), tuple(order), True)]
    if memory.strides[k] == contiguous(value.shape, 1) and _worth_unrolling(program, memory, value):
        rest = len(value.shape) - 1
        return [Target(k, (c,), tuple(range(rest))) for c in range(value.shape[0])]
    return [Target(k, (), tuple(axis_order(memory.strides[k])))]


def _worth_unrolling(program: Program, memory: Memory, value: Value) -> bool:
    shape = value.shape
    if len(shape) < 2 or not 2 <= shape[0] <= 4 or prod(shape[1:]) < 32:
        return False
    todo, seen = [value], 0
    while todo and seen < 64:
        value = todo.pop()
        seen += 1
        if value.op == "concatenate" and value.param("axis") == 0 and value.shape[:1] == shape[:1]:
            return True
        if value.op == "gather" and value.shape[1:] == shape[1:]:
            return True
        todo += [
            program.values[x]
            for x in value.operands
            if x not in memory.strides and program.values[x].shape[:1] == shape[:1]
        ]
    return False


def loop_shape(program: Program, target: Target) -> tuple[int, ...]:
    """The extents of the counters of a target."""
    value = program.values[target.number]
    if target.sums:
        value = program.values[value.operands[0]]
    rest = value.shape[len(target.prefix) :]
    return tuple(rest[axis] for axis in target.order)


def map_nest(program: Program, memory: Memory, targets: Sequence[Target]) -> tuple[Nest, Arguments]:
    """One nest that computes all targets, whose loops are of one shape, in their order."""
    shape = loop_shape(program, targets[0])
    arguments = Arguments()

    def write(inliner: Inliner, arguments: Arguments) -> list[Store]:
        stores = []
        for target in targets:
            k = target.number
            index = index_of(inliner, target)
            if target.sums:
                scalar = inliner.at(program.values[k].operands[0], index)
                zero = inliner.number(0)
                stores.append(Store(arguments(k), zero, scalar, sums=True))
                continue
            scalar = inliner.defined(k, index)
            element = dot(index, memory.strides[k], len(shape))
            stores.append(Store(arguments(k), element, scalar))
            inliner.computed[stores[-1].argument, element] = scalar
        return stores

    pieces = cut_into_pieces(program, memory, shape, arguments, write)
    nest = Nest(shape, pieces, len(arguments.roots))
    if nest.sums and (len(pieces) > 1 or len(merged(nest).shape) != 1):
        raise NotFlatError
    return nest, arguments


def reduce_nest(program: Program, memory: Memory, k: Number) -> tuple[Nest, Arguments]:
    """The nest of a reduction."""
    value = program.values[k]
    x = value.operands[0]
    axes, operand = value.param("axes"), program.values[x]
    order = (
        tuple(axis_order(memory.strides[x]))
        if x in memory.strides
        else tuple(range(len(operand.shape)))
    )
    shape = tuple(operand.shape[a] for a in order)
    arguments = Arguments()

    def write(inliner: Inliner, arguments: Arguments) -> list[Store]:
        index = index_of(inliner, Target(x, (), order))
        scalar = inliner.at(x, index)
        kept = [at for a, at in enumerate(index) if a not in axes]
        strides = memory.strides[k]
        if value.param("keepdims"):
            strides = tuple(s for a, s in enumerate(strides) if a not in axes)
        return [Store(arguments(k), dot(kept, strides, len(shape)), scalar)]

    try:
        pieces = cut_into_pieces(program, memory, shape, arguments, write, most=1)
    except NeedStoreError:
        raise NeedStoreError(x) from None
    if any(s.op == "place" for s in pieces[0].scalars):
        raise NeedStoreError(x)
    along = tuple(c for c, axis in enumerate(order) if axis in axes)
    return Nest(shape, pieces, len(arguments.roots), (value.op, along)), arguments
