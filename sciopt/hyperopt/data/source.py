"""What a source of examples hands over, as it was stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sciopt.errors import DataError


@dataclass(frozen=True, eq=False)
class Source:
    """All examples of one source, unscaled, in the dtype they were stored in.

    Attributes:
        name: what a run on it may be called.
        where: how messages name it: a path, or a built-in name.
        inputs: (N, *input_shape), integers or floats, all finite.
        targets: (N,) text, whole numbers or floats, or (N, K) floats.
        white: the stored value that stands for 1, such as 255 for grey levels of 8 bits.
        training: how many of the N belong to the training file; the others are a test file's.
        classes: names of the classes 0..C-1, where the source knows them.
        task: "classification" or "regression", where the source knows it.
    """

    name: str
    where: str
    inputs: NDArray[Any]
    targets: NDArray[Any]
    white: float = 1.0
    training: int | None = None
    classes: tuple[str, ...] | None = None
    task: str | None = None

    def __post_init__(self) -> None:
        if len(self.inputs) != len(self.targets):
            raise DataError(
                f"{self.where}: {len(self.inputs)} inputs, but {len(self.targets)} targets; "
                "there must be one target for each input"
            )

    @property
    def training_count(self) -> int:
        """The examples of the training file; all of them, if there is no test file."""
        return len(self.inputs) if self.training is None else self.training

    @property
    def is_image(self) -> bool:
        """Whether an input has rows and columns."""
        return self.inputs.ndim >= 3


def check_numbers(array: NDArray[Any], where: str) -> NDArray[Any]:
    """`array`, if it holds real, finite numbers. Raises: DataError that begins with `where`."""
    if array.dtype.kind not in "buif":
        raise DataError(f"{where}: holds {array.dtype} values; real numbers are expected")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        bad = np.argwhere(~np.isfinite(array))
        place = ", ".join(str(int(k)) for k in bad[0])
        raise DataError(
            f"{where}: {len(bad)} values are NaN or infinite, the first at [{place}]; "
            "remove or replace them"
        )
    return array
