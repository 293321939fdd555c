"""The cells of the wide difference stencil, put in the order in which it couples them.

The divergence of a gradient by central differences couples a cell with those two further on. Along
a periodic axis of even length these are two rings of cells, the even and the odd ones. Along an
odd one it is one ring, 0, 2, 4, ..., 1, 3, ... In a box the walls reflect it: 0, 2, 4, ... up to
the wall and back over the odd cells, ..., 3, 1, and to 0 again, one ring. In a channel it is the
same, but the pressure changes its sign in the mirror of the outflow: the odd cells carry minus
their pressure, and where the ring closes, the sign changes.

In this order the equation is the ordinary five-point one, with the part m of the flow that passes
the cell in between as the conductance of each edge, on one, two or four tori, each for itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Literal

import numpy as np

Ends = Literal["periodic", "box", "channel"]
"""None, two walls, or a wall and behind the last cell an outflow, where the pressure is zero."""


@dataclass(frozen=True)
class Ring:
    """Cells along an axis.

    Attributes:
        cells: their numbers, shape (n,).
        edges: numbers of the cells between each and the next, shape (n,).
        signs: what they carry of the pressure, 1 or -1, shape (n,).
        closing: the sign with which the last is followed by the first.
    """

    cells: np.ndarray
    edges: np.ndarray
    signs: np.ndarray
    closing: int


@lru_cache(maxsize=32)
def rings_along(n: int, ends: Ends) -> tuple[Ring, ...]:
    """The rings of an axis of n cells."""
    even, odd = np.arange(0, n, 2), np.arange(1, n, 2)
    if ends == "periodic" and n % 2 == 0:
        return tuple(Ring(part, (part + 1) % n, np.ones(n // 2), 1) for part in (even, odd))
    if ends == "periodic":
        cells = np.concatenate([even, odd])
        return (Ring(cells, (cells + 1) % n, np.ones(n), 1),)
    cells = np.concatenate([even, odd[::-1]])
    edges = np.concatenate([np.minimum(even + 1, n - 1), odd[::-1] - 1])
    mirrored = 1 if ends == "box" else -1
    signs = np.concatenate([np.ones(len(even)), np.full(len(odd), float(mirrored))])
    return (Ring(cells, edges, signs, mirrored),)


def tori(shape: tuple[int, int], ends: tuple[Ends, Ends]) -> list[tuple[Ring, Ring]]:
    """The parts into which the equation falls, each by its rings along x and y."""
    return list(product(rings_along(shape[0], ends[0]), rings_along(shape[1], ends[1])))
