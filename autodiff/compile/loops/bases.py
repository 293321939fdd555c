"""Nests whose arguments begin at the first element that is touched of them.

Equal nests over different rows of arrays are then one: what tells them apart is the arguments.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .nest import Box, Linear, Nest, Piece
from .steps import NestStep, ProductStep, Step


def with_bases(step: Step) -> Step:
    """The step with elements of arguments counted from the first one; products are so anyhow."""
    if isinstance(step, ProductStep):
        return step
    least: dict[int, int] = {}
    for argument, element, box in _elements(step.nest):
        lowest = _lowest(element, box)
        least[argument] = min(least.get(argument, lowest), lowest)
    bases = tuple(least.get(k, 0) for k in range(len(step.roots)))
    if not any(bases):
        return step
    pieces = tuple(_moved(piece, bases) for piece in step.nest.pieces)
    return NestStep(replace(step.nest, pieces=pieces), step.roots, bases)


def _elements(nest: Nest) -> Iterator[tuple[int, Linear, Box]]:
    for piece in nest.pieces:
        for scalar in piece.scalars:
            if scalar.op == "load":
                yield (*scalar.detail, piece.box)
        for store in piece.stores:
            yield store.argument, store.element, piece.box


def _lowest(element: Linear, box: Box) -> int:
    """A bound of the elements in a box. Scalars among the coordinates are not negative."""
    if any(c < 0 for _, c in element.scalars):
        return 0
    ends = zip(element.counters, box)
    return element.offset + sum(min(c * start, c * (stop - 1)) for c, (start, stop) in ends)


def _moved(piece: Piece, bases: tuple[int, ...]) -> Piece:
    scalars = tuple(
        replace(s, detail=(s.detail[0], s.detail[1].plus(-bases[s.detail[0]])))
        if s.op == "load"
        else s
        for s in piece.scalars
    )
    stores = tuple(replace(s, element=s.element.plus(-bases[s.argument])) for s in piece.stores)
    return Piece(piece.box, scalars, stores)
