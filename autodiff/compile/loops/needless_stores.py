"""Loop programs without stores that nothing reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..ir import Number, Program
from .nest import Nest, Piece, merged
from .steps import NestStep, Step


def without_needless_stores(program: Program, steps: Sequence[Step]) -> list[Step]:
    """The steps without stores that nothing reads, and loops merged."""
    wanted = set(program.outputs).union(*(step.reads for step in steps))
    found: list[Step] = []
    for step in steps:
        if isinstance(step, NestStep):
            nest, roots = _trimmed(step.nest, step.roots, wanted)
            if nest.pieces[0].stores:
                found.append(NestStep(merged(nest), roots))
        else:
            found.append(step)
    return found


def _trimmed(
    nest: Nest, roots: tuple[Number, ...], wanted: set[Number]
) -> tuple[Nest, tuple[Number, ...]]:
    kept = [k for k, root in enumerate(roots) if root in wanted]
    if len(kept) == len(roots):
        return nest, roots
    numbers = {k: n for n, k in enumerate(kept)}

    def of(piece: Piece) -> Piece:
        scalars = tuple(
            replace(s, detail=(numbers[s.detail[0]], s.detail[1])) if s.op == "load" else s
            for s in piece.scalars
        )
        stores = tuple(
            replace(s, argument=numbers[s.argument]) for s in piece.stores if s.argument in numbers
        )
        return Piece(piece.box, scalars, stores)

    pieces = tuple(map(of, nest.pieces))
    return replace(nest, pieces=pieces, arguments=len(kept)), tuple(roots[k] for k in kept)
