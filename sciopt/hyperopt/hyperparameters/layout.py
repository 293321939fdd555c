"""How a model's weights are laid out: its arrays, and the layer that each belongs to."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as onp

from autodiff.nests import Structure, flatten


@dataclass(frozen=True)
class Layout:
    """The arrays of a model in a fixed order.

    Attributes:
        structure: puts the flat list of arrays back into the model's nest.
        names: such as "0.weights", one for each of A arrays.
        shapes: of the arrays.
        layers: the number of the layer of each array, 0 to L - 1.
        layer_names: of the L layers: the items of the nest's outermost list or dict.
    """

    structure: Structure
    names: tuple[str, ...]
    shapes: tuple[tuple[int, ...], ...]
    layers: tuple[int, ...]
    layer_names: tuple[str, ...]

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of weights in each array."""
        return tuple(map(math.prod, self.shapes))

    @property
    def size(self) -> int:
        """The number of weights in all."""
        return sum(self.sizes)


def layout_of(params: Any) -> Layout:
    """The layout of a model's initial parameters, any nest of arrays."""
    leaves, structure = flatten(params)
    keys = list(_keys(structure))
    layer_names = tuple(dict.fromkeys(key[0] for key in keys))
    return Layout(
        structure=structure,
        names=tuple(".".join(key) for key in keys),
        shapes=tuple(onp.shape(leaf) for leaf in leaves),
        layers=tuple(layer_names.index(key[0]) for key in keys),
        layer_names=layer_names,
    )


def _keys(structure: Structure, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The keys that lead to each leaf; an array alone is a layer called "weights"."""
    if structure.kind is None:
        yield above or ("weights",)
    for key, child in zip(structure.keys, structure.children):
        yield from _keys(child, (*above, str(key)))
