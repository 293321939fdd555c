"""Rules of reductions: sums, means, products, extremes and spread along axes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp

from ..core import defjvp, defvjp
from .broadcasting import match_dtype, metadata
from .shaping import concatenate_args
from .wrapper import wrapped_namespace as anp

Axis = int | tuple[int, ...] | None
Pull = Callable[[Any], Any]


def _axes(rank: int, axis: Axis) -> tuple[int, ...]:
    """The reduced axes, as non-negative numbers."""
    if axis is None or rank == 0:
        return tuple(range(rank))
    return tuple(a % rank for a in (axis if isinstance(axis, tuple) else (axis,)))


def _kept_shape(shape: tuple[int, ...], axis: Axis) -> tuple[int, ...]:
    """The shape of a reduction of an array of `shape` along `axis`, reduced axes kept as 1."""
    axes = _axes(len(shape), axis)
    return tuple(1 if a in axes else n for a, n in enumerate(shape))


def _count(shape: tuple[int, ...], axis: Axis) -> int:
    """How many entries go into one entry of the reduction."""
    return int(onp.prod([shape[a] for a in _axes(len(shape), axis)]))


def spread(g: Any, shape: tuple[int, ...], axis: Axis) -> Any:
    """Repeat an entry of a reduction's cotangent for all entries that went into it."""
    if axis is not None:
        g = anp["reshape"](g, _kept_shape(shape, axis))
    return anp["broadcast_to"](g, shape)


def _refuse(name: str, **options: Any) -> None:
    for option, value in options.items():
        if value is not None:
            raise NotImplementedError(f"the derivative of {name} with {option}= is not defined")


# -- sum, mean -------------------------------------------------------------------------------------


def _sum_vjp(
    ans: Any, x: Any, axis: Axis = None, dtype: Any = None, out: Any = None, keepdims: Any = False,
    initial: Any = 0, where: Any = True,
) -> Pull:  # fmt: skip
    _refuse("sum", out=out)
    shape, have = metadata(x)

    def pull(g: Any) -> Any:
        g = match_dtype(spread(g, shape, axis), have)
        return g if where is True else anp["where"](where, g, 0)

    return pull


def _sum_jvp(g: Any, ans: Any, x: Any, *args: Any, initial: Any = 0, **kwargs: Any) -> Any:
    return anp["sum"](g, *args, **kwargs)


defvjp(anp["sum"], _sum_vjp)
defjvp(anp["sum"], _sum_jvp)


def _mean_vjp(
    ans: Any, x: Any, axis: Axis = None, dtype: Any = None, out: Any = None, keepdims: Any = False,
    **options: Any,
) -> Pull:  # fmt: skip
    _refuse("mean", out=out, **options)
    shape, have = metadata(x)
    scale = 1 / max(_count(shape, axis), 1)
    return lambda g: match_dtype(spread(g * scale, shape, axis), have)


defvjp(anp["mean"], _mean_vjp)
defjvp(anp["mean"], "same")

# -- prod ------------------------------------------------------------------------------------------


