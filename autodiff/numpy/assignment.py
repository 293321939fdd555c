"""Writing entries of an array, as operations that give a new array: what `y[i] = v` records.

`index_set` writes one value at any index, `write_entries` many values at as many positions, which
is how a loop that fills an array is recorded: as one operation, not as a chain of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as onp

from ..core import defjvp_argnums, defvjp, defvjp_argnums
from ..tracer import box_types, primitive
from .broadcasting import Metadata, metadata, unbroadcast
from .indexing import BASIC, getitem, indexed, scatter
from .wrapper import wrapped_namespace as anp


@indexed
def index_set(x: Any, index: Any, value: Any) -> Any:
    """A copy of x with `value` written at `index`, as by ``x[index] = value``."""
    written = onp.array(x)
    written[index] = value
    return written


def index_add(x: Any, index: Any, value: Any) -> Any:
    """A copy of x with `value` added at `index`, as by numpy.add.at: repeated entries add up."""
    meta = metadata(x)
    shape = index_shape(meta.shape, index)
    added = scatter(anp["broadcast_to"](value, shape), index, meta.shape)
    return unbroadcast(x + added, meta)


def index_shape(shape: tuple[int, ...], index: Any) -> tuple[int, ...]:
    """The shape of ``x[index]``, from x's shape."""
    parts = index if isinstance(index, tuple) else (index,)
    places = tuple(onp.zeros(p.shape, int) if type(p) in box_types else p for p in parts)
    return onp.broadcast_to(onp.False_, shape)[places].shape


@indexed
def _last_writes(shape: tuple[int, ...], index: Any) -> Any:
    """1 for each entry of the value that is still there, 0 where a later one was written over it.

    None if the index cannot name an entry twice.
    """
    parts = index if isinstance(index, tuple) else (index,)
    if all(isinstance(p, BASIC) or onp.asarray(p).dtype == bool for p in parts):
        return None
    writer = onp.zeros(shape, int)
    numbers = onp.arange(writer[index].size).reshape(writer[index].shape)
    writer[index] = numbers
    return onp.asarray(writer[index] == numbers, float)


def _to_value(g: Any, index: Any, kept: Any, meta: Metadata) -> Any:
    """The cotangent of the value that was written: gathered, and summed where it was stretched."""
    gathered = getitem(g, index)
    if kept is not None:
        gathered = gathered * kept
    surplus = max(0, len(meta.shape) - len(metadata(gathered).shape))
    gathered = unbroadcast(gathered, Metadata(meta.shape[surplus:], meta.dtype))
    return anp["reshape"](gathered, meta.shape) if surplus else gathered


def _index_set_vjp_value(ans: Any, x: Any, index: Any, value: Any) -> Callable[[Any], Any]:
    meta = metadata(value)
    kept = _last_writes(metadata(x).shape, index)
    return lambda g: _to_value(g, index, kept, meta)


defvjp(
    index_set,
    lambda ans, x, index, value: lambda g: index_set(g, index, 0.0),
    _index_set_vjp_value,
    argnums=(0, 2),
)


def _index_set_jvp(
    argnums: Sequence[int], gs: Sequence[Any], ans: Any, args: tuple[Any, ...], kwargs: Any
) -> Any:
    given = dict(zip(argnums, gs))
    x_dot = given[0] if 0 in given else onp.zeros(*metadata(args[0]))
    return index_set(x_dot, args[1], given.get(2, 0.0))


defjvp_argnums(index_set, _index_set_jvp)


@primitive
def write_entries(x: Any, places: Any, *values: Any) -> Any:
    """A copy of x, in which ``x[places[0][k], places[1][k], ...]`` is ``values[k]``.

    Args:
        places: one array of integers per leading axis; they name every place once.
        values: all of the shape of one ``x[i, j, ...]``, and of x's dtype.
    """
    written = onp.array(x)
    written[places] = onp.array(values)
    return written


def _write_entries_vjp(
    argnums: Sequence[int], ans: Any, args: tuple[Any, ...], kwargs: Any
) -> Callable[[Any], Any]:
    places = args[1]
    wanted = [k - 2 for k in argnums if k > 1]

    def pull(g: Any) -> list[Any]:
        entries = list(g[places]) if wanted else []  # one gather for all of them
        rest = [entries[k] for k in wanted]
        return [index_set(g, places, 0.0), *rest] if argnums[0] == 0 else rest

    return pull


def _write_entries_jvp(
    argnums: Sequence[int], gs: Sequence[Any], ans: Any, args: tuple[Any, ...], kwargs: Any
) -> Any:
    given = dict(zip(argnums, gs))
    x_dot = given[0] if 0 in given else onp.zeros(*metadata(args[0]))
    if len(argnums) == 1 and 0 in given:
        return index_set(x_dot, args[1], 0.0)
    like = metadata(args[2])
    nothing = onp.zeros(like.shape, like.dtype)
    return write_entries(x_dot, args[1], *(given.get(k, nothing) for k in range(2, len(args))))


defvjp_argnums(write_entries, _write_entries_vjp)
defjvp_argnums(write_entries, _write_entries_jvp)
