"""Primitives that cannot be recorded: their results have as many entries as the values say."""

from __future__ import annotations

from typing import Any

import numpy as onp

from ..boxes import recorded_types
from ..numpy.wrapper import wrapper_of
from .placeholders import refusal

_SHAPED_BY_VALUES = {
    wrapper_of(getattr(onp, name))
    for name in (
        "nonzero", "flatnonzero", "argwhere", "compress", "extract", "trim_zeros", "unique",
        "unique_all", "unique_counts", "unique_inverse", "unique_values", "union1d", "intersect1d",
        "setdiff1d", "setxor1d", "bincount",
    )
}  # fmt: skip
"""Primitives whose results have as many entries as the values say."""


def refuse_shapes_by_values(fun: Any, args: tuple[Any, ...]) -> None:
    """Raise RecordingError if the result of ``fun(*args)`` has as many entries as values say."""
    name = getattr(fun, "__name__", "")
    if fun in _SHAPED_BY_VALUES or (name == "where" and len(args) == 1):
        raise refusal(
            f"{name}, whose result has as many entries as the values say,",
            "choose between arrays of a known shape with autodiff.numpy.where(condition, a, b), or"
            " compute the indices outside and close over them as a static value",
        )
    if name in ("getitem", "index_add", "scatter"):
        index = args[1]
        for part in index if isinstance(index, tuple) else (index,):
            if type(part) in recorded_types and part.dtype.kind == "b":
                raise refusal(
                    "an index of recorded truth values, which selects as many entries as are true,",
                    "choose between arrays with autodiff.numpy.where(mask, a, b)",
                )
