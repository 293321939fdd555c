"""Reading entries of an array, and the scatter that is its adjoint."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp

from ..core import SparseObject, Tape, defjvp, defvjp
from ..rules import withdrawals
from ..tracer import box_types, getval, new_box, primitive
from .array_box import ArrayBox
from .broadcasting import Metadata, metadata
from .vspaces import array_vspace
from .wrapper import wrapped_namespace as anp

BASIC = (int, onp.integer, slice, type(None), type(Ellipsis))


@primitive
def getitem(x: Any, index: Any) -> Any:
    """x[index], for every kind of index that NumPy knows."""
    return x[index]


@primitive
def scatter(g: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """Zeros of `shape` with g added at `index`: entries that are named twice add up."""
    g = onp.asarray(g)
    return _add_at(onp.zeros(shape, g.dtype), index, g)


def _add_at(dense: Any, index: Any, g: Any) -> Any:
    if isinstance(index, tuple):
        once = all(isinstance(part, BASIC) for part in index)
    else:
        once = isinstance(index, BASIC) or getattr(index, "dtype", None) == onp.bool_
    if once:
        dense[index] += g  # no entry is named twice: this is right, and fast
    else:
        onp.add.at(dense, index, g)
    return dense


def _pull_getitem(g: Any, saved: tuple[Any, Metadata]) -> Any:
    index, meta = saved
    if type(g) in box_types:
        return scatter(g, index, meta.shape)
    return SparseObject(array_vspace(*meta), lambda dense: _add_at(dense, index, g))


def _getitem_vjp(ans: Any, x: Any, index: Any) -> Callable[[Any], Any]:
    saved = (index, metadata(x))
    return lambda g: _pull_getitem(g, saved)


defvjp(getitem, _getitem_vjp)
defjvp(getitem, lambda g, ans, x, index: getitem(g, index))
defvjp(scatter, lambda ans, g, index, shape: lambda h: getitem(h, index))
defjvp(scatter, lambda g_dot, ans, g, index, shape: scatter(g_dot, index, shape))


def plain_index(index: Any) -> Any:
    """An index without boxes: where to read is not differentiated."""
    if isinstance(index, tuple):
        return tuple(map(getval, index))
    return getval(index)


def _getitem(x: ArrayBox, index: Any) -> Any:
    """x[index], recorded without a detour where x is an array of a tape."""
    if index.__class__ is not int:
        index = plain_index(index)
    tape = x._owner
    value = x._value
    if tape.__class__ is Tape and value.__class__ is onp.ndarray:
        box = new_box(value[index], tape, len(tape))
        tape.append((_pull_getitem, x._key, -1, (index, Metadata(value.shape, value.dtype))))
        return box
    return getitem(x, index)


def _withdraw_getitem() -> None:
    ArrayBox.__getitem__ = lambda x, index: getitem(x, plain_index(index))  # type: ignore[method-assign]


ArrayBox.__getitem__ = _getitem  # type: ignore[method-assign]
withdrawals[getitem] = _withdraw_getitem

# -- diagonals: read by an index of the last two axes ----------------------------------------------


def _diagonal_vjp(
    ans: Any, x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1
) -> Callable[[Any], Any]:
    shape = metadata(x).shape
    order = [a for a in range(len(shape)) if a not in (axis1 % len(shape), axis2 % len(shape))]
    order += [axis1 % len(shape), axis2 % len(shape)]
    steps = onp.arange(metadata(ans).shape[-1])
    index = (..., steps - min(offset, 0), steps + max(offset, 0))
    moved = tuple(shape[a] for a in order)
    back = tuple(int(a) for a in onp.argsort(order))
    return lambda g: anp["transpose"](scatter(g, index, moved), back)


defvjp(anp["diagonal"], _diagonal_vjp)
defjvp(anp["diagonal"], "same")


def _trace_vjp(ans: Any, x: Any, *args: Any, **kwargs: Any) -> Callable[[Any], Any]:
    diagonal = anp["diagonal"](x, *args, **kwargs)
    shape = metadata(diagonal).shape
    pull = _diagonal_vjp(diagonal, x, *args, **kwargs)
    return lambda g: pull(anp["broadcast_to"](anp["expand_dims"](g, -1), shape))


defvjp(anp["trace"], _trace_vjp)
defjvp(anp["trace"], "same")
