"""Reading entries of an array, and the scatter that is its adjoint."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from math import prod
from typing import Any

import numpy as onp

from ..core import SparseObject, Tape, defjvp, defvjp
from ..rules import withdrawals
from ..tracer import box_types, new_box, primitive, undifferentiated
from .array_box import ArrayBox
from .broadcasting import Metadata, metadata
from .vspaces import array_vspace
from .wrapper import wrapped_namespace as anp

BASIC = (int, onp.integer, slice, type(None), type(Ellipsis))


def names_traced(index: Any) -> bool:
    """Whether an index without differentiated parts is recorded, or has a recorded part."""
    if index.__class__ is tuple:
        return any(part.__class__ in box_types for part in index)
    return index.__class__ in box_types


def indexed(fun: Callable[..., Any]) -> Callable[..., Any]:
    """A primitive of an array and an index, seen by a recording of a part of the index alone."""

    @wraps(fun)
    def f_raw(x: Any, index: Any, *args: Any) -> Any:
        if index.__class__ is tuple:
            for part in index:
                if part.__class__ in box_types:
                    return part._owner.run(f_wrapped, fun, (x, index, *args), {})
        return fun(x, index, *args)

    f_wrapped = primitive(f_raw)
    return f_wrapped


@indexed
def getitem(x: Any, index: Any) -> Any:
    """x[index], for every kind of index that NumPy knows."""
    return x[index]


@indexed
def scatter(g: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """Zeros of `shape` with g added at `index`: entries that are named twice add up."""
    g = onp.asarray(g)
    if _is_long_list(index, g) and len(shape) == 1:
        return _counted(index, g, shape[0])
    dense = onp.zeros(shape, g.dtype)
    if not _names_once(index):
        return _add_at(dense, index, g)
    if getattr(index, "shape", None) == shape:  # a mask: its places are written in a quarter of it
        dense.reshape(-1)[onp.flatnonzero(index)] = g
    else:
        dense[index] = g
    return dense


def _names_once(index: Any) -> bool:
    """Whether the index can name no entry twice, by its kind."""
    if isinstance(index, tuple):
        return all(isinstance(part, BASIC) for part in index)
    return isinstance(index, BASIC) or getattr(index, "dtype", None) == onp.bool_


def _add_at(dense: Any, index: Any, g: Any) -> Any:
    if _names_once(index):
        dense[index] += g
    elif _is_long_list(index, g) and dense.ndim == 1 and len(dense) <= 2 * len(index):
        dense += _counted(index, g, len(dense))
    else:
        onp.add.at(dense, index, g)
    return dense


def _is_long_list(index: Any, g: Any) -> bool:
    """Whether `_counted` takes this index and cotangent, and is worth its call."""
    long = index.__class__ is onp.ndarray and index.ndim == 1 and len(index) > 1000
    return long and index.dtype.kind == "i" and g.shape == index.shape and g.dtype == onp.float64


def _counted(index: Any, g: Any, n: int) -> Any:
    """g added up at `index` in n zeros: the sums of add.at in half of its time."""
    return onp.bincount(index if index.min() >= 0 else index % n, g, n)


def _pull_getitem(g: Any, saved: tuple[Any, Metadata]) -> Any:
    index, meta = saved
    if type(g) in box_types or names_traced(index) or _fills_much(g, index, meta.shape):
        return scatter(g, index, meta.shape)
    return SparseObject(array_vspace(*meta), lambda dense: _add_at(dense, index, g))


def _fills_much(g: Any, index: Any, shape: tuple[int, ...]) -> bool:
    """Whether an array of indices or truth values names so many entries that the rest is cheap."""
    return index.__class__ is onp.ndarray and 8 * g.size > prod(shape)


def _getitem_vjp(ans: Any, x: Any, index: Any) -> Callable[[Any], Any]:
    saved = (index, metadata(x))
    return lambda g: _pull_getitem(g, saved)


defvjp(getitem, _getitem_vjp)
defjvp(getitem, lambda g, ans, x, index: getitem(g, index))
defvjp(scatter, lambda ans, g, index, shape: lambda h: getitem(h, index))
defjvp(scatter, lambda g_dot, ans, g, index, shape: scatter(g_dot, index, shape))


def plain_index(index: Any) -> Any:
    """An index without boxes, but those of a recording: where to read is not differentiated."""
    if isinstance(index, tuple):
        return tuple(map(undifferentiated, index))
    return undifferentiated(index)


def _getitem(x: ArrayBox, index: Any) -> Any:
    """x[index], recorded without a detour where x is an array of a tape."""
    if index.__class__ is not int:
        index = plain_index(index)
        if names_traced(index):
            return getitem(x, index)
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
    # In the flattened matrix a diagonal is every (columns + 1)-th entry: a slice, no index arrays.
    *lead, rows, columns = (shape[a] for a in order)
    start = max(offset, 0) - columns * min(offset, 0)
    step = columns + 1
    index = (..., slice(start, start + metadata(ans).shape[-1] * step, step))
    back = tuple(map(order.index, range(len(shape))))

    def pull(g: Any) -> Any:
        flat = scatter(g, index, (*lead, rows * columns))
        return anp["transpose"](anp["reshape"](flat, (*lead, rows, columns)), back)

    return pull


defvjp(anp["diagonal"], _diagonal_vjp)
defjvp(anp["diagonal"], "same")


def _trace_vjp(ans: Any, x: Any, *args: Any, **kwargs: Any) -> Callable[[Any], Any]:
    diagonal = anp["diagonal"](x, *args, **kwargs)
    shape = metadata(diagonal).shape
    pull = _diagonal_vjp(diagonal, x, *args, **kwargs)
    return lambda g: pull(anp["broadcast_to"](anp["expand_dims"](g, -1), shape))


defvjp(anp["trace"], _trace_vjp)
defjvp(anp["trace"], "same")
