"""The passes in their order."""

from __future__ import annotations

from .dead_code import without_dead_code
from .ir import Program
from .peephole import simplified
from .separate_results import with_separate_results


def optimized(program: Program) -> Program:
    """The program after all passes. Equal operations are found while each pass builds anew."""
    original = program
    program = without_dead_code(program)
    for _ in range(2):  # what one round leaves behind shows in the next
        program = without_dead_code(simplified(program))
    return with_separate_results(program, original)
