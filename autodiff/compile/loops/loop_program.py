"""A program as steps in order: nests, and products of matrices, with a place for everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..ir import Number, Program
from .bases import with_bases
from .grouping import Grouping
from .memory_views import places_of
from .needless_stores import without_needless_stores
from .obstacles import NeedStoreError, NotFlatError
from .pieces import Target, map_nest, targets_of
from .ranges import integer_ranges
from .single_steps import reduction_step, single_steps
from .steps import NestStep, Step
from .storing import Memory, stored_values
from .workspace import Workspace, workspace_of


@dataclass(frozen=True)
class LoopProgram:
    """Steps, and where values are while they run.

    Attributes:
        program: what is computed.
        steps: in order.
        memory: value -> its element strides, for all that have memory.
        workspace: where all lies that is neither given nor a result.
    """

    program: Program
    steps: tuple[Step, ...]
    memory: dict[Number, tuple[int, ...]]
    workspace: Workspace

    def __str__(self) -> str:
        lines = []
        for step in self.steps:
            if isinstance(step, NestStep):
                places = map(_from, step.roots, step.bases or (0,) * len(step.roots))
                names = (f"a{k} = {place}" for k, place in enumerate(places))
                lines += [f"# {', '.join(names)}", str(step.nest)]
            else:
                sides = (step.left, step.right)
                left, right = (f"{_from(p.root, p.offset)}{list(s)}" for p, s in sides)
                lines.append(f"%{step.number} = {left} @ {right}")
        return "\n".join(lines)


def _from(root: Number, base: int) -> str:
    return f"%{root}[{base}:]" if base else f"%{root}"


def loop_program(program: Program) -> LoopProgram:
    """The loops of a program all of whose operations have loops, see `partition`."""
    forced: set[Number] = set()
    ranges = integer_ranges(program)
    while True:
        strides = stored_values(program, forced)
        memory = Memory(strides, places_of(program, strides), ranges)
        needed: set[Number] = set()
        steps = _steps(program, memory, needed)
        if not needed:
            steps = without_needless_stores(program, steps)
            workspace = workspace_of(program, steps)
            return LoopProgram(program, tuple(map(with_bases, steps)), memory.strides, workspace)
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
            made = single_steps(program, memory, k) or _grouped(grouping, k)
        except NeedStoreError as error:
            needed.add(error.number)
            continue
        if made:
            singles[k] = made
            grouping.add_step(k)
    steps: list[Step] = []
    if needed:
        return steps
    for group in grouping.groups:
        if group.targets:
            steps += _nests(program, memory, group.targets)
        else:
            steps += singles[group.numbers[0]]
    return _halves_together(steps)


def _grouped(grouping: Grouping, k: Number) -> list[Step]:
    """Add the targets of a value; the step that computes it if that is not possible.

    Raises: NeedStoreError.
    """
    program, memory = grouping.program, grouping.memory
    try:
        for target in targets_of(program, memory, k):
            grouping.add_target(target)
    except NotFlatError:
        return [reduction_step(program, memory, k)]
    return []


def _nests(program: Program, memory: Memory, targets: Sequence[Target]) -> list[NestStep]:
    """One nest for some targets; several if one would be cut into too many pieces."""
    try:
        nest, arguments = map_nest(program, memory, targets)
    except (NeedStoreError, NotFlatError):
        if len(targets) == 1:
            raise
        return [step for each in targets for step in _nests(program, memory, [each])]
    return [NestStep(nest, tuple(arguments.roots))]


def _halves_together(steps: list[Step]) -> list[Step]:
    """The steps with two additions that follow each other side by side, for a thread each."""
    for k in range(len(steps) - 3):
        filled, added, other, last = steps[k : k + 4]
        if (
            isinstance(added, NestStep)
            and isinstance(last, NestStep)
            and isinstance(other, NestStep)
            and added.nest.ordered
            and last.nest.ordered
            and not other.nest.ordered
            and other.writes == last.writes
            and not (added.writes & (other.reads | other.writes | last.reads))
        ):
            steps[k : k + 4] = [filled, other, added, last]
    return steps
