"""Norms of vectors and matrices, and condition numbers.

Where a norm has a corner, one subgradient is taken: zero at zero, and equal shares among entries,
columns or singular values that attain an extreme together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp

from ...core import defjvp, defvjp
from ..broadcasting import metadata
from ..joining import asarray
from ..wrapper import wrapped_namespace as anp
from .matrices import conj
from .namespace import composed, linalg

Axis = int | tuple[int, ...] | None
_abs, _sum, _max, _min = (anp[name] for name in ("absolute", "sum", "max", "min"))
_root = linalg["norm"]
"""The primitive: the root of the sum of squares along the axes of a vector, or of a matrix."""


def _root_vjp(
    ans: Any, x: Any, ord: Any = None, axis: Axis = None, keepdims: bool = False  # noqa: A002
) -> Callable[[Any], Any]:  # fmt: skip
    return lambda g: _kept(g / (ans + anp["equal"](ans, 0)), x, axis, keepdims) * conj(x)


def _root_jvp(
    g: Any, ans: Any, x: Any, ord: Any = None, axis: Axis = None, keepdims: bool = False  # noqa: A002
) -> Any:  # fmt: skip
    slopes = _sum(anp["real"](conj(x) * g), axis, keepdims=keepdims)
    return slopes / (ans + anp["equal"](ans, 0))


def _kept(v: Any, x: Any, axis: Axis, keepdims: bool) -> Any:
    """What a reduction of x gave, with the reduced axes as axes of length one."""
    if keepdims or axis is None:
        return v
    return anp["expand_dims"](v, axis)


defvjp(_root, _root_vjp)
defjvp(_root, _root_jvp)

# -- orders ----------------------------------------------------------------------------------------


def _vector(x: Any, order: Any, axis: Axis, keepdims: bool) -> Any:
    """The norm of a vector along one axis (or of all entries, for axis None)."""
    if order is None or order == 2:
        return _root(x, None, axis, keepdims)
    if isinstance(order, str):
        raise ValueError(f"invalid norm order {order!r} for vectors")
    if order == 0:
        return _sum(anp["astype"](anp["not_equal"](x, 0), _real_dtype(x)), axis, keepdims=keepdims)
    size = _abs(x)
    if order == onp.inf:
        return _max(size, axis, keepdims=keepdims)
    if order == -onp.inf:
        return _min(size, axis, keepdims=keepdims)
    if order == 1:
        return _sum(size, axis, keepdims=keepdims)
    return _power_mean(size, order, axis, keepdims)


def _power_mean(size: Any, order: float, axis: Axis, keepdims: bool) -> Any:
    """sum(size**p)**(1/p), with zero for the slope of 0**p and of a sum of 0 (p > 0)."""
    if order > 0:
        size, zero = _lifted(size)
        total = _sum(size**order * anp["logical_not"](zero), axis, keepdims=keepdims)
        total, none = _lifted(total)
        return total ** (1 / order) * anp["logical_not"](none)
    return _sum(size**order, axis, keepdims=keepdims) ** (1 / order)


def _lifted(x: Any) -> tuple[Any, Any]:
    """x with ones for its zeros, and where those are."""
    zero = anp["equal"](x, 0)
    return x + zero, zero


def _real_dtype(x: Any) -> Any:
    return onp.finfo(metadata(x).dtype).dtype


def _matrix(x: Any, order: Any, axes: tuple[int, int], keepdims: bool) -> Any:
    """The norm of matrices along two axes: rows, columns."""
    if order is None or order in ("fro", "f"):
        return _root(x, "fro", axes, keepdims)
    rank = len(metadata(x).shape)
    rows, columns = (axis % rank for axis in axes)
    if rows == columns:
        raise ValueError(f"norm: the axes of a matrix must differ, got {axes}")
    if order == "nuc" or order in (2, -2):
        values = _abs(linalg["svdvals"](anp["moveaxis"](x, (rows, columns), (-2, -1))))
        reduce = _sum if order == "nuc" else _max if order == 2 else _min
        result = reduce(values, -1)
    elif order in (1, -1, onp.inf, -onp.inf):
        summed, sought = (rows, columns) if abs(order) == 1 else (columns, rows)
        sums = _sum(_abs(x), summed, keepdims=True)
        extreme = (_max if order > 0 else _min)(sums, sought, keepdims=True)
        return extreme if keepdims else anp["squeeze"](extreme, (rows, columns))
    else:
        raise ValueError(f"invalid norm order {order!r} for matrices")
    return anp["expand_dims"](result, (rows, columns)) if keepdims else result


# -- public ----------------------------------------------------------------------------------------


@composed("norm")
def norm(x: Any, ord: Any = None, axis: Axis = None, keepdims: bool = False) -> Any:  # noqa: A002
    """As numpy.linalg.norm, every order. Order 0 counts entries: its derivative is zero."""
    x = asarray(x)
    rank = len(metadata(x).shape)
    if axis is None:
        if ord is None or (ord == 2 and rank == 1) or (ord in ("f", "fro") and rank == 2):
            return _root(x, None, None, keepdims)
        axis = tuple(range(rank))
    axes = axis if isinstance(axis, tuple) else (axis,)
    if len(axes) == 1:
        return _vector(x, ord, axes[0], keepdims)
    if len(axes) == 2:
        return _matrix(x, ord, (axes[0], axes[1]), keepdims)
    raise ValueError(f"norm: give one axis for vectors or two for matrices, got {axes}")


@composed("vector_norm")
def vector_norm(x: Any, /, *, axis: Axis = None, keepdims: bool = False, ord: Any = 2) -> Any:  # noqa: A002
    """As numpy.linalg.vector_norm: the entries along several axes are one vector."""
    x = asarray(x)
    rank = len(metadata(x).shape)
    if isinstance(axis, int):
        return _vector(x, ord, axis, keepdims)
    axes = tuple(range(rank)) if axis is None else tuple(a % rank for a in axis)
    shape = metadata(x).shape
    kept = tuple(k for k in range(rank) if k not in axes)
    lead = tuple(shape[k] for k in kept)
    flat = anp["reshape"](anp["transpose"](x, kept + axes), (*lead, _size(shape, axes)))
    result = _vector(flat, ord, -1, False)
    return anp["expand_dims"](result, axes) if keepdims else result


def _size(shape: tuple[int, ...], axes: tuple[int, ...]) -> int:
    return int(onp.prod([shape[a] for a in axes]))


@composed("matrix_norm")
def matrix_norm(x: Any, /, *, keepdims: bool = False, ord: Any = "fro") -> Any:  # noqa: A002
    """As numpy.linalg.matrix_norm: norms of the matrices in the last two axes."""
    return _matrix(asarray(x), ord, (-2, -1), keepdims)


@composed("cond")
def cond(x: Any, p: Any = None) -> Any:
    """As numpy.linalg.cond, every order."""
    if p is None or p in (2, -2):
        values = linalg["svdvals"](x)
        first, last = (0, -1) if p != -2 else (-1, 0)
        return values[..., first] / values[..., last]
    return _matrix(x, p, (-2, -1), False) * _matrix(linalg["inv"](x), p, (-2, -1), False)
