"""From one unconstrained vector to the values of all hyperparameters, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as onp
from numpy.typing import NDArray

import autodiff.numpy as np

from .layout import Layout
from .part import Part
from .scales import SCALES

Vector = NDArray[onp.float64]


@dataclass(frozen=True, eq=False)
class Space:
    """All tuned hyperparameters as one vector, each on its scale.

    Attributes:
        parts: the tuned hyperparameters, in the order of the vector.
        fixed: values of the others, by name.
        dtype: of the values that training sees.
    """

    parts: tuple[Part, ...]
    fixed: dict[str, Any]
    dtype: str

    @property
    def size(self) -> int:
        """Length of the vector."""
        return sum(part.size for part in self.parts)

    @property
    def start(self) -> Vector:
        """The vector to start from, (size,)."""
        return self._joined("start")

    @property
    def low(self) -> Vector:
        """The lowest vector, (size,)."""
        return self._joined("low")

    @property
    def high(self) -> Vector:
        """The highest vector, (size,)."""
        return self._joined("high")

    def part(self, name: str) -> Part | None:
        """The tuned part of that name, if there is one."""
        return next((part for part in self.parts if part.name == name), None)

    def slices(self) -> dict[str, slice]:
        """Where each part lies in the vector."""
        ends = onp.cumsum([0, *(part.size for part in self.parts)])
        return {p.name: slice(int(a), int(b)) for p, a, b in zip(self.parts, ends, ends[1:])}

    def values(self, vector: Any) -> dict[str, Any]:
        """The value of every hyperparameter, tuned ones differentiable by `vector`, in `dtype`."""
        found = dict(self.fixed)
        for part, place in zip(self.parts, self.slices().values()):
            variable = vector[place]
            if len(part.shape) != 1:
                variable = np.reshape(variable, part.shape)
            value = SCALES[part.scale].value(variable)
            # A value of higher precision would draw the whole training run up with it.
            found[part.name] = value if value.dtype == self.dtype else value.astype(self.dtype)
        return found

    def vector(self, values: dict[str, Any]) -> Vector:
        """The vector of these values, the start's where one is missing."""
        pieces = [
            onp.asarray(SCALES[p.scale].variable(onp.asarray(values[p.name], float))).ravel()
            if p.name in values
            else p.start.ravel()
            for p in self.parts
        ]
        return onp.concatenate([onp.zeros(0), *pieces])

    def labels(self, layout: Layout) -> list[str]:
        """A name for each entry of the vector, such as "learning_rate[step 3, layer 0]"."""
        return [self.label(k, layout) for k in range(self.size)]

    def label(self, place: int, layout: Layout) -> str:
        """The name of one entry; the names of all of a million would take seconds."""
        for part in self.parts:
            if place < part.size:
                return _label(part, place, layout)
            place -= part.size
        raise IndexError(place)

    def _joined(self, attribute: str) -> Vector:
        return onp.concatenate(
            [onp.zeros(0), *(getattr(part, attribute).ravel() for part in self.parts)]
        )


def _label(part: Part, place: int, layout: Layout) -> str:
    axes = [] if part.per == "global" else part.per.split()
    names = {"layer": layout.layer_names, "array": layout.names}

    def one(axis: str, k: int) -> str:
        return (
            f"{axis} {names[axis][k] if axis in names else k * part.every if axis == 'step' else k}"
        )

    index = tuple(map(int, onp.unravel_index(place, part.shape)))
    inside = ", ".join(one(axis, k) for axis, k in zip(axes, index))
    if len(axes) < len(index):
        inside = f"{part.per} {', '.join(map(str, index))}"
    return f"{part.name}[{inside}]" if inside else part.name
