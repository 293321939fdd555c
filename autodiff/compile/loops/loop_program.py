"""A program as steps in order: nests, and products of matrices, with a place for everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as onp

from ..ir import Number, Program, Value
from .grouping import Grouping, loaded
from .indexing import indexed, result_shape, unrolled_axes
from .inlining import Inliner, NeedStoreError
from .memory_views import Place, place_of
from .nest import Nest, Piece, Scalar, Store, dot, merged
from .pieces import (
    Arguments,
    NotFlatError,
    Target,
    cut_into_pieces,
    index_of,
    map_nest,
    reduce_nest,
    targets_of,
)
from .ranges import integer_ranges
from .storing import Memory, is_flat_sum, is_unrolled, stored_values

_ALIGNMENT = 64


@dataclass(frozen=True)
class NestStep:
    """A nest; `roots` are the values whose memory its arguments are."""

    nest: Nest
    roots: tuple[Number, ...]

    @property
    def reads(self) -> set[Number]:
        """The values that are read."""
        return set(loaded(self.nest, self.roots))

    @property
    def writes(self) -> set[Number]:
        """The values that are written."""
        stores = (store for piece in self.nest.pieces for store in piece.stores)
        return {self.roots[store.argument] for store in stores}


@dataclass(frozen=True)
class ProductStep:
    """A product of vectors, matrices or stacks of matrices.

    Attributes:
        number: the result.
        left, right: where the factors lie, with their shapes.
    """

    number: Number
    left: tuple[Place, tuple[int, ...]]
    right: tuple[Place, tuple[int, ...]]

    @property
    def reads(self) -> set[Number]:
        """The values that are read."""
        return {self.left[0].root, self.right[0].root}

    @property
    def writes(self) -> set[Number]:
        """The value that is written."""
        return {self.number}


Step = NestStep | ProductStep


@dataclass(frozen=True)
class LoopProgram:
    """Steps, and where values are while they run.

    Attributes:
        program: what is computed.
        steps: in order.
        memory: value -> its element strides, for all that have memory.
        offsets: value -> where in the workspace its bytes begin, for all that have a place there.
        workspace: its size in bytes.
    """

    program: Program
    steps: tuple[Step, ...]
    memory: dict[Number, tuple[int, ...]]
    offsets: dict[Number, int]
    workspace: int

    def __str__(self) -> str:
        lines = []
        for step in self.steps:
            if isinstance(step, NestStep):
                names = (f"a{k} = %{root}" for k, root in enumerate(step.roots))
                lines += [f"# {', '.join(names)}", str(step.nest)]
            else:
                left, right = (f"%{p.root}{list(s)}" for p, s in (step.left, step.right))
                lines.append(f"%{step.number} = {left} @ {right}")
        return "\n".join(lines)


def loop_program(program: Program) -> LoopProgram:
    """The loops of a program all of whose operations have loops, see `partition`."""
    forced: set[Number] = set()
    ranges = integer_ranges(program)
    while True:
        memory = Memory(stored_values(program, forced), ranges)
        needed: set[Number] = set()
        steps = _steps(program, memory, needed)
        if not needed:
            steps = _without_needless_stores(program, steps)
            offsets, size = _workspace(program, memory, steps)
            return LoopProgram(program, tuple(steps), memory.strides, offsets, size)
        assert not needed <= forced, f"storing {needed} does not help"
        forced |= needed


def _steps(program: Program, memory: Memory, needed: set[Number]) -> list[Step]:
    """The steps; what must be stored besides is added to `needed`, and the steps are then void."""
    grouping = Grouping(program, memory)
    singles: dict[Number, list[Step]] = {}
    for k, value in enumerate(program.values):
        if k not in memory.strides or value.kind == "leaf" or 0 in value.shape:
            continue
        try:
            made = _single(program, memory, k, value)
            if made is None:
                for target in targets_of(program, memory, k):
                    grouping.add_target(target)
            else:
                singles[k] = made
                grouping.add_step(k)
        except NeedStoreError as error:
            needed.add(error.number)
        except NotFlatError:
            singles[k] = [_reduced(program, memory, k)]
            grouping.add_step(k)
    steps: list[Step] = []
    if needed:
        return steps
    for group in grouping.groups:
        if group.targets:
            nest, arguments = map_nest(program, memory, group.targets)
            steps.append(NestStep(nest, tuple(arguments.roots)))
        else:
            steps += singles[group.numbers[0]]
    return _halves_together(steps)


def _halves_together(steps: list[Step]) -> list[Step]:
    """The steps with two additions that follow each other side by side, for a thread each."""
    for k in range(len(steps) - 3):
        filled, added, other, last = steps[k : k + 4]
        if (
            isinstance(added, NestStep)
            and isinstance(last, NestStep)
            and isinstance(other, NestStep)
            and added.nest.adds
            and last.nest.adds
            and not other.nest.adds
            and other.writes == last.writes
            and not (added.writes & (other.reads | other.writes | last.reads))
        ):
            steps[k : k + 4] = [filled, other, added, last]
    return steps


def _single(program: Program, memory: Memory, k: Number, value: Value) -> list[Step] | None:
    """The steps of what is no map; None for maps."""
    empty = any(0 in program.values[x].shape for x in value.operands)
    if empty and value.kind in ("gemm", "reduce"):
        return [_filled(program, memory, k, None, int(value.op in ("prod", "all")))]
    if value.kind == "gemm":
        return [_product(program, memory, k, value)]
    if value.kind == "reduce" and not is_unrolled(program, value):
        return None if is_flat_sum(program, value) else [_reduced(program, memory, k)]
    if value.op == "scatter_all":
        base = dict(value.params).get("base")
        base = None if base is None else value.operands[base]
        return [_filled(program, memory, k, base), *_added(program, memory, k, value)]
    if value.op in ("place", "update"):
        parts = value.param("parts")
        if any(abs(step) != 1 and count > 1 for _, step, count in parts):
            base = value.operands[0] if value.op == "update" else None
            written = value.operands[-1]
            return [
                _filled(program, memory, k, base),
                *_written(program, memory, k, written, parts),
            ]
    return None


def _reduced(program: Program, memory: Memory, k: Number) -> NestStep:
    nest, arguments = reduce_nest(program, memory, k)
    return NestStep(nest, tuple(arguments.roots))


def _product(program: Program, memory: Memory, k: Number, value: Value) -> ProductStep:
    sides = []
    for x in value.operands:
        place = place_of(program, memory.strides, x)
        assert place is not None, "factors of products are in memory"
        sides.append((place, program.values[x].shape))
    return ProductStep(k, sides[0], sides[1])


def _filled(
    program: Program, memory: Memory, k: Number, base: Number | None, number: int = 0
) -> NestStep:
    """One number, or another value's entries, in the memory of value `k`."""
    value, arguments = program.values[k], Arguments()

    def write(inliner: Inliner, arguments: Arguments) -> list[Store]:
        index = tuple(inliner.counter(axis) for axis in range(len(value.shape)))
        if base is None:
            entry = onp.full(1, number, value.dtype).tobytes()
            scalar = inliner.add(Scalar("constant", (), value.dtype, entry))
        else:
            scalar = inliner.at(base, index)
        return [Store(arguments(k), dot(index, memory.strides[k], len(index)), scalar)]

    pieces = cut_into_pieces(program, memory, value.shape, arguments, write)
    return NestStep(Nest(value.shape, pieces, len(arguments.roots)), tuple(arguments.roots))


