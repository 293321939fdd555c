"""Entries chosen by indices and conditions, beside indexing itself.

Indices and conditions are not differentiated.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as onp

from ..tracer import box_types, undifferentiated
from .broadcasting import metadata
from .composed import composed, refuse
from .indexing import getitem, scatter
from .joining import asarray, stack
from .wrapper import wrapped_namespace as anp


def _in_range(index: Any, n: int, mode: str) -> Any:
    """Indices into an axis of length n, by NumPy's name for what happens outside it."""
    if mode == "wrap":
        return index % n
    return anp["clip"](index, 0, n - 1) if mode == "clip" else index


def _positions(indices: Any) -> Any:
    """Indices as an array, which no derivative follows."""
    return asarray(undifferentiated(indices))


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
    index = _in_range(_positions(indices), shape[axis], mode)
    where = (*(slice(None),) * (axis % len(shape)), index)
    return getitem(x, where)


@composed("take_along_axis")
def take_along_axis(x: Any, indices: Any, axis: int | None = -1) -> Any:
    """As numpy.take_along_axis."""
    x = asarray(x)
    shape = metadata(x).shape
    if axis is None:
        return getitem(anp["ravel"](x), _positions(indices))
    # One flat index: its adjoint adds up many times faster than that of a grid.
    flat = _flat(_grid(shape, _positions(indices), axis), shape)
    taken = getitem(anp["ravel"](x), anp["ravel"](flat))
    return anp["reshape"](taken, metadata(flat).shape)


def _flat(grid: tuple[Any, ...], shape: tuple[int, ...]) -> Any:
    """Where the entries of a grid lie in the array of this shape, raveled."""
    if any(type(part) in box_types for part in grid):
        return _flat_by_sums(grid, shape)
    wrapped = [onp.arange(n)[part] for part, n in zip(grid, shape)]  # or an IndexError
    return onp.ravel_multi_index(onp.broadcast_arrays(*wrapped), shape)


def _flat_by_sums(grid: tuple[Any, ...], shape: tuple[int, ...]) -> Any:
    """The same for recorded places."""
    flat = 0
    for part, n in zip(grid, shape):
        flat = flat * n + anp["where"](anp["less"](part, 0), part + n, part)
    return flat


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
    arr[_grid(metadata(arr).shape, _positions(indices), axis)] = values


@composed("choose")
def choose(index: Any, choices: Any, out: Any = None, mode: str = "raise") -> Any:
    """As numpy.choose."""
    refuse("choose", out=out)
    arrays = [asarray(choice) for choice in choices]
    index = _in_range(_positions(index), len(arrays), mode)
    shape = onp.broadcast_shapes(metadata(index).shape, *(metadata(a).shape for a in arrays))
    stacked = stack([anp["broadcast_to"](a, shape) for a in arrays])
    if not shape:
        return getitem(stacked, index)
    index = anp["broadcast_to"](index, shape)
    return take_along_axis(stacked, anp["expand_dims"](index, 0), 0)[0]


@composed("compress")
def compress(condition: Any, x: Any, axis: int | None = None, out: Any = None) -> Any:
    """As numpy.compress."""
    refuse("compress", out=out)
    return take(x, anp["flatnonzero"](undifferentiated(condition)), axis)


@composed("extract")
def extract(condition: Any, x: Any) -> Any:
    """As numpy.extract."""
    return anp["ravel"](asarray(x))[anp["flatnonzero"](undifferentiated(condition))]


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
        chosen = anp["where"](undifferentiated(condition), choice, chosen)
    return chosen


@composed("piecewise")
def piecewise(x: Any, condlist: Any, funclist: Sequence[Any], *args: Any, **kw: Any) -> Any:
    """As numpy.piecewise: each function sees only the entries that it is for."""
    shape, dtype = metadata(x)
    x = anp["reshape"](asarray(x), shape)  # a number becomes an array, which has an index
    conditions = [anp["broadcast_to"](c, shape) for c in _conditions(condlist, shape)]
    recorded = any(type(undifferentiated(c)) in box_types for c in (x, *conditions))
    functions = list(funclist)
    if len(functions) == len(conditions) + 1:
        functions.insert(0, functions.pop())
        conditions.insert(0, onp.ones(shape, bool))
    elif len(functions) != len(conditions):
        raise ValueError(
            f"piecewise: {len(conditions)} conditions go with as many functions or one more,"
            f" got {len(functions)}"
        )
    if recorded:
        return _selected(x, conditions, functions, *args, **kw)
    total = onp.zeros(shape, dtype)
    later = onp.zeros(shape, bool)
    for condition, function in zip(reversed(conditions), reversed(functions)):
        here = onp.logical_and(condition, ~later)
        later = later | here
        values = function(x[here], *args, **kw) if callable(function) else function
        values = anp["broadcast_to"](values, (int(here.sum()),))
        total = total + scatter(anp["astype"](values, dtype), here, shape)
    return total


def _selected(x: Any, conditions: list[Any], functions: list[Any], *args: Any, **kw: Any) -> Any:
    """The same for recorded values, where how many entries a function is for is not known.

    Each function sees all of them; it has to be one of single entries.
    """
    dtype = metadata(x).dtype
    total = anp["zeros_like"](x)
    for condition, function in zip(conditions, functions):
        values = function(x, *args, **kw) if callable(function) else function
        total = anp["where"](condition, anp["astype"](values, dtype), total)
    return total


def _conditions(condlist: Any, shape: tuple[int, ...]) -> list[Any]:
    """The conditions one by one: NumPy also takes a single one, not in a list."""
    given = undifferentiated(condlist)
    if isinstance(given, (list, tuple)):
        given = [undifferentiated(c) for c in given]
    first = given[0] if isinstance(given, list) or anp["ndim"](given) else given
    many = isinstance(first, list) or bool(anp["ndim"](first))
    single = onp.isscalar(given) or (not many and shape != ())
    return [anp["astype"](asarray(c), bool) for c in ([given] if single else given)]
