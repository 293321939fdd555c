"""Cutting a program into parts that have loops and parts that Python must run, in turns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .ir import Number, Program, Value, with_operands
from .strides import keeping_order


@dataclass(frozen=True)
class Part:
    """A program of its own within a program.

    Attributes:
        program: whose inputs and outputs are values of the whole.
        inputs, outputs: their numbers there.
        compiled: whether all of it has loops.
    """

    program: Program
    inputs: tuple[Number, ...]
    outputs: tuple[Number, ...]
    compiled: bool


def partition(program: Program, has_loops: Callable[[Program, Number], bool]) -> list[Part]:
    """Parts in the order in which they run: as few as can be."""
    values = program.values
    level = [0] * len(values)
    for k, value in enumerate(values):
        if value.kind == "leaf":
            continue
        least = max([level[x] for x in value.operands], default=0)
        # Compiled parts have even levels, those of Python odd ones. What only renames the entries
        # of something stays with it.
        parity = level[value.operands[0]] % 2 if value.op == "entry" else 0
        if value.op != "entry" and not has_loops(program, k):
            parity = 1
        level[k] = least if least % 2 == parity else least + 1
    if not any(level) and any(value.kind != "leaf" for value in values):
        return [_whole(program)]
    members: dict[int, list[Number]] = {}
    for k, value in enumerate(values):
        if value.kind != "leaf":
            members.setdefault(level[k], []).append(k)
    needed = set(program.outputs)
    for k, value in enumerate(values):
        needed.update(x for x in value.operands if level[x] != level[k])
    return [_part(program, numbers, needed, at % 2 == 0) for at, numbers in sorted(members.items())]


def _whole(program: Program) -> Part:
    """A program of which all is compiled."""
    values = program.values
    outputs = tuple(k for k in dict.fromkeys(program.outputs) if values[k].kind != "leaf")
    return Part(Program(values, outputs), tuple(program.inputs), outputs, True)


def _part(program: Program, numbers: list[Number], needed: set[Number], compiled: bool) -> Part:
    values = program.values
    inside = set(numbers)
    outside = sorted({x for k in numbers for x in values[k].operands if x not in inside})
    inputs = tuple(x for x in outside if values[x].op != "constant")
    outputs = tuple(k for k in numbers if k in needed)
    found: list[Value] = []
    place: dict[Number, Number] = {}
    indices = {x: n for n, x in enumerate(inputs)}
    for x in outside:
        value = values[x]
        if value.op != "constant":
            index = (("index", indices[x]),)
            strides = value.strides if value.op == "input" else dense_strides(value)
            value = Value("input", (), index, value.shape, value.dtype, strides)
        place[x] = len(found)
        found.append(value)
    for k in numbers:
        place[k] = len(found)
        found.append(with_operands(values[k], [place[x] for x in values[k].operands]))
    part = Program(tuple(found), tuple(place[k] for k in outputs))
    return Part(part, inputs, outputs, compiled)


def dense_strides(value: Value) -> Any:
    """How a value lies that one part hands to another: in the order in which eager evaluation's
    lies, without gaps or steps backwards."""
    if not value.strides:
        return value.strides
    return keeping_order(value.shape, value.strides, int(value.dtype.itemsize))
