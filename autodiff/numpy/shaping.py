"""Rules of functions that move entries about without changing them: all linear."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from math import prod
from typing import Any

import numpy as onp

from ..core import defjvp, defjvp_argnums, defvjp, defvjp_argnums
from ..tracer import primitive
from .broadcasting import Metadata, metadata, unbroadcast, unbroadcast_f
from .indexing import scatter
from .wrapper import wrapped_namespace as anp

# -- the same entries in another shape -------------------------------------------------------------


def _back_to_shape(ans: Any, x: Any, *args: Any, **kwargs: Any) -> Callable[[Any], Any]:
    shape = metadata(x).shape
    return lambda g: anp["reshape"](g, shape)


def _reshape_vjp(ans: Any, x: Any, *args: Any, **kwargs: Any) -> Callable[[Any], Any]:
    return _in_order("reshape", x, *args[1:2], **kwargs)


def _ravel_vjp(ans: Any, x: Any, order: str = "C") -> Callable[[Any], Any]:
    return _in_order("ravel", x, order)


def _in_order(name: str, x: Any, order: str = "C", **_: Any) -> Callable[[Any], Any]:
    shape = metadata(x).shape
    if order not in ("C", "F"):
        raise NotImplementedError(f"the derivative of {name} with order={order!r} is not defined")
    return lambda g: anp["reshape"](g, shape, order=order)


defvjp(anp["reshape"], _reshape_vjp)
defvjp(anp["ravel"], _ravel_vjp)
for _name in ("squeeze", "expand_dims"):
    defvjp(anp[_name], _back_to_shape)
    defjvp(anp[_name], "same")
defjvp(anp["reshape"], "same")
defjvp(anp["ravel"], "same")

# -- the same entries in another order -------------------------------------------------------------


def _transpose_vjp(ans: Any, x: Any, axes: Any = None) -> Callable[[Any], Any]:
    back = None if axes is None else tuple(onp.argsort([a % len(axes) for a in axes]))
    return lambda g: anp["transpose"](g, back)


defvjp(anp["transpose"], _transpose_vjp)
defvjp(
    anp["moveaxis"],
    lambda ans, x, source, destination: lambda g: anp["moveaxis"](g, destination, source),
)
defvjp(anp["swapaxes"], lambda ans, x, axis1, axis2: lambda g: anp["swapaxes"](g, axis1, axis2))
defvjp(anp["flip"], lambda ans, x, axis=None: lambda g: anp["flip"](g, axis))
defvjp(anp["fliplr"], lambda ans, x: anp["fliplr"])
defvjp(anp["flipud"], lambda ans, x: anp["flipud"])
defvjp(anp["rot90"], lambda ans, x, k=1, axes=(0, 1): lambda g: anp["rot90"](g, -k, axes=axes))
defvjp(
    anp["roll"],
    lambda ans, x, shift, axis=None: lambda g: anp["roll"](g, -onp.asarray(shift), axis=axis),
)
defvjp(anp["triu"], lambda ans, x, k=0: lambda g: anp["triu"](g, k=k))
defvjp(anp["tril"], lambda ans, x, k=0: lambda g: anp["tril"](g, k=k))
for _name in [
    "transpose",
    "moveaxis",
    "swapaxes",
    "flip",
    "fliplr",
    "flipud",
    "rot90",
    "roll",
    "triu",
    "tril",
]:
    defjvp(anp[_name], "same")

# -- entries repeated ------------------------------------------------------------------------------

defvjp(anp["broadcast_to"], lambda ans, x, shape: unbroadcast_f(x, lambda g: g))
defjvp(anp["broadcast_to"], "same")


def _repeat_vjp(ans: Any, x: Any, repeats: int, axis: int | None = None) -> Callable[[Any], Any]:
    shape = metadata(x).shape
    size = int(onp.prod(shape))

    def pull(g: Any) -> Any:
        if onp.ndim(repeats) != 0:
            return _sum_repeats(g, shape, onp.asarray(repeats), axis)
        if axis is None:
            return anp["reshape"](anp["sum"](anp["reshape"](g, (size, repeats)), 1), shape)
        at = axis % len(shape)
        split = (*shape[: at + 1], repeats, *shape[at + 1 :])
        return anp["sum"](anp["reshape"](g, split), at + 1)

    return pull


def _sum_repeats(g: Any, shape: tuple[int, ...], counts: Any, axis: int | None) -> Any:
    """Each entry's share of `g`, where the entries (along `axis`) were repeated `counts` times."""
    flat = (int(onp.prod(shape)),) if axis is None else shape
    at = 0 if axis is None else axis % len(shape)
    counts = onp.broadcast_to(counts, flat[at : at + 1])
    ends = onp.cumsum(counts)
    # Differences of running sums would be quicker, and would lose digits.
    source = (slice(None),) * at + (onp.repeat(onp.arange(len(ends)), counts),)
    return anp["reshape"](scatter(g, source, flat), shape)


