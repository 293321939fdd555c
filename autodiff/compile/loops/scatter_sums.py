"""Sums of scattered arrays as one array that all of them are added to.

The derivative of an array that was read at several places is such a sum. As one operation it needs
one array of zeros, or none, and one nest.
"""

from __future__ import annotations

from math import prod
from typing import Any, NamedTuple

import numpy as onp

from ..dead_code import without_dead_code
from ..ir import Builder, Number, Program, Value, rebuilt, with_operands
from ..operations import Group, Slot
from .indexing import result_shape, unrolled_axes


def with_scatter_sums(program: Program) -> Program:
    """The program with additions to scattered arrays turned into ``scatter_all``.

    Its operands are what is scattered first, then all index arrays, then perhaps a `base`; its
    parameter `parts` has a pair (operand, index form) for each.
    """
    if not any(value.op == "scatter" for value in program.values):
        return program
    joined = _Joining(program).program()
    return rebuilt(without_dead_code(joined), _in_halves)


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


class _Sum(NamedTuple):
    """Scattered arrays, added up, and perhaps something to add them to."""

    parts: list[Part]
    base: Number | None


class _Joining:
    """Builds the program anew. Sums that one more summand may come to are kept back."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._builder = Builder()
        self._numbers: list[Number] = []
        self._open: dict[Number, _Sum] = {}  # by their numbers in the old program
        self._reader: list[Number | None] = [None] * len(program.values)
        readers: list[list[Number]] = [[] for _ in program.values]
        for k, value in enumerate(program.values):
            for x in value.operands:
                readers[x].append(k)
        outputs = set(program.outputs)
        for k, found in enumerate(readers):
            if len(found) == 1 and k not in outputs:
                self._reader[k] = found[0]

    def program(self) -> Program:
        """The program with sums of scattered arrays."""
        for k, value in enumerate(self._program.values):
            found = self._sum(value)
            if found is not None and self._may_grow(k, value):
                self._open[k] = found
                self._numbers.append(-1)
            elif found is not None:
                self._numbers.append(self._builder.add(_all_of(*found, value)))
            else:
                operands = tuple([self._number(x) for x in value.operands])
                self._numbers.append(self._builder.add(with_operands(value, operands)))
        return self._builder.program(self._number(k) for k in self._program.outputs)

    def _sum(self, value: Value) -> _Sum | None:
        if value.op == "scatter":
            source, *arrays = (self._number(x) for x in value.operands)
            return _Sum([(source, _shifted(value.param("index"), -1), tuple(arrays))], None)
        if value.op != "add" or not any(x in self._open for x in value.operands):
            return None
        found: list[_Sum] = []
        for x in value.operands:
            known = self._open.get(x)
            has_base = any(each.base is not None for each in found)
            if known is not None and (known.base is None or not has_base):
                found.append(self._open.pop(x))
                continue
            if has_base or not _alike(self._program.values[x], value):
                self._give_back(value, found)
                return None
            found.append(_Sum([], self._number(x)))
        one, other = found
        one.parts.extend(other.parts)
        return _Sum(one.parts, other.base if one.base is None else one.base)

    def _give_back(self, value: Value, found: list[_Sum]) -> None:
        """Write sums after all that were taken for more."""
        for x, each in zip(value.operands, found):
            if each.parts:
                self._numbers[x] = self._builder.add(_all_of(*each, self._program.values[x]))

    def _may_grow(self, k: Number, value: Value) -> bool:
        reader = self._reader[k]
        if reader is None:
            return False
        larger = self._program.values[reader]
        return larger.op == "add" and larger.dtype.kind == "f" and _alike(value, larger)

    def _number(self, k: Number) -> Number:
        """The new number of a value; one that was kept back is written now."""
        known = self._open.pop(k, None)
        if known is not None:
            self._numbers[k] = self._builder.add(_all_of(*known, self._program.values[k]))
        return self._numbers[k]


def _alike(one: Value, other: Value) -> bool:
    return (one.shape, one.dtype) == (other.shape, other.dtype)


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


def _shifted(form: Any, by: int) -> Any:
    if isinstance(form, Slot):
        return Slot(form.k + by)
    if isinstance(form, Group):
        return Group(form.kind, form.keys, tuple(_shifted(entry, by) for entry in form.entries))
    return form
