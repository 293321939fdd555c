"""Differences between neighbours, and the integrals that undo them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp

from ..core import defjvp, defvjp
from .broadcasting import match_dtype, metadata
from .composed import composed
from .joining import asarray, concatenate
from .routed import routed
from .wrapper import wrapped_namespace as anp


def _part(rank: int, axis: int, start: int | None, stop: int | None) -> tuple[slice, ...]:
    return (*(slice(None),) * (axis % rank), slice(start, stop))


@routed("diff")
def diff(
    record: Any, a: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None
) -> Any:
    """Bring the arguments of numpy.diff into the form (a, n, axis)."""
    a = asarray(a)
    shape = metadata(a).shape
    if not shape or n < 0:
        raise ValueError(f"diff needs an array and n >= 0, got shape {shape} and n = {n}")
    parts = [_border(part, shape, axis) for part in (prepend, a, append) if not _missing(part)]
    return record(concatenate(parts, axis) if len(parts) > 1 else a, n, axis)


def _diff_vjp(ans: Any, a: Any, n: int, axis: int) -> Callable[[Any], Any]:
    """The transpose of a difference is the negative difference, with zeros beyond both ends."""
    shape, dtype = metadata(a)
    at = axis % len(shape)
    short = n >= shape[at]

    def pull(g: Any) -> Any:
        if short:
            return onp.zeros(shape, dtype)
        zeros = onp.zeros((*shape[:at], n, *shape[at + 1 :]), dtype)
        padded = concatenate([zeros, g, zeros], at)
        return (-1) ** n * diff(padded, n, at)

    return pull


defvjp(diff, _diff_vjp)
defjvp(diff, "same")


def _missing(part: Any) -> bool:
    return part is None or type(part) is type(onp._NoValue)


def _border(part: Any, shape: tuple[int, ...], axis: int) -> Any:
    """A number stands for a slice of it."""
    part = asarray(part)
    if metadata(part).shape:
        return part
    axis %= len(shape)
    return anp["broadcast_to"](part, (*shape[:axis], 1, *shape[axis + 1 :]))


@composed("ediff1d")
def ediff1d(ary: Any, to_end: Any = None, to_begin: Any = None) -> Any:
    """As numpy.ediff1d."""
    differences = diff(anp["ravel"](asarray(ary)))
    dtype = metadata(differences).dtype
    parts = [
        anp["astype"](anp["ravel"](asarray(part)), dtype)
        for part in (to_begin, differences, to_end)
        if part is not None
    ]
    return concatenate(parts) if len(parts) > 1 else differences


@composed("trapezoid", "trapz")
def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    """As numpy.trapezoid. The samples, their places and the spacing may be traced."""
    y = asarray(y)
    rank = len(metadata(y).shape)
    if x is not None:
        x = asarray(x)
        if len(metadata(x).shape) == 1:
            dx = anp["reshape"](diff(x), _column(rank, axis))
        else:
            dx = diff(x, axis=axis)
    ahead, behind = y[_part(rank, axis, 1, None)], y[_part(rank, axis, None, -1)]
    return anp["sum"](dx * (ahead + behind) / 2.0, axis)


def _column(rank: int, axis: int) -> tuple[int, ...]:
    """The shape that lays a vector along `axis`."""
    return tuple(-1 if a == axis % rank else 1 for a in range(rank))


# -- gradient --------------------------------------------------------------------------------------


@composed("gradient")
def gradient(f: Any, *varargs: Any, axis: Any = None, edge_order: int = 1) -> Any:
    """As numpy.gradient. The samples and the spacings may be traced.

    Raises:
        TypeError: the number of spacings is neither none, one, nor that of the axes.
        ValueError: edge_order is not 1 or 2, or an axis is too short for it.
    """
    f = asarray(f)
    rank = len(metadata(f).shape)
    one = isinstance(axis, int)
    axes = [a % rank for a in (range(rank) if axis is None else [axis] if one else axis)]
    if len(varargs) not in (0, 1, len(axes)):
        raise TypeError(f"gradient along {len(axes)} axes takes no spacing, 1 or {len(axes)}")
    if edge_order not in (1, 2):
        raise ValueError(f"gradient: edge_order must be 1 or 2, got {edge_order}")
    spacings = [_spacing(h) for h in varargs or (None,)]
    if len(spacings) == 1:
        spacings = spacings * len(axes)
    slopes = tuple(_slope(f, h, a, edge_order) for h, a in zip(spacings, axes))
    return slopes[0] if len(slopes) == 1 else slopes


def _spacing(h: Any) -> Any:
    """A number as it is, so that it stays weak: float32 samples have a float32 slope."""
    return h if h is None or isinstance(h, (int, float)) else asarray(h)


def _slope(f: Any, spacing: Any, axis: int, edge_order: int) -> Any:
    """The slope along one axis, from those between neighbours.

    The slope of the parabola through three points is, at the middle one, the mean of the two slopes
    there, each weighted by the step on the other side. It is linear, which gives it at the ends.
    """
    shape, dtype = metadata(f)
    if shape[axis] < edge_order + 1:
        raise ValueError(
            f"gradient with edge_order={edge_order} needs {edge_order + 1} entries along axis"
            f" {axis}, got {shape[axis]}"
        )
    part = lambda start, stop: _part(len(shape), axis, start, stop)  # noqa: E731
    if edge_order == 1 and (spacing is None or not metadata(spacing).shape):
        ends = [f[part(1, 2)] - f[part(None, 1)], f[part(-1, None)] - f[part(-2, -1)]]
        differences = [ends[0], 0.5 * (f[part(2, None)] - f[part(None, -2)]), ends[1]]
        slopes = concatenate(differences, axis)
        return match_dtype(slopes if spacing is None else slopes / spacing, dtype)
    slopes = diff(f, axis=axis)
    head: Any = 0.5  # a step over the sum of it and the next: the first and the last of these
    tail: Any = 0.5
    if spacing is not None and metadata(spacing).shape:
        steps = _steps(spacing, shape, axis)
        slopes = slopes / steps
        before, after = steps[part(None, -1)], steps[part(1, None)]
        weight = before / (before + after)
        head, tail = weight[part(None, 1)], weight[part(-1, None)]
    elif spacing is not None:
        slopes, weight = slopes / spacing, 0.5
    else:
        weight = 0.5
    left, right = slopes[part(None, -1)], slopes[part(1, None)]
    inner = left + weight * (right - left)
    first, last = slopes[part(None, 1)], slopes[part(-1, None)]
    if edge_order == 2:
        first = first + head * (first - slopes[part(1, 2)])
        last = last + (1 - tail) * (last - slopes[part(-2, -1)])
    return match_dtype(concatenate([first, inner, last], axis), dtype)


def _steps(places: Any, shape: tuple[int, ...], axis: int) -> Any:
    """The steps between the places along `axis`, laid along it."""
    if metadata(places).shape != (shape[axis],):
        raise ValueError(f"gradient: the places along axis {axis} must be {shape[axis]} numbers")
    return anp["reshape"](diff(places), _column(len(shape), axis))
