"""Rules of functions that move entries about without changing them: all linear."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as onp

from ..core import defjvp, defjvp_argnums, defvjp, defvjp_argnum
from ..tracer import box_types, primitive
from .broadcasting import Metadata, metadata, unbroadcast, unbroadcast_f
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
for _name in ("squeeze", "expand_dims", "atleast_1d", "atleast_2d", "atleast_3d"):
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
defvjp(anp["swapaxes"], lambda ans, x, first, second: lambda g: anp["swapaxes"](g, first, second))
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
    if onp.ndim(repeats) != 0:
        raise NotImplementedError("the derivative of repeat with several counts is not defined")

    def pull(g: Any) -> Any:
        if axis is None:
            return anp["reshape"](anp["sum"](anp["reshape"](g, (size, repeats)), 1), shape)
        at = axis % len(shape)
        split = (*shape[: at + 1], repeats, *shape[at + 1 :])
        return anp["sum"](anp["reshape"](g, split), at + 1)

    return pull


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
    argnum: int, ans: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Callable[[Any], Any]:
    axis, arrays = args[0], args[1:]
    meta = metadata(arrays[argnum - 1])
    if axis is None:
        sizes = [int(onp.prod(metadata(a).shape)) for a in arrays[:argnum]]
        part: Any = slice(sum(sizes[:-1]), sum(sizes))
    else:
        sizes = [metadata(a).shape[axis] for a in arrays[:argnum]]
        leading = (slice(None),) * (axis % len(meta.shape))
        part = (*leading, slice(sum(sizes[:-1]), sum(sizes)))
    return lambda g: _as_operand(g[part], meta)


def _as_operand(g: Any, meta: Metadata) -> Any:
    return unbroadcast(anp["reshape"](g, meta.shape), meta)


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


defvjp_argnum(concatenate_args, _concatenate_vjp)
defjvp_argnums(concatenate_args, _join_jvp(concatenate_args))


def concatenate(arrays: Sequence[Any], axis: int | None = 0) -> Any:
    """As numpy.concatenate, of arrays of which some may be traced."""
    return concatenate_args(axis, *arrays)


def stack(arrays: Sequence[Any], axis: int = 0) -> Any:
    """As numpy.stack, of arrays of which some may be traced."""
    parts = [anp["expand_dims"](a, axis) for a in map(_as_array, arrays)]
    shapes = {metadata(a).shape for a in parts}
    if len(shapes) != 1:
        raise ValueError(f"stack: all arrays must have one shape, got {sorted(shapes)}")
    return concatenate_args(axis, *parts)


def _as_array(x: Any) -> Any:
    return x if type(x) in box_types else onp.asarray(x)


def vstack(arrays: Sequence[Any]) -> Any:
    """As numpy.vstack."""
    return concatenate([anp["atleast_2d"](a) for a in arrays], 0)


def hstack(arrays: Sequence[Any]) -> Any:
    """As numpy.hstack."""
    parts = [anp["atleast_1d"](a) for a in arrays]
    return concatenate(parts, 0 if metadata(parts[0]).shape[1:] == () else 1)


@primitive
def array_from_args(dtype: Any, *entries: Any) -> Any:
    """A new first axis over entries of one shape."""
    return onp.array(entries, dtype)


defvjp_argnum(
    array_from_args,
    lambda argnum, ans, args, kwargs: unbroadcast_f(args[argnum], lambda g: g[argnum - 1]),
)
defjvp_argnums(array_from_args, _join_jvp(array_from_args))


def array(x: Any, dtype: Any = None, *, ndmin: int = 0, **kwargs: Any) -> Any:
    """As numpy.array, of a nest of lists of numbers and arrays, of which some may be traced."""
    if type(x) in box_types:
        traced = x if dtype is None else anp["astype"](x, dtype)
    elif isinstance(x, (list, tuple)) and _holds_box(x):
        traced = array_from_args(dtype, *[array(entry, dtype) for entry in x])
    else:
        return onp.array(x, dtype, ndmin=ndmin, **kwargs)
    shape = metadata(traced).shape
    if len(shape) >= ndmin:
        return traced
    return anp["reshape"](traced, (1,) * (ndmin - len(shape)) + shape)


def asarray(x: Any, dtype: Any = None, **kwargs: Any) -> Any:
    """As numpy.asarray: `array`, without a copy of what already is one."""
    if type(x) in box_types or (isinstance(x, (list, tuple)) and _holds_box(x)):
        return array(x, dtype)
    return onp.asarray(x, dtype, **kwargs)


def _holds_box(x: Any) -> bool:
    if isinstance(x, (list, tuple)):
        return any(map(_holds_box, x))
    return type(x) in box_types


def _pad_vjp(ans: Any, x: Any, pad_width: Any, mode: str = "constant", **kw: Any) -> Any:
    if mode != "constant":
        raise NotImplementedError(f"the derivative of pad with mode={mode!r} is not defined")
    shape = metadata(x).shape
    before = onp.broadcast_to(onp.asarray(pad_width), (len(shape), 2))[:, 0]
    inner = tuple(slice(int(b), int(b) + n) for b, n in zip(before, shape))
    return lambda g: g[inner]


defvjp(anp["pad"], _pad_vjp)
defjvp(
    anp["pad"], lambda g, ans, x, pad_width, mode="constant", **kw: anp["pad"](g, pad_width, mode)
)
