"""What is subtracted from the inputs and what they are divided by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sciopt.errors import DataError

from .source import Source

_NUMBERS = 1 << 20  # converted to float64 at a time


@dataclass(frozen=True, eq=False)
class Scaling:
    """x becomes (x / white - mean) / scale, with the white of its source.

    Attributes:
        mean, scale: float64, of the shape of one input.
    """

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]

    def apply(self, source: Source, rows: NDArray[np.intp], dtype: str) -> NDArray[Any]:
        """The scaled inputs of these rows, (len(rows), *input_shape).

        Computed in float64 and rounded once. Raises: DataError for what does not fit into `dtype`.
        """
        scaled = np.empty((len(rows), *source.inputs.shape[1:]), dtype=dtype)
        with np.errstate(over="ignore", invalid="ignore"):
            for place, block in _blocks(source, rows):
                scaled[place] = (block - self.mean) / self.scale
        if not np.isfinite(scaled).all():
            raise DataError(
                f"{source.where}: some inputs are too large for {dtype}; scale them down, or set "
                "data.scaling: standardize"
            )
        return scaled


def fit_scaling(kind: str, source: Source, rows: NDArray[np.intp]) -> Scaling:
    """Mean and scale of each number of the inputs over these rows.

    A number that is the same everywhere gets the scale 1.

    Args:
        kind: "none", "center", "standardize", "unit", or "auto": none for images, else standardize.
    """
    shape = source.inputs.shape[1:]
    if kind == "auto":
        kind = "none" if source.is_image else "standardize"
    if kind == "none":
        return Scaling(np.zeros(shape), np.ones(shape))
    low, high, total = np.full(shape, np.inf), np.full(shape, -np.inf), np.zeros(shape)
    for _, block in _blocks(source, rows):
        low, high = np.minimum(low, block.min(axis=0)), np.maximum(high, block.max(axis=0))
        total += block.sum(axis=0)
    if kind == "unit":
        return Scaling(low, np.where(high > low, high - low, 1.0))
    # Of a constant the mean of rounded numbers would leave round-off.
    mean = np.where(high > low, total / len(rows), low)
    if kind == "center":
        return Scaling(mean, np.ones(shape))
    squares = np.zeros(shape)
    for _, block in _blocks(source, rows):
        squares += ((block - mean) ** 2).sum(axis=0)
    deviation = np.sqrt(squares / len(rows))
    return Scaling(mean, np.where(deviation > 0, deviation, 1.0))


def _blocks(source: Source, rows: NDArray[np.intp]) -> Iterator[tuple[slice, NDArray[np.float64]]]:
    step = max(1, _NUMBERS // source.inputs[0].size)
    for start in range(0, len(rows), step):
        place = slice(start, start + step)
        yield place, source.inputs[rows[place]].astype(np.float64) / source.white
