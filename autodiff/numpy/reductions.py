"""Rules of sums, means and products along axes, and what all rules of reductions share."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as onp

from ..core import defjvp, defvjp, make_jvp, make_vjp
from ..tracer import primitive
from .broadcasting import match_dtype, metadata
from .composed import refuse, untraced
from .joining import asarray
from .routed import accept_lists, routed
from .shaping import concatenate_args
from .wrapper import wrapped_namespace as anp

_UNTRACED = ("all", "any", "argmax", "argmin", "argsort", "count_nonzero")
accept_lists("amax", "amin", "cumprod", "cumsum", "max", "min", "prod", "sum", *_UNTRACED)
untraced(_UNTRACED)

Axis = int | tuple[int, ...] | None
Pull = Callable[[Any], Any]


def reduced_axes(rank: int, axis: Axis) -> tuple[int, ...]:
    """The reduced axes, as non-negative numbers."""
    if axis is None or rank == 0:
        return tuple(range(rank))
    return tuple(a % rank for a in (axis if isinstance(axis, tuple) else (axis,)))


def kept_shape(shape: tuple[int, ...], axis: Axis) -> tuple[int, ...]:
    """The shape of a reduction of an array of `shape` along `axis`, reduced axes kept as 1."""
    if axis is None:
        return (1,) * len(shape)
    if axis.__class__ is int and shape:
        at = axis % len(shape)
        return (*shape[:at], 1, *shape[at + 1 :])
    axes = reduced_axes(len(shape), axis)
    return tuple(1 if a in axes else n for a, n in enumerate(shape))


def count(shape: tuple[int, ...], axis: Axis) -> int:
    """How many entries go into one entry of the reduction."""
    if axis is None:
        return prod(shape)
    return prod([shape[a] for a in reduced_axes(len(shape), axis)])


def spread(g: Any, shape: tuple[int, ...], axis: Axis) -> Any:
    """Repeat an entry of a reduction's cotangent for all entries that went into it."""
    return spread_from(g, kept_shape(shape, axis), shape)


@primitive
def spread_from(g: Any, kept: tuple[int, ...], shape: tuple[int, ...]) -> Any:
    """g, reshaped to `kept`, with its axes of length 1 stretched to those of `shape`."""
    if not shape:
        return onp.reshape(g, ())[()]
    g = onp.asarray(g).reshape(kept)
    if prod(shape) > SMALL:
        return onp.broadcast_to(g, shape)
    spread = onp.empty(shape, g.dtype)
    spread[...] = g
    return spread


SMALL = 10_000
"""Up to how many entries a copy takes less time than numpy.broadcast_to and a strided read."""


def _spread_from_vjp(ans: Any, g: Any, kept: tuple[int, ...], shape: tuple[int, ...]) -> Pull:
    given = metadata(g).shape
    stretched = tuple(a for a, (one, n) in enumerate(zip(kept, shape)) if one != n)
    return lambda h: anp["reshape"](anp["sum"](h, stretched), given)


defvjp(spread_from, _spread_from_vjp)
defjvp(spread_from, "same")


# -- sum, mean -------------------------------------------------------------------------------------


def _sum_vjp(
    ans: Any, x: Any, axis: Axis = None, dtype: Any = None, out: Any = None, keepdims: Any = False,
    initial: Any = 0, where: Any = True,
) -> Pull:  # fmt: skip
    if out is not None:
        refuse("sum", out=out)
    shape, have = metadata(x)

    def pull(g: Any) -> Any:
        g = match_dtype(spread(g, shape, axis), have)
        return g if where is True else anp["where"](where, g, 0)

    return pull


def _sum_jvp(g: Any, ans: Any, x: Any, *args: Any, initial: Any = 0, **kwargs: Any) -> Any:
    return anp["sum"](g, *args, **kwargs)


defvjp(anp["sum"], _sum_vjp)
defjvp(anp["sum"], _sum_jvp)


@routed("mean")
def _mean(record: Any, a: Any, *args: Any, **kwargs: Any) -> Any:
    return record(asarray(a), *args, **kwargs)


def _mean_vjp(
    ans: Any, x: Any, axis: Axis = None, dtype: Any = None, out: Any = None, keepdims: Any = False,
    *, where: Any = True,
) -> Pull:  # fmt: skip
    if out is not None:
        refuse("mean", out=out)
    shape, have = metadata(x)
    if where is True:
        scale = 1 / max(count(shape, axis), 1)
        return lambda g: match_dtype(spread(g * scale, shape, axis), have)
    chosen = onp.broadcast_to(where, shape)
    counts = onp.maximum(onp.sum(chosen, axis), 1).astype(have)[()]

    def pull(g: Any) -> Any:
        if keepdims is True:
            g = anp["reshape"](g, onp.shape(counts))
        return anp["where"](chosen, match_dtype(spread(g / counts, shape, axis), have), 0)

    return pull


defvjp(_mean, _mean_vjp)
defjvp(_mean, "same")

# -- prod ------------------------------------------------------------------------------------------


