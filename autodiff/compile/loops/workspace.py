"""The workspace of a loop program: what lives at the same time lies apart; others share bytes."""

from __future__ import annotations

from collections.abc import Sequence

from ..ir import Number, Program, Value
from .steps import Step

_ALIGNMENT = 64

Gap = tuple[int, int]
"""Offset and size of bytes that are free."""


def workspace_of(program: Program, steps: Sequence[Step]) -> tuple[dict[Number, int], int]:
    """Offsets of values that are neither given nor results, and the size of it all, in bytes.

    A value lives from the first step that reads or writes it to the last one.
    """
    given = {k for k, value in enumerate(program.values) if value.kind == "leaf"}
    elsewhere = given.union(program.outputs)
    first: dict[Number, int] = {}
    last: dict[Number, int] = {}
    for at, step in enumerate(steps):
        for k in (step.reads | step.writes) - elsewhere:
            first.setdefault(k, at)
            last[k] = at
    begins, ends = _by_step(first), _by_step(last)
    offsets: dict[Number, int] = {}
    free: list[Gap] = []  # never adjacent
    size = 0
    for at in range(len(steps)):
        for k in begins.get(at, ()):
            offsets[k], size = _taken(free, _need(program.values[k]), size)
        for k in ends.get(at, ()):
            _give(free, offsets[k], _need(program.values[k]))
    return offsets, size


def _by_step(times: dict[Number, int]) -> dict[int, list[Number]]:
    found: dict[int, list[Number]] = {}
    for k, at in times.items():
        found.setdefault(at, []).append(k)
    return found


def _need(value: Value) -> int:
    return -(-max(value.nbytes, 1) // _ALIGNMENT) * _ALIGNMENT


def _taken(free: list[Gap], need: int, size: int) -> tuple[int, int]:
    """The offset of the smallest gap that is large enough, or of the end; the size then."""
    fitting = [gap for gap in free if gap[1] >= need]
    if fitting:
        gap = min(fitting, key=lambda each: each[1])
        free.remove(gap)
        if gap[1] > need:
            free.append((gap[0] + need, gap[1] - need))
        return gap[0], size
    last = max(free, default=None)
    if last is not None and last[0] + last[1] == size:  # grow what is free at the end
        free.remove(last)
        return last[0], last[0] + need
    return size, size + need


def _give(free: list[Gap], offset: int, size: int) -> None:
    """Free these bytes; gaps beside them join."""
    for gap in list(free):
        if gap[0] + gap[1] == offset:
            free.remove(gap)
            offset, size = gap[0], gap[1] + size
        elif offset + size == gap[0]:
            free.remove(gap)
            size += gap[1]
    free.append((offset, size))