def _products_of_others(x: Any) -> Any:
    """For each entry along the last axis, the product of all others, without a division.

    In pairs: what multiplies an entry is its partner, times what multiplies their pair.
    """
    *lead, n = metadata(x).shape
    if n <= 1:
        return anp["ones_like"](x)
    if n % 2:
        x = concatenate_args(-1, x, onp.ones((*lead, 1), metadata(x).dtype))
    pairs = anp["reshape"](x, (*lead, (n + 1) // 2, 2))
    above = _products_of_others(pairs[..., 0] * pairs[..., 1])
    products = anp["expand_dims"](above, -1) * anp["flip"](pairs, -1)
    return anp["reshape"](products, (*lead, n + n % 2))[..., :n]


def _others(x: Any, axis: Axis) -> Any:
    """For each entry of x, the product of the other entries that are reduced with it."""
    shape = metadata(x).shape
    axes = _axes(len(shape), axis)
    order = [a for a in range(len(shape)) if a not in axes] + list(axes)
    moved = tuple(shape[a] for a in order)
    rows = anp["reshape"](
        anp["transpose"](x, order), (*moved[: len(shape) - len(axes)], _count(shape, axis))
    )
    back = tuple(int(a) for a in onp.argsort(order))
    return anp["transpose"](anp["reshape"](_products_of_others(rows), moved), back)


def _prod_vjp(
    ans: Any, x: Any, axis: Axis = None, dtype: Any = None, out: Any = None, keepdims: Any = False,
    **options: Any,
) -> Pull:  # fmt: skip
    _refuse("prod", dtype=dtype, out=out, **options)
    shape = metadata(x).shape
    return lambda g: spread(g, shape, axis) * _others(x, axis)


def _prod_jvp(
    g: Any, ans: Any, x: Any, axis: Axis = None, dtype: Any = None, out: Any = None,
    keepdims: Any = False, **options: Any,
) -> Any:  # fmt: skip
    _refuse("prod", dtype=dtype, out=out, **options)
    return anp["sum"](g * _others(x, axis), axis, keepdims=keepdims)


defvjp(anp["prod"], _prod_vjp)
defjvp(anp["prod"], _prod_jvp)

# -- max, min: ties share the derivative equally ---------------------------------------------------


def _ties(ans: Any, x: Any, axis: Axis) -> Any:
    """1 at the entries that attain the extreme, divided by how many do."""
    shape, dtype = metadata(x)
    attained = x == spread(ans, shape, axis)
    return attained / anp["sum"](attained, axis, dtype, keepdims=True)


def _extreme_vjp(
    ans: Any, x: Any, axis: Axis = None, out: Any = None, keepdims: Any = False, **options: Any
) -> Pull:
    _refuse("max or min", out=out, **options)
    shape = metadata(x).shape
    share = _ties(ans, x, axis)
    return lambda g: spread(g, shape, axis) * share


def _extreme_jvp(
    g: Any, ans: Any, x: Any, axis: Axis = None, out: Any = None, keepdims: Any = False,
    **options: Any,
) -> Any:  # fmt: skip
    _refuse("max or min", out=out, **options)
    return anp["sum"](g * _ties(ans, x, axis), axis, keepdims=keepdims)


for _name in ("max", "min", "amax", "amin"):
    defvjp(anp[_name], _extreme_vjp)
    defjvp(anp[_name], _extreme_jvp)

# -- var, std --------------------------------------------------------------------------------------


def _var_vjp(
    ans: Any, x: Any, axis: Axis = None, dtype: Any = None, out: Any = None, ddof: int = 0,
    keepdims: Any = False, **options: Any,
) -> Pull:  # fmt: skip
    _refuse("var or std", dtype=dtype, out=out, **options)
    shape = metadata(x).shape
    scale = _var_scale(shape, axis, ddof)
    return lambda g: spread(g * scale, shape, axis) * anp["conj"](_centred(x, axis))


def _var_scale(shape: tuple[int, ...], axis: Axis, ddof: int) -> float:
    freedom = _count(shape, axis) - ddof
    return 2 / freedom if freedom > 0 else float("nan")


def _centred(x: Any, axis: Axis) -> Any:
    return x - anp["mean"](x, axis, keepdims=True)


def _var_jvp(
    g: Any, ans: Any, x: Any, axis: Axis = None, dtype: Any = None, out: Any = None, ddof: int = 0,
    keepdims: Any = False, **options: Any,
) -> Any:  # fmt: skip
    _refuse("var or std", dtype=dtype, out=out, **options)
    products = anp["real"](g * anp["conj"](_centred(x, axis)))
    return anp["sum"](products, axis, keepdims=keepdims) * _var_scale(metadata(x).shape, axis, ddof)


def _std_scale(ans: Any) -> Any:
    """1 / (2 std). Where all entries are equal, std has a corner: 0 is taken as its derivative."""
    return 0.5 / (ans + anp["equal"](ans, 0))


def _std_vjp(ans: Any, x: Any, *args: Any, **kwargs: Any) -> Pull:
    pull_var = _var_vjp(None, x, *args, **kwargs)
    return lambda g: pull_var(g * _std_scale(ans))


def _std_jvp(g: Any, ans: Any, x: Any, *args: Any, **kwargs: Any) -> Any:
    return _var_jvp(g, None, x, *args, **kwargs) * _std_scale(ans)


defvjp(anp["var"], _var_vjp)
defjvp(anp["var"], _var_jvp)
defvjp(anp["std"], _std_vjp)
defjvp(anp["std"], _std_jvp)

# -- cumsum ----------------------------------------------------------------------------------------


def _cumsum_vjp(
    ans: Any, x: Any, axis: int | None = None, dtype: Any = None, out: Any = None
) -> Pull:
    _refuse("cumsum", out=out)
    shape, have = metadata(x)
    along = 0 if axis is None else axis

    def pull(g: Any) -> Any:
        sums = anp["flip"](anp["cumsum"](anp["flip"](g, along), along), along)
        return match_dtype(anp["reshape"](sums, shape), have)

    return pull


defvjp(anp["cumsum"], _cumsum_vjp)
defjvp(anp["cumsum"], "same")
