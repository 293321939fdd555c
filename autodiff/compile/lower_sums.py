"""Lowering of reductions along axes and of products that sum over axes."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as onp

from .emitting import Emitter, Lowering, NotLoweredError, Ref
from .ir import Number
from .lower_shapes import array, whole
from .strides import contiguous, keeping_order

_F4, _F8 = onp.dtype("float32"), onp.dtype(float)


def _axes(axis: Any, rank: int) -> tuple[int, ...]:
    if axis is None:
        return tuple(range(rank))
    if isinstance(axis, Ref):
        raise NotLoweredError
    each = axis if isinstance(axis, tuple) else (axis,)
    return tuple(sorted(whole(a) % rank for a in each)) if rank else ()


def reduction(op: str) -> Lowering:
    """sum, prod, max, min, any, all without the options that are seldom used."""

    def lowered(
        emitter: Emitter, x: Any, axis: Any = None, dtype: Any = None, out: Any = None,
        keepdims: Any = False,
    ) -> Number:  # fmt: skip
        number = array(x)
        value = emitter.value(number)
        if out is not None or isinstance(keepdims, Ref):
            raise NotLoweredError
        wanted = emitter.operation.dtype
        exact = value.dtype.kind in "bi" and wanted.kind == "i"  # in any order
        if op == "sum" and (exact or (value.dtype == bool and wanted in (_F4, _F8))):
            number = emitter.cast(number, wanted)
            value = emitter.value(number)
        if dtype is not None and onp.dtype(dtype) != value.dtype:
            raise NotLoweredError
        if value.dtype.kind not in "fi" and op not in ("any", "all"):
            raise NotLoweredError
        if value.dtype.kind == "f" and value.dtype.itemsize < 4:  # in pairs of higher precision
            raise NotLoweredError
        if op in ("any", "all") and value.dtype != bool:
            raise NotLoweredError
        return emitter.reduce(op, number, _axes(axis, len(value.shape)), keepdims)

    if op in ("sum", "prod"):
        return lowered
    # No dtype among the arguments of the others.
    return lambda emitter, x, axis=None, out=None, keepdims=False: lowered(
        emitter, x, axis, None, out, keepdims
    )


def _count(emitter: Emitter, x: Any, axis: Any) -> int:
    """How many entries go into one of the result."""
    value = emitter.value(array(x))
    if value.dtype.kind != "f" or value.dtype.itemsize < 4:
        raise NotLoweredError
    count = prod(value.shape[a] for a in _axes(axis, len(value.shape)))
    if not 0 < count < 2**24:  # past that NumPy's division in float64 may round otherwise
        raise NotLoweredError
    return count


def _divided(emitter: Emitter, total: Number, count: int) -> Number:
    dtype = emitter.value(total).dtype
    divisor = emitter.builder.constant(onp.asarray(count, dtype))
    return emitter.map(onp.divide, [total, divisor], dtype)


def mean(
    emitter: Emitter, x: Any, axis: Any = None, dtype: Any = None, out: Any = None,
    keepdims: Any = False,
) -> Number:  # fmt: skip
    """A sum, divided by the number of entries."""
    count = _count(emitter, x, axis)
    return _divided(emitter, reduction("sum")(emitter, x, axis, dtype, out, keepdims), count)


def variance(
    emitter: Emitter, x: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: Any = 0,
    keepdims: Any = False,
) -> Number:  # fmt: skip
    """The sum of squared distances from the mean, divided by the number of entries."""
    count, number = _count(emitter, x, axis), array(x)
    value = emitter.value(number)
    if dtype is not None or out is not None or count <= whole(ddof):
        raise NotLoweredError
    centre = _divided(emitter, reduction("sum")(emitter, x, axis, keepdims=True), count)
    # The second sum is taken in the order in which x lies in memory.
    layout = keeping_order(value.shape, value.strides, value.dtype.itemsize)
    shape, dtype = value.shape, value.dtype
    gaps = emitter.add("subtract", [number, centre], shape, dtype, layout, (), onp.subtract)
    squares = emitter.add("square", [gaps], shape, dtype, layout, (), onp.square)
    total = emitter.reduce("sum", squares, _axes(axis, len(shape)), keepdims)
    return _divided(emitter, total, count - whole(ddof))


def deviation(emitter: Emitter, *args: Any, **keywords: Any) -> Number:
    """numpy.std: the root of the variance."""
    total = variance(emitter, *args, **keywords)
    return emitter.map(onp.sqrt, [total], emitter.value(total).dtype)


def search(op: str) -> Lowering:
    """argmax, argmin."""

    def lowered(
        emitter: Emitter, x: Any, axis: Any = None, out: Any = None, *, keepdims: Any = False
    ) -> Number:
        number = array(x)
        rank = len(emitter.value(number).shape)
        if out is not None or not rank or isinstance(keepdims, Ref):
            raise NotLoweredError
        if axis is None:
            if keepdims:
                raise NotLoweredError
            number = emitter.reshape(number, (prod(emitter.value(number).shape),))
        at = 0 if axis is None else whole(axis) % rank
        value = emitter.value(number)
        if value.dtype.kind not in "biuf" or not value.shape[at]:
            raise NotLoweredError
        kept = (1,) if keepdims else ()
        shape = (*value.shape[:at], *kept, *value.shape[at + 1 :])
        params = (("axis", at), ("keepdims", bool(keepdims)))
        return emitter.add(op, [number], shape, onp.intp, params=params)

    return lowered


def product(op: str) -> Lowering:
    """matmul and dot of matrices and vectors, and stacks of matrices."""

    def lowered(emitter: Emitter, a: Any, b: Any, shape: Any = None) -> Number:
        one, two = (emitter.value(array(x)) for x in (a, b))
        if shape is None:
            shape = emitter.operation.shape or ()
        if one.dtype != two.dtype or one.dtype.kind != "f" or one.dtype.itemsize not in (4, 8):
            raise NotLoweredError
        if not one.shape or not two.shape:
            raise NotLoweredError
        if op == "dot" and (len(one.shape) > 2 or len(two.shape) > 2):
            raise NotLoweredError
        # A matrix by its own transpose: BLAS computes one half, and the sums round otherwise.
        params = (("shared", bool(a.memory & b.memory)),)
        strides = contiguous(shape, one.dtype.itemsize)
        return emitter.add(op, [a.number, b.number], shape, one.dtype, strides, params)

    return lowered


LOWERINGS: dict[Any, Lowering] = {
    onp.sum: reduction("sum"),
    onp.prod: reduction("prod"),
    onp.max: reduction("max"),
    onp.min: reduction("min"),
    onp.amax: reduction("max"),
    onp.amin: reduction("min"),
    onp.any: reduction("any"),
    onp.all: reduction("all"),
    onp.mean: mean,
    onp.var: variance,
    onp.std: deviation,
    onp.argmax: search("argmax"),
    onp.argmin: search("argmin"),
    onp.matmul: product("matmul"),
    onp.dot: product("dot"),
}
