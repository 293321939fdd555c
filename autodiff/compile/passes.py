"""The passes in their order."""

from __future__ import annotations

from .dead_code import without_dead_code
from .ir import Program
from .joined_places import with_joined_places
from .merged_products import with_merged_products
from .peephole import simplified
from .separate_results import with_separate_results
from .short_powers import with_short_powers
from .written_out import written_out


def optimized(program: Program) -> Program:
    """The program after all passes that keep every bit, for any back end.

    Equal operations are found while each pass builds anew.
    """
    found = without_dead_code(simplified(program))
    joined = with_joined_places(found)
    if joined is not found:
        found = without_dead_code(joined)
    return with_separate_results(found, program)


def loosened(program: Program) -> Program:
    """An optimized program after the passes that keep entries to rounding, for generated loops."""
    found = with_short_powers(with_merged_products(written_out(program)))
    return without_dead_code(found)