@primitive
def products_of_others(x: Any, total: Any, axis: Axis) -> Any:
    """For each entry, the product of all others along `axis`.

    Args:
        total: the products of all, known already, with the reduced axes kept. No operand of its
            own: what its change would do is in the rule of x.
    """
    x, total = onp.asarray(x), onp.asarray(total)
    size = onp.abs(total)
    least, most = onp.finfo(x.dtype).tiny, onp.finfo(x.dtype).max
    if size.min(initial=1) > least and size.max(initial=1) <= most:
        return total / x
    rows, products = as_rows(x, axis), onp.reshape(total, -1)
    safe = onp.reshape((size > least) & (size <= most), -1)
    rows = rows.reshape(-1, rows.shape[-1])
    others = onp.empty_like(rows)
    others[safe] = products[safe, None] / rows[safe]
    others[~safe] = _in_pairs(rows[~safe])
    return _from_rows(others, x.shape, axis)


def _by_pairs(x: Any, axis: Axis) -> Any:
    """`products_of_others` by `_in_pairs` alone."""
    return _from_rows(_in_pairs(as_rows(x, axis)), metadata(x).shape, axis)


def _in_pairs(x: Any) -> Any:
    """The products of all others along the last axis without a division, so right at zeros.

    What multiplies an entry is its partner, times what multiplies their pair.
    """
    *lead, n = metadata(x).shape
    if n <= 1:
        return anp["ones_like"](x)
    if n % 2:
        x = concatenate_args(-1, x, onp.ones((*lead, 1), metadata(x).dtype))
    pairs = anp["reshape"](x, (*lead, (n + 1) // 2, 2))
    above = _in_pairs(pairs[..., 0] * pairs[..., 1])
    products = anp["expand_dims"](above, -1) * anp["flip"](pairs, -1)
    return anp["reshape"](products, (*lead, n + n % 2))[..., :n]


# The derivatives of products of others are products of all but two entries: again by pairs.
defvjp(
    products_of_others,
    lambda ans, x, total, axis: lambda g: make_vjp(lambda y: _by_pairs(y, axis), x)[0](g),
    None,
)
defjvp(
    products_of_others,
    lambda g, ans, x, total, axis: make_jvp(lambda y: _by_pairs(y, axis), x)(g)[1],
    None,
)


def rows_first(rank: int, axis: Axis) -> list[int]:
    """The order of axes that puts the reduced ones last."""
    axes = reduced_axes(rank, axis)
    return [a for a in range(rank) if a not in axes] + list(axes)


def as_rows(x: Any, axis: Axis) -> Any:
    """x with all reduced axes in one, at the end."""
    shape = metadata(x).shape
    order = rows_first(len(shape), axis)
    lead = order[: len(shape) - len(reduced_axes(len(shape), axis))]
    if order != list(range(len(shape))):
        x = anp["transpose"](x, tuple(order))
    return anp["reshape"](x, (*(shape[a] for a in lead), count(shape, axis)))


def _from_rows(rows: Any, shape: tuple[int, ...], axis: Axis) -> Any:
    """The inverse of `as_rows` for an array of `shape`."""
    order = rows_first(len(shape), axis)
    moved = anp["reshape"](rows, tuple(shape[a] for a in order))
    return anp["transpose"](moved, tuple(map(order.index, range(len(shape)))))


def _others(x: Any, axis: Axis, initial: Any, where: Any, ans: Any) -> Any:
    """For each entry of x, the product of what is multiplied with it; 0 where it does not count."""
    counted = x if where is True else anp["where"](where, x, 1)
    if initial is None:
        total = anp["reshape"](ans, kept_shape(metadata(x).shape, axis))
        others = products_of_others(counted, total, axis)
    else:
        total = anp["prod"](counted, axis, keepdims=True)
        others = products_of_others(counted, total, axis) * initial
    return others if where is True else anp["where"](where, others, 0)


def _prod_vjp(
    ans: Any, x: Any, axis: Axis = None, dtype: Any = None, out: Any = None, keepdims: Any = False,
    initial: Any = None, where: Any = True,
) -> Pull:  # fmt: skip
    refuse("prod", out=out)
    shape, have = metadata(x)
    wanted, kept = metadata(ans).dtype, kept_shape(shape, axis)

    def pull(g: Any) -> Any:
        others = _others(match_dtype(x, wanted), axis, initial, where, ans)
        return match_dtype(anp["reshape"](g, kept) * others, have)

    return pull


def _prod_jvp(
    g: Any, ans: Any, x: Any, axis: Axis = None, dtype: Any = None, out: Any = None,
    keepdims: Any = False, initial: Any = None, where: Any = True,
) -> Any:  # fmt: skip
    refuse("prod", out=out)
    others = _others(match_dtype(x, metadata(ans).dtype), axis, initial, where, ans)
    return anp["sum"](g * others, axis, keepdims=keepdims)


defvjp(anp["prod"], _prod_vjp)
defjvp(anp["prod"], _prod_jvp)
