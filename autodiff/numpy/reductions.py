"""Rules of sums, means and products along axes, and what all rules of reductions share."""

from __future__ import annotations

from collections.abc import Callable
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
    axes = reduced_axes(len(shape), axis)
    return tuple(1 if a in axes else n for a, n in enumerate(shape))


def count(shape: tuple[int, ...], axis: Axis) -> int:
    """How many entries go into one entry of the reduction."""
    return int(onp.prod([shape[a] for a in reduced_axes(len(shape), axis)]))


def spread(g: Any, shape: tuple[int, ...], axis: Axis) -> Any:
    """Repeat an entry of a reduction's cotangent for all entries that went into it."""
    if axis is not None:
        g = anp["reshape"](g, kept_shape(shape, axis))
    return anp["broadcast_to"](g, shape)


# -- sum, mean -------------------------------------------------------------------------------------


def _sum_vjp(
    ans: Any, x: Any, axis: Axis = None, dtype: Any = None, out: Any = None, keepdims: Any = False,
    initial: Any = 0, where: Any = True,
) -> Pull:  # fmt: skip
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
def products_of_others(x: Any) -> Any:
    """For each entry along the last axis, the product of all others."""
    x = onp.asarray(x)
    total = onp.prod(x, -1, keepdims=True)
    size = onp.abs(total)
    if onp.all((size > onp.finfo(x.dtype).tiny) & (size < onp.inf)):
        return total / x
    return _in_pairs(x)


def _in_pairs(x: Any) -> Any:
    """`products_of_others` without a division, so right at zeros.

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
defvjp(products_of_others, lambda ans, x: lambda g: make_vjp(_in_pairs, x)[0](g))
defjvp(products_of_others, lambda g, ans, x: make_jvp(_in_pairs, x)(g)[1])


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
        x = anp["transpose"](x, order)
    return anp["reshape"](x, (*(shape[a] for a in lead), count(shape, axis)))


def _others(x: Any, axis: Axis, initial: Any, where: Any) -> Any:
    """For each entry of x, the product of what is multiplied with it; 0 where it does not count."""
    shape = metadata(x).shape
    counted = x if where is True else anp["where"](where, x, 1)
    order = rows_first(len(shape), axis)
    moved = tuple(shape[a] for a in order)
    back = tuple(int(a) for a in onp.argsort(order))
    products = anp["reshape"](products_of_others(as_rows(counted, axis)), moved)
    others = anp["transpose"](products, back)
    if initial is not None:
        others = others * initial
    return others if where is True else anp["where"](where, others, 0)


def _prod_vjp(
    ans: Any, x: Any, axis: Axis = None, dtype: Any = None, out: Any = None, keepdims: Any = False,
    initial: Any = None, where: Any = True,
) -> Pull:  # fmt: skip
    refuse("prod", out=out)
    shape, have = metadata(x)
    wanted = metadata(ans).dtype
    return lambda g: match_dtype(
        spread(g, shape, axis) * _others(match_dtype(x, wanted), axis, initial, where), have
    )


def _prod_jvp(
    g: Any, ans: Any, x: Any, axis: Axis = None, dtype: Any = None, out: Any = None,
    keepdims: Any = False, initial: Any = None, where: Any = True,
) -> Any:  # fmt: skip
    refuse("prod", out=out)
    others = _others(match_dtype(x, metadata(ans).dtype), axis, initial, where)
    return anp["sum"](g * others, axis, keepdims=keepdims)


defvjp(anp["prod"], _prod_vjp)
defjvp(anp["prod"], _prod_jvp)
