"""Where values lie: those in memory, and those that are views of one in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..ir import Number, Program
from ..strides import contiguous, reshaped


@dataclass(frozen=True)
class Place:
    """A value's elements in memory.

    Attributes:
        root: the value whose memory it is.
        strides: elements per step of each axis.
        offset: the element at index zero.
    """

    root: Number
    strides: tuple[int, ...]
    offset: int = 0


def places_of(program: Program, memory: Mapping[Number, tuple[int, ...]]) -> dict[Number, Place]:
    """Where values lie; those that must be computed are not in it.

    Args:
        memory: the element strides of each value that has memory.
    """
    places: dict[Number, Place] = {}
    for k in range(len(program.values)):
        place = Place(k, memory[k]) if k in memory else view_of(program, places, k)
        if place is not None:
            places[k] = place
    return places


def view_of(program: Program, places: Mapping[Number, Place], k: Number) -> Place | None:
    """Where value `k` lies as a view of what it names; None if it is no view of what lies."""
    value = program.values[k]
    if value.kind != "view":
        return None
    of = places.get(value.operands[0])
    if of is None:
        return None
    shape = program.values[value.operands[0]].shape
    if value.op == "transpose":
        return Place(of.root, tuple(of.strides[a] for a in value.param("axes")), of.offset)
    if value.op == "slice":
        parts = value.param("parts")
        offset = of.offset + sum(start * s for (start, _, _), s in zip(parts, of.strides))
        return Place(of.root, tuple(s * p[1] for s, p in zip(of.strides, parts)), offset)
    if value.op == "broadcast":
        extra = len(value.shape) - len(shape)
        stretched = zip(shape, of.strides, value.shape[extra:])
        strides = tuple(s if n == wanted else 0 for n, s, wanted in stretched)
        return Place(of.root, (0,) * extra + strides, of.offset)
    if 0 in shape:
        return Place(of.root, contiguous(value.shape, 1), of.offset)
    found = reshaped(shape, of.strides, value.shape)
    return None if found is None else Place(of.root, found, of.offset)
