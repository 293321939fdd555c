"""Products of vectors, and of matrices seen as such: cross, kron, vdot, vecdot, matvec, vecmat."""

from __future__ import annotations

from string import ascii_letters
from typing import Any

import numpy as onp

from ..core import def_linear, defvjp
from ..tracer import primitive
from .broadcasting import metadata, unbroadcast_f
from .composed import composed
from .subscripts import contract
from .wrapper import wrapped_namespace as anp

_matmul = anp["matmul"]


def _conj(x: Any) -> Any:
    """The conjugate; real arrays are not copied."""
    return anp["conj"](x) if metadata(x).dtype.kind == "c" else x


def _as_row(x: Any) -> Any:
    return anp["expand_dims"](x, -2)


def _as_column(x: Any) -> Any:
    return anp["expand_dims"](x, -1)


def _with_last(x: Any, axis: int) -> Any:
    return x if axis == -1 else anp["moveaxis"](x, axis, -1)


# -- inner products and matrices -------------------------------------------------------------------


@composed("vdot")
def vdot(a: Any, b: Any, /) -> Any:
    """As numpy.vdot: the first operand is conjugated."""
    return anp["dot"](_conj(anp["ravel"](a)), anp["ravel"](b))


@composed("vecdot")
def vecdot(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    """As numpy.vecdot: the first operand is conjugated."""
    rows, columns = _with_last(x1, axis), _with_last(x2, axis)
    return _matmul(_as_row(_conj(rows)), _as_column(columns))[..., 0, 0]


@composed("matvec")
def matvec(x1: Any, x2: Any, /) -> Any:
    """As numpy.matvec."""
    return _matmul(x1, _as_column(x2))[..., 0]


@composed("vecmat")
def vecmat(x1: Any, x2: Any, /) -> Any:
    """As numpy.vecmat: the vector is conjugated."""
    return _matmul(_as_row(_conj(x1)), x2)[..., 0, :]


@composed("matrix_transpose")
def matrix_transpose(x: Any, /) -> Any:
    """As numpy.matrix_transpose."""
    return anp["swapaxes"](x, -1, -2)


# -- kron ------------------------------------------------------------------------------------------


@composed("kron")
def kron(a: Any, b: Any) -> Any:
    """As numpy.kron, of any ranks."""
    shape_a, shape_b = metadata(a).shape, metadata(b).shape
    rank = max(len(shape_a), len(shape_b))
    full_a = (1,) * (rank - len(shape_a)) + shape_a
    full_b = (1,) * (rank - len(shape_b)) + shape_b
    in_a, in_b = ascii_letters[:rank], ascii_letters[rank : 2 * rank]
    paired = "".join(m + n for m, n in zip(in_a, in_b))
    product = contract(
        f"{in_a},{in_b}->{paired}", anp["reshape"](a, full_a), anp["reshape"](b, full_b)
    )
    return anp["reshape"](product, tuple(m * n for m, n in zip(full_a, full_b)))


# -- cross -----------------------------------------------------------------------------------------

_NEXT, _BEFORE = onp.array([1, 2, 0]), onp.array([2, 0, 1])


@primitive
def cross_product(a: Any, b: Any) -> Any:
    """numpy.cross of vectors with three components, along the last axis."""
    a, b = onp.asarray(a), onp.asarray(b)  # numpy.cross itself takes three times as long
    return a.take(_NEXT, -1) * b.take(_BEFORE, -1) - a.take(_BEFORE, -1) * b.take(_NEXT, -1)


# The triple product g . (a x b) turns round: a . (b x g) = b . (g x a).
defvjp(
    cross_product,
    lambda ans, a, b: unbroadcast_f(a, lambda g: cross_product(b, g)),
    lambda ans, a, b: unbroadcast_f(b, lambda g: cross_product(g, a)),
)
def_linear(cross_product)


@composed("cross")
def cross(
    a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None
) -> Any:
    """As numpy.cross; of two vectors in the plane, the component that stands on it."""
    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = _with_last(a, axisa), _with_last(b, axisb)
    sizes = [metadata(x).shape[-1] for x in (a, b)]
    if any(size not in (2, 3) for size in sizes):
        raise ValueError(f"cross: vectors have two or three components, got {sizes}")
    if sizes == [2, 2]:
        return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    a, b = (_in_space(x, size) for x, size in zip((a, b), sizes))
    result = cross_product(a, b)
    return result if axisc == -1 else anp["moveaxis"](result, -1, axisc)


def _in_space(x: Any, components: int) -> Any:
    """A vector of the plane with a third component of zero."""
    return x if components == 3 else anp["concatenate"]([x, 0 * x[..., :1]], -1)
