"""The passes in their order."""

from __future__ import annotations

from .dead_code import without_dead_code
from .ir import Program
from .joined_places import with_joined_places
from .peephole import simplified
from .separate_results import with_separate_results


def optimized(program: Program) -> Program:
    """The program after all passes. Equal operations are found while each pass builds anew."""
    found = without_dead_code(simplified(program))
    joined = with_joined_places(found)
    if joined is not found:
        found = without_dead_code(joined)
    return with_separate_results(found, program)
