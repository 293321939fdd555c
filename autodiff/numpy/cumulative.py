"""Running sums and products."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp

from ..core import defjvp, defvjp
from ..tracer import primitive
from .broadcasting import match_dtype, metadata
from .composed import composed, refuse
from .joining import asarray, concatenate
from .wrapper import wrapped_namespace as anp

Pull = Callable[[Any], Any]


def _reversed_cumsum(g: Any, axis: int) -> Any:
    return anp["flip"](anp["cumsum"](anp["flip"](g, axis), axis), axis)


def _cumsum_vjp(
    ans: Any, x: Any, axis: int | None = None, dtype: Any = None, out: Any = None
) -> Pull:
    refuse("cumsum", out=out)
    shape, have = metadata(x)
    along = 0 if axis is None else axis
    return lambda g: match_dtype(anp["reshape"](_reversed_cumsum(g, along), shape), have)


defvjp(anp["cumsum"], _cumsum_vjp)
defjvp(anp["cumsum"], "same")

# -- cumprod: by a linear recurrence, which needs no division and so is right at zeros -------------


@primitive
def linear_recurrence(a: Any, b: Any) -> Any:
    """y[..., k] = a[..., k] y[..., k-1] + b[..., k], from y = 0 before the first.

    Args:
        a, b: arrays of one shape and dtype, at least 1-D.
    """
    return (_in_steps if onp.size(b) >= 32 * onp.shape(b)[-1] else _by_doubling)(a, b)


def _in_steps(a: Any, b: Any) -> Any:
    """One entry after the other: best for many rows, which go side by side."""
    y = onp.array(onp.moveaxis(b, -1, 0), order="C")
    factor = onp.moveaxis(a, -1, 0)
    for k in range(1, len(y)):
        y[k] += factor[k] * y[k - 1]
    return onp.ascontiguousarray(onp.moveaxis(y, 0, -1))


def _by_doubling(a: Any, b: Any) -> Any:
    """All entries at once, in log2(n) passes: best for few long rows."""
    y, factor = onp.array(b), onp.array(a)
    step = 1
    while step < y.shape[-1]:
        y[..., step:] += factor[..., step:] * y[..., :-step]
        factor[..., step:] *= factor[..., :-step].copy()
        step *= 2
    return y


def _shifted(y: Any, first: float) -> Any:
    """y one step later along the last axis, `first` in front."""
    shape, dtype = metadata(y)
    front = onp.full((*shape[:-1], min(shape[-1], 1)), first, dtype)
    return concatenate([front, y[..., :-1]], -1)


def _adjoint(a: Any, g: Any) -> Any:
    """c[..., k] = g[..., k] + a[..., k+1] c[..., k+1]: the recurrence run backwards."""
    return anp["flip"](linear_recurrence(_shifted(anp["flip"](a, -1), 0), anp["flip"](g, -1)), -1)


defvjp(
    linear_recurrence,
    lambda ans, a, b: lambda g: _adjoint(a, g) * _shifted(ans, 0),
    lambda ans, a, b: lambda g: _adjoint(a, g),
)
defjvp(
    linear_recurrence,
    lambda g, ans, a, b: linear_recurrence(a, g * _shifted(ans, 0)),
    lambda g, ans, a, b: linear_recurrence(a, g),
)


def _last(x: Any, axis: int | None) -> Any:
    """x with the axis that is run along at the end."""
    if axis is None or metadata(x).shape == ():
        return anp["ravel"](x)
    return anp["moveaxis"](x, axis, -1)


def _cumprod_vjp(
    ans: Any, x: Any, axis: int | None = None, dtype: Any = None, out: Any = None
) -> Pull:
    refuse("cumprod", out=out)
    shape, have = metadata(x)
    rows = match_dtype(_last(x, axis), metadata(ans).dtype)

    def pull(g: Any) -> Any:
        pulled = _adjoint(rows, _last(g, axis)) * _shifted(_last(ans, axis), 1)
        if axis is not None and shape:
            pulled = anp["moveaxis"](pulled, -1, axis)
        return match_dtype(anp["reshape"](pulled, shape), have)

    return pull


def _cumprod_jvp(
    g: Any, ans: Any, x: Any, axis: int | None = None, dtype: Any = None, out: Any = None
) -> Any:
    refuse("cumprod", out=out)
    wanted = metadata(ans).dtype
    rows, g_rows = (match_dtype(_last(each, axis), wanted) for each in (x, g))
    tangent = linear_recurrence(rows, g_rows * _shifted(_last(ans, axis), 1))
    return tangent if axis is None else anp["moveaxis"](tangent, -1, axis)


defvjp(anp["cumprod"], _cumprod_vjp)
defjvp(anp["cumprod"], _cumprod_jvp)

# -- made of these two -----------------------------------------------------------------------------


def _cumulative(
    name: str, first: float, x: Any, axis: int | None, dtype: Any, out: Any, include_initial: bool
) -> Any:
    refuse(f"cumulative_{name}", out=out)
    x = asarray(x)
    rank = len(metadata(x).shape)
    if axis is None and rank != 1:
        raise ValueError(f"cumulative_{name} of an array with {rank} axes: give the axis")
    along = (axis or 0) % rank
    sums = anp[f"cum{name}"](x, along, dtype)
    if not include_initial:
        return sums
    shape, have = metadata(sums)
    front = onp.full((*shape[:along], 1, *shape[along + 1 :]), first, have)
    return concatenate([front, sums], along)


@composed("cumulative_sum")
def cumulative_sum(
    x: Any, /, *, axis: int | None = None, dtype: Any = None, out: Any = None,
    include_initial: bool = False,
) -> Any:  # fmt: skip
    """As numpy.cumulative_sum."""
    return _cumulative("sum", 0, x, axis, dtype, out, include_initial)


@composed("cumulative_prod")
def cumulative_prod(
    x: Any, /, *, axis: int | None = None, dtype: Any = None, out: Any = None,
    include_initial: bool = False,
) -> Any:  # fmt: skip
    """As numpy.cumulative_prod."""
    return _cumulative("prod", 1, x, axis, dtype, out, include_initial)
