"""Where values of a loop program lie: apart if they live at the same time; others share bytes.

The memory of a result is free until it is written. What fits there lies there, the rest in a
workspace: so a program needs no more than eager evaluation, where the last value of a chain takes
the place of one before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..ir import Number, Program, Value
from .steps import Step

_ALIGNMENT = 64

Gap = tuple[int, int]
"""Offset and size of bytes that are free."""
Life = tuple[int, int]
"""The first and the last step."""


@dataclass(frozen=True)
class Workspace:
    """Memory for all that is neither given nor a result.

    Attributes:
        offsets: value -> where in the workspace its bytes begin.
        hosts: value -> the result in whose memory it lies instead.
        size: of the workspace, in bytes.
    """

    offsets: dict[Number, int]
    hosts: dict[Number, Number]
    size: int


def workspace_of(program: Program, steps: Sequence[Step]) -> Workspace:
    """The memory that the steps need.

    A value lives from the first step that reads or writes it to the last one.
    """
    first: dict[Number, int] = {}
    last: dict[Number, int] = {}
    for at, step in enumerate(steps):
        for k in step.reads | step.writes:
            first.setdefault(k, at)
            last[k] = at
    given = {k for k, value in enumerate(program.values) if value.kind == "leaf"}
    results = [k for k in dict.fromkeys(program.outputs) if k not in given and k in first]
    inner = [k for k in sorted(first, key=first.__getitem__) if k not in given.union(results)]
    lives = {k: (first[k], last[k]) for k in inner}
    hosts = _hosts(program, lives, {k: first[k] for k in results})
    rest = {k: life for k, life in lives.items() if k not in hosts}
    offsets, size = _packed(program, rest, len(steps))
    return Workspace(offsets, hosts, size)


def _hosts(
    program: Program, lives: dict[Number, Life], begins: dict[Number, int]
) -> dict[Number, Number]:
    """Results in whose memory values can lie, one after the other, before it is written."""
    hosts: dict[Number, Number] = {}
    free = dict(begins)  # before which step
    # From the last on: what the step reads that writes the result must lie elsewhere, so of a
    # chain every other value lies here.
    for k, (first, last) in sorted(lives.items(), key=lambda each: -each[1][1]):
        size = program.values[k].nbytes
        fitting = [
            result
            for result, end in free.items()
            if last < end and program.values[result].nbytes >= size > 0
        ]
        if fitting:
            hosts[k] = min(fitting, key=lambda result: program.values[result].nbytes)
            free[hosts[k]] = first
    return hosts


def _packed(
    program: Program, lives: dict[Number, Life], count: int
) -> tuple[dict[Number, int], int]:
    """Offsets in the workspace, and its size."""
    begins = _by_step({k: first for k, (first, _) in lives.items()})
    ends = _by_step({k: last for k, (_, last) in lives.items()})
    offsets: dict[Number, int] = {}
    free: list[Gap] = []  # never adjacent
    size = 0
    for at in range(count):
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
