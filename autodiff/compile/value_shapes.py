"""Primitives that cannot be recorded: their results have as many entries as the values say."""

from __future__ import annotations

from functools import lru_cache
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
    way = _way(fun)
    if way:
        _refuse(fun, way, args)


@lru_cache(maxsize=1024)
def _way(fun: Any) -> str:
    """How a primitive may be shaped by values: "" for not at all, "always", or the name of some."""
    name = getattr(fun, "__name__", "")
    named = name in ("where", "getitem", "index_add", "scatter")
    return "always" if fun in _SHAPED_BY_VALUES else name if named else ""


def _refuse(fun: Any, way: str, args: tuple[Any, ...]) -> None:
    if way == "always" or (way == "where" and len(args) == 1):
        raise refusal(
            f"{fun.__name__}, whose result has as many entries as the values say,",
            "choose between arrays of a known shape with autodiff.numpy.where(condition, a, b), or"
            " compute the indices outside and close over them as a static value",
        )
    if way != "where":
        index = args[1]
        for part in index if isinstance(index, tuple) else (index,):
            if type(part) in recorded_types and part.dtype.kind == "b":
                raise refusal(
                    "an index of recorded truth values, which selects as many entries as are true,",
                    "choose between arrays with autodiff.numpy.where(mask, a, b)",
                )
