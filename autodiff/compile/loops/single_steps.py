"""Steps that stand alone: products, reductions, and writing to parts of an array."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as onp

from ..ir import Number, Program, Value
from .indexing import indexed, result_shape, unrolled_axes
from .inlining import Inliner
from .nest import Nest, Scalar, Store, dot
from .pieces import Arguments, Target, cut_into_pieces, index_of, reduce_nest
from .steps import NestStep, ProductStep, Step
from .storing import MOST_JOINED, Memory, is_flat_sum, is_long_join, is_unrolled

MOST_ADDED = 16
"""Arrays that are scattered in one nest: LLVM needs long for many that may overlap."""
Parts = Sequence[tuple[int, int, int]]
"""Along each axis where it begins, by which step it goes on, and how many there are."""


def reduction_step(program: Program, memory: Memory, k: Number) -> NestStep:
    """A reduction in a nest of its own."""
    nest, arguments = reduce_nest(program, memory, k)
    return NestStep(nest, tuple(arguments.roots))


def single_steps(program: Program, memory: Memory, k: Number) -> list[Step] | None:
    """The steps of what is no map; None for maps.

    Raises: NeedStoreError.
    """
    value = program.values[k]
    empty = any(0 in program.values[x].shape for x in value.operands)
    if empty and value.kind in ("gemm", "reduce"):
        return [_filled(program, memory, k, None, int(value.op in ("prod", "all")))]
    if value.kind == "gemm":
        return [_product(program, memory, k, value)]
    if value.kind == "reduce" and not is_unrolled(program, value):
        return None if is_flat_sum(program, value) else [reduction_step(program, memory, k)]
    if value.op == "scatter_all":
        base = dict(value.params).get("base")
        base = None if base is None else value.operands[base]
        return [_filled(program, memory, k, base), *_added(program, memory, k, value)]
    if value.op == "put":
        return [_filled(program, memory, k, value.operands[0]), *_put(program, memory, k, value)]
    if value.op in ("place", "update"):
        parts = value.param("parts")
        if any(abs(step) != 1 and count > 1 for _, step, count in parts):
            base = value.operands[0] if value.op == "update" else None
            written = value.operands[-1]
            filled = _filled(program, memory, k, base)
            if 0 in program.values[written].shape:
                return [filled]
            return [filled, _written(program, memory, k, [(written, parts)])]
    if is_long_join(value):
        return _joined(program, memory, k, value)
    return None


def _product(program: Program, memory: Memory, k: Number, value: Value) -> ProductStep:
    left, right = ((memory.places[x], program.values[x].shape) for x in value.operands)
    return ProductStep(k, left, right)


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
    program: Program, memory: Memory, k: Number, every: Sequence[tuple[Number, Parts]]
) -> NestStep:
    """The entries of values of one shape, without zeros, at parts of value `k` each."""
    shape, arguments = program.values[every[0][0]].shape, Arguments()

    def write(inliner: Inliner, arguments: Arguments) -> list[Store]:
        index = tuple(inliner.counter(axis) for axis in range(len(shape)))
        stores = []
        for written, parts in every:
            scalar = inliner.at(written, index)
            there = [at.times(step).plus(start) for at, (start, step, _) in zip(index, parts)]
            element = dot(there, memory.strides[k], len(shape))
            stores.append(Store(arguments(k), element, scalar))
        return stores

    pieces = cut_into_pieces(program, memory, shape, arguments, write)
    return NestStep(Nest(shape, pieces, len(arguments.roots)), tuple(arguments.roots))


def _joined(program: Program, memory: Memory, k: Number, value: Value) -> list[Step]:
    """The operands of a concatenation, each at its place: some of one shape in one nest."""
    axis, reached = value.param("axis"), 0
    by_shape: dict[tuple[int, ...], list[tuple[Number, Parts]]] = {}
    for x in value.operands:
        shape = program.values[x].shape
        parts = [(reached if a == axis else 0, 1, n) for a, n in enumerate(shape)]
        reached += shape[axis]
        if 0 not in shape:
            by_shape.setdefault(shape, []).append((x, parts))
    return [
        _written(program, memory, k, every[at : at + MOST_JOINED])
        for every in by_shape.values()
        for at in range(0, len(every), MOST_JOINED)
    ]


def _put(program: Program, memory: Memory, k: Number, value: Value) -> list[NestStep]:
    """The entries of an operand at the places that index arrays give, one after the other."""
    written, arguments = value.operands[1], Arguments()
    form = value.param("index")
    shape = result_shape([program.values[x].shape for x in value.operands], form, value.shape)
    if 0 in shape:
        return []

    def write(inliner: Inliner, arguments: Arguments) -> list[Store]:
        index = tuple(inliner.counter(axis) for axis in range(len(shape)))
        scalar = inliner.at(written, inliner.aligned(written, index))
        there = indexed(inliner, form, value, value.shape, index)
        return [Store(arguments(k), dot(there, memory.strides[k], len(shape)), scalar, puts=True)]

    # Several pieces would not run in order.
    pieces = cut_into_pieces(program, memory, shape, arguments, write, most=1)
    return [NestStep(Nest(shape, pieces, len(arguments.roots)), tuple(arguments.roots))]


def _added(program: Program, memory: Memory, k: Number, value: Value) -> list[NestStep]:
    """What is scattered, added to the memory of value `k`: some of one shape in one nest."""
    shapes = [program.values[x].shape for x in value.operands]
    by_shape: dict[tuple[int, ...], list[tuple[int, Any]]] = {}
    for place, form in value.param("parts"):
        shape = result_shape(shapes, form, value.shape)
        if 0 not in shape:
            by_shape.setdefault(shape, []).append((place, form))
    return [
        _added_nest(program, memory, k, value, shape, parts[at : at + MOST_ADDED])
        for shape, parts in by_shape.items()
        for at in range(0, len(parts), MOST_ADDED)
    ]


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

    half = dict(value.params).get("half")
    pieces = cut_into_pieces(program, memory, rest, arguments, write, half)
    return NestStep(Nest(rest, pieces, len(arguments.roots)), tuple(arguments.roots))