defvjp(anp["repeat"], _repeat_vjp)
defjvp(anp["repeat"], "same")


def _tile_vjp(ans: Any, x: Any, reps: Any) -> Callable[[Any], Any]:
    meta = metadata(x)
    times = (reps,) if onp.ndim(reps) == 0 else tuple(reps)
    rank = max(len(times), len(meta.shape))
    times = (1,) * (rank - len(times)) + times
    shape = (1,) * (rank - len(meta.shape)) + meta.shape
    split = tuple(n for pair in zip(times, shape) for n in pair)

    def pull(g: Any) -> Any:
        summed = anp["sum"](anp["reshape"](g, split), tuple(range(0, 2 * rank, 2)))
        return anp["reshape"](summed, meta.shape)

    return pull


defvjp(anp["tile"], _tile_vjp)
defjvp(anp["tile"], "same")

# -- arrays joined: the operands lie flat in the primitive's arguments -----------------------------


@primitive
def concatenate_args(axis: int | None, *arrays: Any) -> Any:
    """numpy.concatenate with its arrays as arguments, where traces look for boxes."""
    return onp.concatenate(arrays, axis)


def _concatenate_vjp(
    argnums: Sequence[int], ans: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Callable[[Any], Any]:
    axis, metas = args[0], [metadata(a) for a in args[1:]]
    along = 0 if axis is None else axis % len(metas[0].shape)
    sizes = [prod(m.shape) if axis is None else m.shape[along] for m in metas]
    ends = list(accumulate(sizes))
    leading = (slice(None),) * along
    pieces = [
        (metas[k - 1], (*leading, slice(ends[k - 1] - sizes[k - 1], ends[k - 1]))) for k in argnums
    ]
    return lambda g: [_as_operand(g[part], meta) for meta, part in pieces]


def _as_operand(g: Any, meta: Metadata) -> Any:
    if metadata(g).shape != meta.shape:
        g = anp["reshape"](g, meta.shape)
    return unbroadcast(g, meta)


def _join_jvp(fun: Callable[..., Any]) -> Callable[..., Any]:
    """The tangent of a join is the join of the tangents, with zeros for the constants."""

    def rule(
        argnums: Sequence[int], gs: Sequence[Any], ans: Any, args: tuple[Any, ...], kwargs: Any
    ) -> Any:
        given = dict(zip(argnums, gs))
        parts = [
            given[k] if k in given else onp.zeros(*metadata(args[k])) for k in range(1, len(args))
        ]
        return fun(args[0], *parts)

    return rule


defvjp_argnums(concatenate_args, _concatenate_vjp)
defjvp_argnums(concatenate_args, _join_jvp(concatenate_args))


@primitive
def array_from_args(dtype: Any, *entries: Any) -> Any:
    """A new first axis over entries of one shape."""
    return onp.array(entries, dtype)


def _array_vjp(
    argnums: Sequence[int], ans: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Callable[[Any], Any]:
    metas = [metadata(args[k]) for k in argnums]
    alike = len(set(metas)) == 1 and metas[0].dtype == metadata(ans).dtype

    def pull(g: Any) -> list[Any]:
        if alike and metadata(g).dtype == metas[0].dtype:
            entries = list(g)  # much quicker than one index at a time
            return entries if len(argnums) == len(entries) else [entries[k - 1] for k in argnums]
        return [unbroadcast(g[k - 1], meta) for k, meta in zip(argnums, metas)]

    return pull


defvjp_argnums(array_from_args, _array_vjp)
defjvp_argnums(array_from_args, _join_jvp(array_from_args))
