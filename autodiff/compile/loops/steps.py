"""The steps of a loop program: nests, and products of matrices."""

from __future__ import annotations

from dataclasses import dataclass

from ..ir import Number
from .grouping import loaded
from .memory_views import Place
from .nest import Nest


@dataclass(frozen=True)
class NestStep:
    """A nest.

    Attributes:
        roots: the values whose memory its arguments are.
        bases: for each argument the element that it begins at; none are all zero.
    """

    nest: Nest
    roots: tuple[Number, ...]
    bases: tuple[int, ...] = ()

    @property
    def reads(self) -> set[Number]:
        """The values that are read."""
        return set(loaded(self.nest, self.roots))

    @property
    def writes(self) -> set[Number]:
        """The values that are written."""
        stores = (store for piece in self.nest.pieces for store in piece.stores)
        return {self.roots[store.argument] for store in stores}


@dataclass(frozen=True)
class ProductStep:
    """A product of vectors, matrices or stacks of matrices.

    Attributes:
        number: the result.
        left, right: where the factors lie, with their shapes.
    """

    number: Number
    left: tuple[Place, tuple[int, ...]]
    right: tuple[Place, tuple[int, ...]]

    @property
    def reads(self) -> set[Number]:
        """The values that are read."""
        return {self.left[0].root, self.right[0].root}

    @property
    def writes(self) -> set[Number]:
        """The value that is written."""
        return {self.number}


Step = NestStep | ProductStep