def _written(
    program: Program,
    memory: Memory,
    k: Number,
    written: Number,
    parts: Sequence[tuple[int, int, int]],
) -> list[NestStep]:
    """The entries of `written` at the parts of value `k`."""
    shape, arguments = program.values[written].shape, Arguments()
    if 0 in shape:
        return []

    def write(inliner: Inliner, arguments: Arguments) -> list[Store]:
        index = tuple(inliner.counter(axis) for axis in range(len(shape)))
        scalar = inliner.at(written, index)
        there = [at.times(step).plus(start) for at, (start, step, _) in zip(index, parts)]
        return [Store(arguments(k), dot(there, memory.strides[k], len(shape)), scalar)]

    pieces = cut_into_pieces(program, memory, shape, arguments, write)
    return [NestStep(Nest(shape, pieces, len(arguments.roots)), tuple(arguments.roots))]


def _added(program: Program, memory: Memory, k: Number, value: Value) -> list[NestStep]:
    """What is scattered, added to the memory of value `k`: what has one shape in one nest."""
    shapes = [program.values[x].shape for x in value.operands]
    by_shape: dict[tuple[int, ...], list[tuple[int, Any]]] = {}
    for place, form in value.param("parts"):
        shape = result_shape(shapes, form, value.shape)
        if 0 not in shape:
            by_shape.setdefault(shape, []).append((place, form))
    return [_added_nest(program, memory, k, value, *each) for each in by_shape.items()]


