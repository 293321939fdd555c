"""Which operations have loops."""

from __future__ import annotations

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
    value = program.values[k]
    operands = [program.values[x] for x in value.operands]
    if not all(map(_is_plain, (value, *operands))):
        return False
    if value.kind == "map" and value.op not in _MAPS:
        kinds = {operand.dtype for operand in operands}  # uint64 < int64 has a loop of its own
        return len(kinds) == 1 and scalars.supports(value.op, operands[0].dtype)
    if value.kind == "reduce":
        return value.op not in ("max", "min") or value.dtype.kind in "fi"
    if value.op in ("gather", "scatter", "put"):
        return is_supported(value.param("index"), operands)
    if value.kind == "gemm":
        return value.dtype.kind == "f"
    return value.kind not in ("call", "loop", "search")


def _is_plain(value: Value) -> bool:
    """Whether a value is an array of a dtype that loops know, in whole elements."""
    if value.shape is None or value.dtype not in _DTYPES or not value.dtype.isnative:
        return False
    strides = value.param("data").array.strides if value.op == "constant" else value.strides
    return not strides or all(s % value.dtype.itemsize == 0 for s in strides)
