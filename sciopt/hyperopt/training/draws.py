"""What is drawn at random for a run: initial numbers, and those of its steps stacked along axis 0.

A step is then a function of arrays alone, which can be recorded; and any stretch of a run can be
taken again, bit for bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .augment import normals
from .batches import Batches

Draw = dict[str, Any]
"""Of one step, or stacked for several: "rows" (B,), the examples of the minibatch, left out where
each step sees all of them in their order; "normals" (4, B), left out without augmentation."""

INITIAL = 0  # tag of a seed's use for initial weights
_REMEMBERED = 2**20
"""Numbers that draws may be in order to be kept, for the next run of that seed."""


@dataclass(frozen=True)
class Draws:
    """The draws of a run, a pure function of its seed and the steps.

    Attributes:
        batches: which examples each step sees.
        augments: whether images are changed at random.
        steps: T of the run.
        dtype: of the training run.
    """

    batches: Batches
    augments: bool
    steps: int
    dtype: str

    def __call__(self, first: int, end: int) -> Draw:
        """The draws of the steps `first` to `end` - 1, each array (T, ...) and read-only."""
        if self.steps * self.batches.size * (1 + 4 * self.augments) > _REMEMBERED:
            return self._drawn(first, end)
        return {name: rows[first:end] for name, rows in _remembered(self).items()}

    def of_all(self) -> Draw:
        """A draw of the first step as if its minibatch were all examples."""
        if not self.augments:
            return {}
        return {"normals": normals(self.batches.seed, 0, self.batches.examples, self.dtype)}

    def _drawn(self, first: int, end: int) -> Draw:
        found: dict[str, NDArray[Any]] = {}
        batches, steps = self.batches, range(first, end)
        if not batches.are_all:
            found["rows"] = np.empty((len(steps), batches.size), np.int32)
            for row, step in zip(found["rows"], steps):
                row[:] = batches(step)
        if self.augments:
            found["normals"] = np.empty((len(steps), 4, batches.size), self.dtype)
            for row, step in zip(found["normals"], steps):
                row[:] = normals(batches.seed, step, batches.size, self.dtype)
        for rows in found.values():
            rows.flags.writeable = False
        return found


def initial_normals(
    shapes: tuple[tuple[int, ...], ...], seed: int, dtype: str
) -> tuple[NDArray[Any], ...]:
    """The normal numbers that initial scales multiply, one array for each shape, read-only."""
    few = sum(map(prod, shapes)) <= _REMEMBERED
    return (_initial_normals if few else _initial_normals.__wrapped__)(shapes, seed, dtype)


@lru_cache(maxsize=16)
def _initial_normals(
    shapes: tuple[tuple[int, ...], ...], seed: int, dtype: str
) -> tuple[NDArray[Any], ...]:
    rng = np.random.default_rng([seed, INITIAL])
    arrays = tuple(rng.standard_normal(shape).astype(dtype) for shape in shapes)
    for array in arrays:
        array.flags.writeable = False
    return arrays


@lru_cache(maxsize=16)
def _remembered(draws: Draws) -> Draw:
    return draws._drawn(0, draws.steps)
