"""What other packages take from Autograd's module of reverse rules.

The rules themselves are in the modules beside this one, by family.
"""

from __future__ import annotations

from typing import Any

import numpy as onp

from ..core import SparseObject, Tape, defjvp, defvjp
from ..tracer import primitive
from ..vspace import VSpace
from . import broadcasting
from .array_box import ArrayBox
from .broadcasting import Metadata, unbroadcast_f
from .indexing import getitem
from .wrapper import wrapped_namespace as anp

__all__ = [
    "ArrayBox",
    "balanced_eq",
    "match_complex",
    "repeat_to_match_shape",
    "replace_zero",
    "unbroadcast",
    "unbroadcast_f",
    "untake",
]


def unbroadcast(x: Any, target_meta: tuple[Any, ...], broadcast_idx: int = 0) -> Any:
    """Sum the cotangent `x` of a broadcast result back to an operand.

    Args:
        target_meta: (shape, ndim, dtype, iscomplex), from ``numpy_wrapper.metadata``.
        broadcast_idx: which axis to sum while there are too many.
    """
    shape, dtype = target_meta[0], target_meta[-2 if len(target_meta) > 2 else -1]
    if broadcast_idx:
        while anp["ndim"](x) > len(shape):
            x = anp["sum"](x, axis=broadcast_idx)
    return broadcasting.unbroadcast(x, Metadata(tuple(shape), onp.dtype(dtype)))


def repeat_to_match_shape(
    g: Any, shape: tuple[int, ...], dtype: Any, axis: Any, keepdims: bool
) -> tuple[Any, int]:
    """Stretch the cotangent of a reduction over `axis` to the shape of its argument.

    Returns: it, and how many entries each of its entries stands for.
    """
    if shape == ():
        return g, 1
    axes = range(len(shape)) if axis is None else (axis,) if isinstance(axis, int) else axis
    reduced = {a % len(shape) for a in axes}
    kept = tuple(1 if a in reduced else n for a, n in enumerate(shape))
    count = int(onp.prod([shape[a] for a in reduced], dtype=int))
    return anp["broadcast_to"](anp["reshape"](g, kept), shape), count


def match_complex(target: Any, x: Any) -> Any:
    """`x`, made real or complex as `target` is."""
    wanted, have = anp["iscomplexobj"](target), anp["iscomplexobj"](x)
    if wanted and not have:
        return x + 0j
    return anp["real"](x) if have and not wanted else x


def replace_zero(x: Any, val: Any) -> Any:
    """`x`, with `val` in place of zeros."""
    return anp["where"](x, x, val)


def balanced_eq(x: Any, z: Any, y: Any) -> Any:
    """1 where x equals z, shared in halves where x equals y."""
    return (x == z) / (1.0 + (x == y))


@primitive
def untake(x: Any, idx: Any, vs: VSpace) -> SparseObject:
    """The adjoint of indexing: `x` added at `idx` to an array of the space `vs`."""

    def mut_add(dense: Any) -> Any:
        onp.add.at(dense, idx, x)
        return dense

    return SparseObject(vs, mut_add)


defvjp(untake, lambda ans, x, idx, vs: lambda g: getitem(g, idx))
defjvp(untake, lambda g, ans, x, idx, vs: untake(g, idx, vs))


def __getattr__(name: str) -> Any:
    """`nograd_functions`: the primitives that pass through traces, those registered since too."""
    if name == "nograd_functions":
        return list(Tape.notrace)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