def _added_nest(
    program: Program, memory: Memory, k: Number, value: Value, shape: tuple[int, ...], parts: Any
) -> NestStep:  # fmt: skip
    arguments = Arguments()
    unrolled = unrolled_axes(shape, [form for _, form in parts])
    prefixes = [(c,) for c in range(shape[0])] if unrolled else [()]
    rest = shape[1:] if unrolled else shape

    def write(inliner: Inliner, arguments: Arguments) -> list[Store]:
        stores = []
        for prefix in prefixes:
            index = index_of(inliner, Target(k, prefix, tuple(range(len(rest)))))
            for place, form in parts:
                source = value.operands[place]
                scalar = inliner.at(source, inliner.aligned(source, index))
                there = indexed(inliner, form, value, value.shape, index)
                element = dot(there, memory.strides[k], len(rest))
                stores.append(Store(arguments(k), element, scalar, True))
        return stores

    rows = dict(value.params).get("rows")
    pieces = cut_into_pieces(program, memory, rest, arguments, write, rows)
    return NestStep(Nest(rest, pieces, len(arguments.roots)), tuple(arguments.roots))


def _without_needless_stores(program: Program, steps: Sequence[Step]) -> list[Step]:
    """The steps without stores that nothing reads, and loops merged."""
    wanted = set(program.outputs).union(*(step.reads for step in steps))
    found: list[Step] = []
    for step in steps:
        if isinstance(step, NestStep):
            nest, roots = _trimmed(step.nest, step.roots, wanted)
            if nest.pieces[0].stores:
                found.append(NestStep(merged(nest), roots))
        else:
            found.append(step)
    return found


def _trimmed(
    nest: Nest, roots: tuple[Number, ...], wanted: set[Number]
) -> tuple[Nest, tuple[Number, ...]]:
    kept = [k for k, root in enumerate(roots) if root in wanted]
    if len(kept) == len(roots):
        return nest, roots
    numbers = {k: n for n, k in enumerate(kept)}

    def of(piece: Piece) -> Piece:
        scalars = tuple(
            replace(s, detail=(numbers[s.detail[0]], s.detail[1])) if s.op == "load" else s
            for s in piece.scalars
        )
        stores = tuple(
            replace(s, argument=numbers[s.argument]) for s in piece.stores if s.argument in numbers
        )
        return Piece(piece.box, scalars, stores)

    pieces = tuple(map(of, nest.pieces))
    return replace(nest, pieces=pieces, arguments=len(kept)), tuple(roots[k] for k in kept)


def _workspace(
    program: Program, memory: Memory, steps: Sequence[Step]
) -> tuple[dict[Number, int], int]:
    """Where values lie that are neither given nor results: those that live together lie apart."""
    given = {k for k, value in enumerate(program.values) if value.kind == "leaf"}
    elsewhere = given.union(program.outputs)
    first: dict[Number, int] = {}
    last: dict[Number, int] = {}
    for at, step in enumerate(steps):
        for k in (step.reads | step.writes) - elsewhere:
            first.setdefault(k, at)
            last[k] = at
    offsets: dict[Number, int] = {}
    free: list[tuple[int, int]] = []  # offset, size; sorted, never adjacent
    size = 0
    ends: dict[int, list[Number]] = {}
    for k, at in last.items():
        ends.setdefault(at, []).append(k)
    begins: dict[int, list[Number]] = {}
    for k, at in first.items():
        begins.setdefault(at, []).append(k)
    for at in range(len(steps)):
        for k in begins.get(at, ()):
            need = -(-max(program.values[k].nbytes, 1) // _ALIGNMENT) * _ALIGNMENT
            offsets[k], size = _taken(free, need, size)
        for k in ends.get(at, ()):
            need = -(-max(program.values[k].nbytes, 1) // _ALIGNMENT) * _ALIGNMENT
            _give(free, offsets[k], need)
    return offsets, size


def _taken(free: list[tuple[int, int]], need: int, size: int) -> tuple[int, int]:
    fitting = [entry for entry in free if entry[1] >= need]
    if fitting:
        entry = min(fitting, key=lambda each: each[1])
        free.remove(entry)
        if entry[1] > need:
            free.append((entry[0] + need, entry[1] - need))
        return entry[0], size
    last = max(free, default=None)
    if last is not None and last[0] + last[1] == size:  # grow what is free at the end
        free.remove(last)
        return last[0], last[0] + need
    return size, size + need


def _give(free: list[tuple[int, int]], offset: int, size: int) -> None:
    for entry in list(free):
        if entry[0] + entry[1] == offset:
            free.remove(entry)
            offset, size = entry[0], entry[1] + size
        elif offset + size == entry[0]:
            free.remove(entry)
            size += entry[1]
    free.append((offset, size))
