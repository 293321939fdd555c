"""The numbers of the update rule in one step for one array, and their cotangents.

A number is one for all elements of the array, as an array of size 1, or one for each of them.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .leaves import CONSTANT, STACKED, Leaves
from .ratios import Ratio, ratio

Floats = NDArray[np.float64]


class Rates:
    """Rates and momenta of a run, with momenta as fractions wherever they are used.

    Args:
        leaves: of the run; cotangents are added to theirs.
        momenta: names of those that the rule uses.
        steps: T of the run.
    """

    def __init__(self, leaves: Leaves, momenta: tuple[str, ...], steps: int) -> None:
        self._values, self._bars = leaves.values, leaves.cotangents
        self._momenta, self._steps = momenta, steps
        # Of 1 - product of b, in steps where b changes; its pull needs all steps at once.
        self._correction_bars = {name: self._zeros(name) for name in self._products}

    def learning_rate(self, t: int, k: int) -> Floats:
        """The learning rate of array k in step t, with factors that are common to all arrays."""
        return self._number("learning_rate", t, k) * self._factor(t)

    def ratio(self, name: str, t: int, k: int) -> Ratio:
        """A momentum as a fraction."""
        value, row = self._found(name, t, k)
        return ratio(value if row is None else value[row])

    def correction(self, name: str, t: int, k: int) -> Floats:
        """1 - the product of a momentum up to and with step t: Adam's c1 and c2."""
        if name in self._products:
            return 1 - np.ravel(self._shared(self._products[name], k)[t])
        return 1 - self.ratio(name, t, k).value ** (t + 1)

    def add_learning_rate(self, t: int, k: int, x: Floats, y: Floats) -> None:
        """Add x y, summed where elements share a rate, to the cotangent of `learning_rate`."""
        factor = self._factor(t)
        if STACKED in self._values and "rate_factor" in self._values[STACKED]:
            own = self._number("learning_rate", t, k)
            self._bars[STACKED]["rate_factor"][0][t] += np.sum((x * y) * own)
        self._add("learning_rate", t, k, x * factor, y)

    def add_momentum(self, name: str, t: int, k: int, x: Floats, y: Floats) -> None:
        """Add x y to the cotangent of `ratio`."""
        self._add(name, t, k, x, y)

    def add_correction(self, name: str, t: int, k: int, x: Floats, y: Floats) -> None:
        """Add x y to the cotangent of `correction`."""
        if name in self._products:
            _accumulate(self._shared(self._correction_bars[name], k), t, x, y)
        else:
            slope = -(t + 1) * self.ratio(name, t, k).value ** t
            self._add(name, t, k, slope * x, y)

    def finish(self) -> None:
        """Take cotangents of corrections to the momenta that change with the step."""
        for name, bars in self._correction_bars.items():
            rows = zip(bars, self._products[name], self._fractions[name])
            for i, (bar, product, fractions) in enumerate(rows):
                later = np.cumsum((-bar * product)[::-1], axis=0)[::-1]
                self._bars[STACKED][name][i] += later / fractions

    @cached_property
    def _fractions(self) -> dict[str, list[Floats]]:
        """Values of momenta that change with the step, (T, ...), as fractions."""
        return {
            name: [
                np.array([ratio(row).value.reshape(np.shape(row)) for row in column])
                for column in self._values[STACKED][name]
            ]
            for name in self._momenta
            if name in self._values[STACKED] and name != "momentum"
        }

    @cached_property
    def _products(self) -> dict[str, list[Floats]]:
        return {
            name: [np.cumprod(column, axis=0, dtype=np.float64) for column in columns]
            for name, columns in self._fractions.items()
        }

    def _zeros(self, name: str) -> list[Floats]:
        return [np.zeros_like(column) for column in self._products[name]]

    def _factor(self, t: int) -> float:
        columns = self._values[STACKED].get("rate_factor")
        return 1.0 if columns is None else float(columns[0][t])

    def _found(self, name: str, t: int, k: int) -> tuple[Any, int | None]:
        """The column of array k, and its row of step t, None if all steps share it."""
        if name in self._values[STACKED]:
            return self._shared(self._values[STACKED][name], k), t
        return self._shared(self._values[CONSTANT][name], k), None

    def _number(self, name: str, t: int, k: int) -> Floats:
        value, row = self._found(name, t, k)
        return np.ravel(np.asarray(value if row is None else value[row], np.float64))

    def _add(self, name: str, t: int, k: int, x: Floats, y: Floats) -> None:
        place, key = (STACKED, t) if name in self._values[STACKED] else (CONSTANT, ())
        _accumulate(self._shared(self._bars[place][name], k), key, x, y)

    @staticmethod
    def _shared(columns: list[Any], k: int) -> Any:
        return columns[k if len(columns) > 1 else 0]


def _accumulate(bars: Floats, key: Any, x: Floats, y: Floats) -> None:
    """bars[key] += x y, or its sum where bars[key] is a number."""
    if bars[key].ndim == 0:
        bars[key] += np.sum(x * y) if x.size != y.size else np.dot(x, y)
    else:
        bars[key] += np.reshape(x * y, bars[key].shape)
