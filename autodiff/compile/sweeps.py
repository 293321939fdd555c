"""The programs of a loop's two sweeps: the step forwards, and its vjp backwards.

`loop_sweeps` runs them: their tables of addresses move from step to step, see `llvm.driver`.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as onp

from .families import Entry
from .ir import Builder, Program, with_operands
from .llvm.driver import Moves
from .llvm.executable import Executable, executable
from .llvm.support import has_loops
from .operations import Constant
from .passes import loosened
from .residuals import split
from .separate_results import own_result

Arrays = list[Any]


class Sweep:
    """A program that is run again and again.

    Attributes:
        program: its inputs are the leaves that it was recorded with.
        results: shape and dtype of each leaf of the result.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.inputs = len(program.inputs)
        self.results = [(program.values[k].shape, program.values[k].dtype) for k in program.outputs]

    @cached_property
    def code(self) -> Executable:
        """The machine code, made when it is first run: a loop that is to be reversed runs another
        program forwards."""
        return executable(self.program)

    @property
    def first_result(self) -> int:
        """The place of the first result in the table."""
        return self.inputs + len(self.code.constants)

    def moves(self) -> Moves:
        """A table with its constants and a workspace."""
        size = self.first_result + len(self.results) + 1
        moves = Moves(size)
        for k, array in enumerate(self.code.constants):
            moves.still(self.inputs + k, array)
        moves.still(size - 1, self.code.new_workspace())
        return moves


MOST_KEPT = 10**9
"""Bytes that residuals of all steps may take; past that each step is computed again."""


def sweep_of(entry: Entry) -> Sweep | None:
    """The loop over an entry's program; None where it is not machine code throughout."""
    program = _with_results_of_its_own(entry)
    return None if program is None or not _has_loops(program) else Sweep(program)


def pair_of(entry: Entry, reverse: Entry, steps: int) -> tuple[Sweep, Sweep] | None:
    """The loops over a step and over its reversal, residuals handed from one to the other.

    Args:
        steps: how many there are.
    Returns: None where residuals take more than `MOST_KEPT`, or it is not all machine code.
    """
    forward, backward = map(_with_results_of_its_own, (entry, reverse))
    if forward is None or backward is None:
        return None
    if not (_has_loops(forward) and _has_loops(backward)):
        return None
    parted = split(forward, backward, len(entry.recording.examples), steps)
    if steps * parted.nbytes > MOST_KEPT:
        return None
    return Sweep(parted.forward), Sweep(parted.reverse)


def _has_loops(program: Program) -> bool:
    return all(
        has_loops(program, k) for k, value in enumerate(program.values) if value.kind != "leaf"
    )


def _with_results_of_its_own(entry: Entry) -> Program | None:
    """The program with an array for each leaf of the result: none is an input or another result."""
    program = loosened(entry.program)
    builder, numbers, outputs = Builder(), list[int](), list[int]()
    for value in program.values:
        numbers.append(builder.add(with_operands(value, [numbers[x] for x in value.operands])))
    found = iter(program.outputs)
    for leaf in entry.recording.outputs:
        if isinstance(leaf, Constant):
            array = onp.asarray(leaf.value)
            if array.dtype.kind not in "biuf":
                return None
            k = builder.constant(array)
        else:
            k = numbers[next(found)]
        if builder.values[k].shape is None:
            return None
        outputs.append(own_result(builder, k, outputs))
    return builder.program(outputs)
