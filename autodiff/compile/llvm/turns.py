"""Which thread runs which steps of a program, and where all wait for each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..loops.loop_program import LoopProgram
from ..loops.nest import WORTH_SHARING, shared_axis
from ..loops.steps import NestStep, Step

_WORTH_THREADS = 4_000_000
"""Scalar operations that a program must have in nests that threads can share."""
MOST_STEPS = 48
"""Steps of a turn, and of a function of machine code: LLVM's time for longer ones grows faster than
they do."""


@dataclass(frozen=True)
class Turn:
    """Steps that follow each other.

    Attributes:
        divided: whether each of them is divided among the threads.
        last: steps that the last thread runs while the first one runs the others.
        waits: whether threads wait for each other after it (after each step if it is divided).
    """

    steps: tuple[Step, ...]
    divided: bool = False
    last: tuple[Step, ...] = ()
    waits: bool = False

    @property
    def length(self) -> int:
        """The number of steps."""
        return len(self.steps) + len(self.last)


def is_shared(loops: LoopProgram) -> bool:
    """Whether some nest is worth several threads."""
    work = [
        step.nest.work for step in loops.steps if isinstance(step, NestStep) and _is_shared(step)
    ]
    return sum(work) >= _WORTH_THREADS


def _is_shared(step: Step) -> bool:
    if not isinstance(step, NestStep):
        return False
    nest = step.nest
    return (
        nest.reduction is None
        and not nest.ordered
        and not nest.sums
        and bool(nest.shape)
        and nest.shape[shared_axis(nest.shape)] > 1
        and nest.work >= WORTH_SHARING
    )


def turns_of(loops: LoopProgram) -> list[Turn]:
    """The turns of a program; all that are not divided are one thread's."""
    if not is_shared(loops):
        return [Turn(steps) for steps in _cut(loops.steps)]
    turns: list[Turn] = []
    for divided, run in _runs(loops.steps):
        if not divided and _are_apart(run):
            turns.append(Turn(run[:1], last=run[1:], waits=True))
            continue
        parts = list(_cut(run))
        turns += [Turn(part, divided, waits=divided) for part in parts[:-1]]
        turns.append(Turn(parts[-1], divided, waits=True))
    return turns


def _cut(steps: Sequence[Step]) -> Iterator[tuple[Step, ...]]:
    for at in range(0, len(steps), MOST_STEPS):
        yield tuple(steps[at : at + MOST_STEPS])


def chunks_of(turns: Sequence[Turn]) -> list[list[Turn]]:
    """The turns in chunks, each for a function of its own."""
    chunks: list[list[Turn]] = [[]]
    length = 0
    for turn in turns:
        if length and length + turn.length > MOST_STEPS:
            chunks.append([])
            length = 0
        chunks[-1].append(turn)
        length += turn.length
    return chunks


def _runs(steps: Sequence[Step]) -> list[tuple[bool, tuple[Step, ...]]]:
    found: list[tuple[bool, list[Step]]] = []
    for step in steps:
        shared = _is_shared(step)
        begins = not found or found[-1][0] != shared or _adds(step) != _adds(found[-1][1][-1])
        if begins:
            found.append((shared, []))
        found[-1][1].append(step)
    return [(shared, tuple(run)) for shared, run in found]


def _are_apart(run: Sequence[Step]) -> bool:
    """Whether a run is two additions to different memory, which two threads can do."""
    if len(run) != 2 or not all(map(_adds, run)):
        return False
    one, other = run
    return not (one.writes & (other.reads | other.writes) or other.writes & one.reads)


def _adds(step: Step) -> bool:
    return isinstance(step, NestStep) and step.nest.ordered
