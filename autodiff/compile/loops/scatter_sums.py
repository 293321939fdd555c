"""Sums of scattered arrays as one array that all of them are added to.

The derivative of an array that was read at several places is such a sum. As one operation it needs
one array of zeros, or none, and one nest.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as onp

from ..dead_code import without_dead_code
from ..ir import Builder, Number, Program, Value, rebuilt
from ..operations import Group, Slot
from .indexing import result_shape, unrolled_axes


def with_scatter_sums(program: Program) -> Program:
    """The program with additions to scattered arrays turned into ``scatter_all``.

    Its operands are what is scattered first, then all index arrays, then perhaps a `base`; its
    parameter `parts` has a pair (operand, index form) for each.
    """
    counts = [0] * len(program.values)
    for value in program.values:
        for x in value.operands:
            counts[x] += 1
    for x in program.outputs:
        counts[x] += 2
    if not any(value.op == "scatter" for value in program.values):
        return program
    single: set[Number] = set()  # in the new program

    def rewrite(builder: Builder, value: Value) -> Number:
        old = next(numbers)
        if value.op == "scatter":
            value = _all_of([_parts_of(value)], None, value)
        elif value.op == "add" and value.dtype.kind == "f":
            value = _joined(builder, value, single) or value
        number = builder.add(value)
        if counts[old] == 1:
            single.add(number)
        else:
            single.discard(number)
        return number

    numbers = iter(range(len(program.values)))
    return rebuilt(without_dead_code(rebuilt(program, rewrite)), _in_halves)


MANY = 30_000
"""Additions from which on two threads do a half each, to arrays of their own. Always two halves,
so that the result does not depend on how many threads there are."""


def _in_halves(builder: Builder, value: Value) -> Number:
    if value.op != "scatter_all":
        return builder.add(value)
    shapes = [builder.values[x].shape for x in value.operands]
    loops = {result_shape(shapes, form, value.shape) for _, form in value.param("parts")}
    shape = loops.pop()
    written_out = unrolled_axes(shape, [form for _, form in value.param("parts")])
    axis = next((k for k in range(written_out, len(shape)) if shape[k] > 1), None)
    if loops or axis is None or len(value.param("parts")) * prod(shape) < MANY:
        return builder.add(value)
    middle, n, counter = shape[axis] // 2, shape[axis], axis - written_out
    base = dict(value.params).get("base")
    rest = tuple(pair for pair in value.params if pair[0] != "base")
    operands = value.operands if base is None else value.operands[:base]
    first = value._replace(params=(*value.params, ("half", (counter, 0, middle))))
    second = value._replace(params=(*rest, ("half", (counter, middle, n))), operands=operands)
    halves = builder.add(first), builder.add(second)
    return builder.add(
        Value("add", halves, (), value.shape, value.dtype, value.strides, onp.add)
    )  # fmt: skip


Part = tuple[Number, Any, tuple[Number, ...]]
"""What is scattered, the form of its index, and the arrays that the form's slots stand for."""


def _parts_of(value: Value) -> Part:
    return value.operands[0], _shifted(value.param("index"), -1), value.operands[1:]


def _joined(builder: Builder, value: Value, single: set[Number]) -> Value | None:
    parts: list[Part] = []
    base: Number | None = None
    for x in value.operands:
        operand = builder.values[x]
        whole = (operand.shape, operand.dtype) == (value.shape, value.dtype)
        if operand.op == "scatter_all" and x in single and whole:
            found, own = _unpacked(operand)
            if own is None or base is None:
                parts += found
                base = own if own is not None else base
                continue
        if base is not None or not whole:
            return None
        base = x
    return _all_of(parts, base, value) if parts else None


def _all_of(parts: list[Part], base: Number | None, value: Value) -> Value:
    operands = [part[0] for part in parts]
    forms = []
    for place, (_, form, arrays) in enumerate(parts):
        forms.append((place, _shifted(form, len(operands))))
        operands += arrays
    params: tuple[tuple[str, Any], ...] = (("parts", tuple(forms)),)
    if base is not None:
        params += (("base", len(operands)),)
        operands.append(base)
    return Value("scatter_all", tuple(operands), params, value.shape, value.dtype, value.strides)


def _unpacked(value: Value) -> tuple[list[Part], Number | None]:
    parts: list[Part] = []
    for place, form in value.param("parts"):
        slots = sorted(_slots(form))
        first = slots[0] if slots else 0
        arrays = value.operands[first : first + len(slots)]
        parts.append((value.operands[place], _shifted(form, -first), arrays))
    base = dict(value.params).get("base")
    return parts, None if base is None else value.operands[base]


def _slots(form: Any) -> set[int]:
    if isinstance(form, Slot):
        return {form.k}
    return set().union(*map(_slots, form.entries)) if isinstance(form, Group) else set()


def _shifted(form: Any, by: int) -> Any:
    if isinstance(form, Slot):
        return Slot(form.k + by)
    if isinstance(form, Group):
        return Group(form.kind, form.keys, tuple(_shifted(entry, by) for entry in form.entries))
    return form
