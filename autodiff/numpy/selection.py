"""Entries chosen by indices and conditions, beside indexing itself.

Indices and conditions are not differentiated.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as onp

from ..tracer import box_types, getval
from .broadcasting import metadata
from .composed import composed, refuse
from .indexing import scatter
from .joining import asarray, stack
from .wrapper import wrapped_namespace as anp


def _in_range(index: Any, n: int, mode: str) -> Any:
    """Indices into an axis of length n, by NumPy's name for what happens outside it."""
    if mode == "wrap":
        return index % n
    return onp.clip(index, 0, n - 1) if mode == "clip" else index


@composed("take")
def take(
    x: Any, indices: Any, axis: int | None = None, out: Any = None, mode: str = "raise"
) -> Any:
    """As numpy.take."""
    refuse("take", out=out)
    x = asarray(x)
    if axis is None:
        x, axis = anp["ravel"](x), 0
    shape = metadata(x).shape
    index = _in_range(onp.asarray(getval(indices)), shape[axis], mode)
    where = (*(slice(None),) * (axis % len(shape)), index)
    return x[where]


@composed("take_along_axis")
def take_along_axis(x: Any, indices: Any, axis: int | None = -1) -> Any:
    """As numpy.take_along_axis."""
    x = asarray(x)
    shape = metadata(x).shape
    if axis is None:
        return anp["ravel"](x)[onp.asarray(getval(indices))]
    # One flat index: its adjoint adds up many times faster than that of a grid.
    flat = _flat(_grid(shape, onp.asarray(getval(indices)), axis), shape)
    taken = anp["ravel"](x)[onp.ravel(flat)]
    return anp["reshape"](taken, onp.shape(flat))


def _flat(grid: tuple[Any, ...], shape: tuple[int, ...]) -> Any:
    """Where the entries of a grid lie in the array of this shape, raveled."""
    wrapped = [onp.arange(n)[part] for part, n in zip(grid, shape)]  # or an IndexError
    return onp.ravel_multi_index(onp.broadcast_arrays(*wrapped), shape)


def _grid(shape: tuple[int, ...], indices: Any, axis: int | None) -> tuple[Any, ...]:
    """The index that names, at each place, the entry there but for `indices` along `axis`."""
    if axis is None:
        return onp.unravel_index(onp.arange(int(onp.prod(shape)))[indices], shape)
    grid: list[Any] = []
    for a, n in enumerate(shape):
        along = [1] * len(shape)
        along[a] = n
        grid.append(indices if a == axis % len(shape) else onp.arange(n).reshape(along))
    return tuple(grid)


@composed("put_along_axis")
def put_along_axis(arr: Any, indices: Any, values: Any, axis: int | None) -> None:
    """As numpy.put_along_axis: an assignment to a writable array.

    Raises:
        TypeError: a traced value would be written into a plain NumPy array.
    """
    if type(arr) not in box_types:
        raise TypeError(
            "put_along_axis: a traced value cannot be written into a plain NumPy array; make the"
            " array inside the differentiated function with autodiff.numpy"
        )
    arr[_grid(metadata(arr).shape, onp.asarray(getval(indices)), axis)] = values


@composed("choose")
def choose(index: Any, choices: Any, out: Any = None, mode: str = "raise") -> Any:
    """As numpy.choose."""
    refuse("choose", out=out)
    arrays = [asarray(choice) for choice in choices]
    index = _in_range(onp.asarray(getval(index)), len(arrays), mode)
    shape = onp.broadcast_shapes(index.shape, *(metadata(a).shape for a in arrays))
    stacked = stack([anp["broadcast_to"](a, shape) for a in arrays])
    if not shape:
        return stacked[int(index)]
    return take_along_axis(stacked, onp.broadcast_to(index, shape)[None], 0)[0]


@composed("compress")
def compress(condition: Any, x: Any, axis: int | None = None, out: Any = None) -> Any:
    """As numpy.compress."""
    refuse("compress", out=out)
    return take(x, onp.flatnonzero(getval(condition)), axis)


@composed("extract")
def extract(condition: Any, x: Any) -> Any:
    """As numpy.extract."""
    return anp["ravel"](asarray(x))[onp.flatnonzero(getval(condition))]


@composed("select")
def select(condlist: Sequence[Any], choicelist: Sequence[Any], default: Any = 0) -> Any:
    """As numpy.select."""
    if len(condlist) != len(choicelist) or not len(condlist):
        raise ValueError(
            "select needs as many conditions as choices, at least one,"
            f" got {len(condlist)} and {len(choicelist)}"
        )
    chosen = default
    for condition, choice in zip(reversed(condlist), reversed(choicelist)):
        chosen = anp["where"](getval(condition), choice, chosen)
    return chosen


@composed("piecewise")
def piecewise(x: Any, condlist: Any, funclist: Sequence[Any], *args: Any, **kw: Any) -> Any:
    """As numpy.piecewise: each function sees only the entries that it is for."""
    shape, dtype = metadata(x)
    x = anp["reshape"](asarray(x), shape)  # a number becomes an array, which has an index
    conditions = [onp.broadcast_to(c, shape) for c in _conditions(getval(condlist), shape)]
    functions = list(funclist)
    if len(functions) == len(conditions) + 1:
        functions.insert(0, functions.pop())
        conditions.insert(0, onp.ones(shape, bool))
    elif len(functions) != len(conditions):
        raise ValueError(
            f"piecewise: {len(conditions)} conditions go with as many functions or one more,"
            f" got {len(functions)}"
        )
    total = onp.zeros(shape, dtype)
    later = onp.zeros(shape, bool)
    for condition, function in zip(reversed(conditions), reversed(functions)):
        here = onp.logical_and(condition, ~later)
        later = later | here
        values = function(x[here], *args, **kw) if callable(function) else function
        values = anp["broadcast_to"](values, (int(here.sum()),))
        total = total + scatter(anp["astype"](values, dtype), here, shape)
    return total


def _conditions(condlist: Any, shape: tuple[int, ...]) -> list[Any]:
    """The conditions one by one: NumPy also takes a single one, not in a list."""
    first = condlist[0] if onp.ndim(condlist) or isinstance(condlist, list) else condlist
    single = onp.isscalar(condlist) or (not isinstance(first, (list, onp.ndarray)) and shape != ())
    return [onp.asarray(c, bool) for c in ([condlist] if single else condlist)]
