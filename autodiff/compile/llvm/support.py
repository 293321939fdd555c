"""Which operations have loops."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from ..ir import Number, Program, Value
from ..loops.indexing import is_supported
from . import scalars

_DTYPES = frozenset(
    np.dtype(name) for name in ("f8", "f4", "?", *(f"{k}{n}" for k in "iu" for n in (1, 2, 4, 8)))
)
_MAPS = frozenset({"cast", "copy", "select"})


def has_loops(program: Program, k: Number) -> bool:
    """Whether an operation of a program can be compiled."""
    values = program.values
    value = values[k]
    operands = [values[x] for x in value.operands]
    for each in (value, *operands):
        if not _is_plain(each):
            return False
    kind = value.kind
    if kind == "map" and value.op not in _MAPS:
        first = operands[0].dtype
        for operand in operands:
            if operand.dtype != first:  # uint64 < int64 has a loop of its own
                return False
        return scalars.supports(value.op, first)
    if kind == "reduce":
        return value.op not in ("max", "min") or value.dtype.kind in "fi"
    if value.op in ("gather", "scatter", "put"):
        return is_supported(value.param("index"), operands)
    if kind == "gemm":
        return value.dtype.kind == "f"
    return kind not in ("call", "loop", "search")


def _is_plain(value: Value) -> bool:
    """Whether a value is an array of a dtype that loops know, in whole elements."""
    if value.shape is None:
        return False
    strides = value.param("data").array.strides if value.op == "constant" else value.strides
    return _is_known(value.dtype, strides or ())


@lru_cache(maxsize=4096)
def _is_known(dtype: np.dtype[Any], strides: tuple[int, ...]) -> bool:
    known = dtype in _DTYPES and dtype.isnative
    return known and all(s % dtype.itemsize == 0 for s in strides)
