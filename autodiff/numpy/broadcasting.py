"""Cotangents of broadcast operands: summed back to the operand's shape, in the operand's dtype."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as onp

from ..tracer import box_types
from .wrapper import wrapped_namespace as anp


class Metadata(NamedTuple):
    """What un-broadcasting asks of an operand. Kept by rules in the operand's stead."""

    shape: tuple[int, ...]
    dtype: Any


_FLOAT = Metadata((), onp.dtype(float))
_new = partial(tuple.__new__, Metadata)  # without the check of the arguments


def metadata(x: Any) -> Metadata:
    """Shape and dtype of an array, a number or a box of one."""
    while x.__class__ in box_types:
        x = x._value
    if x.__class__ is float:
        return _FLOAT
    if x.__class__ is not onp.ndarray and not hasattr(x, "dtype"):
        x = onp.asarray(x)
    return _new((x.shape, x.dtype))


def unbroadcast(g: Any, target: Metadata) -> Any:
    """Sum the cotangent `g` of a broadcast result back to an operand with metadata `target`.

    The result has the operand's dtype too: a float32 operand that met a float64 one gets a float32
    cotangent, a real operand that met a complex one the real part.
    """
    shape, dtype = have = metadata(g)
    if have == target:
        return g
    if shape != target.shape:
        extra = len(shape) - len(target.shape)
        if extra > 0:
            g = anp["sum"](g, axis=tuple(range(extra)))
        stretched = tuple(
            axis
            for axis, (wanted, got) in enumerate(zip(target.shape, shape[extra:]))
            if wanted == 1 and got != 1
        )
        if stretched:
            g = anp["sum"](g, axis=stretched, keepdims=True)
        if metadata(g).shape != target.shape:  # g itself was a broadcast scalar, say
            g = anp["broadcast_to"](g, target.shape)
    if dtype is not target.dtype and dtype != target.dtype:
        g = match_dtype(g, target.dtype)
    return g


def match_dtype(g: Any, dtype: Any) -> Any:
    """`g` as an element of the space of arrays of `dtype`: real part, or precision, or as it is."""
    have = metadata(g).dtype
    if have is dtype:
        return g
    if dtype.kind not in "fc" or have.kind not in "fc":
        return anp["real"](g) if have.kind == "c" and dtype.kind != "c" else g
    if have.kind == "c" and dtype.kind == "f":
        g = anp["real"](g)
        have = metadata(g).dtype
    return g if have == dtype else anp["astype"](g, dtype)


def unbroadcast_f(target: Any, pull: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A rule's pullback for the operand `target`, followed by un-broadcasting to it."""
    wanted = metadata(target)
    return lambda g: unbroadcast(pull(g), wanted)
