"""Nests that begin at the first element they touch of each argument.

Equal nests over different rows of arrays are then one: what tells them apart is the arguments.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .nest import Linear, Nest, Piece
from .steps import NestStep, ProductStep, Step


def with_bases(step: Step) -> Step:
    """The step with elements of arguments counted from the first one; products are so anyhow."""
    if isinstance(step, ProductStep):
        return step
    least: dict[int, int] = {}
    for argument, element in _elements(step.nest):
        least[argument] = min(least.get(argument, element.offset), element.offset)
    bases = tuple(least.get(k, 0) for k in range(len(step.roots)))
    if not any(bases):
        return step
    pieces = tuple(_moved(piece, bases) for piece in step.nest.pieces)
    return NestStep(replace(step.nest, pieces=pieces), step.roots, bases)


def _elements(nest: Nest) -> Iterator[tuple[int, Linear]]:
    for piece in nest.pieces:
        for scalar in piece.scalars:
            if scalar.op == "load":
                yield scalar.detail
        for store in piece.stores:
            yield store.argument, store.element


def _moved(piece: Piece, bases: tuple[int, ...]) -> Piece:
    scalars = tuple(
        replace(s, detail=(s.detail[0], s.detail[1].plus(-bases[s.detail[0]])))
        if s.op == "load"
        else s
        for s in piece.scalars
    )
    stores = tuple(replace(s, element=s.element.plus(-bases[s.argument])) for s in piece.stores)
    return Piece(piece.box, scalars, stores)
