"""Lowering of what is done entry by entry."""

from __future__ import annotations

import operator
from typing import Any

import numpy as onp

from ..numpy.wrapper import wrapped_namespace
from .emitting import Emitter, Lowering, NotLoweredError, Ref
from .ir import Number

_KINDS: dict[str, type] = {"i": int, "f": float}


def _type(emitter: Emitter, x: Any) -> Any:
    """What NumPy's promotion asks of an operand: its dtype, or the type of a number of Python."""
    if isinstance(x, Ref):
        dtype = emitter.value(x.number).dtype
        return _KINDS[dtype.kind] if x.weak and dtype.kind in _KINDS else dtype
    if type(x) in (int, float):
        return type(x)
    if isinstance(x, (bool, onp.generic)):
        return onp.asarray(x).dtype
    raise NotLoweredError


def _converted(emitter: Emitter, x: Any, dtype: Any) -> Number:
    if isinstance(x, Ref):
        return emitter.cast(x.number, dtype)
    with onp.errstate(all="ignore"):
        return emitter.builder.constant(onp.asarray(x).astype(dtype))


def ufunc(emitter: Emitter, fun: Any, *args: Any) -> Number:
    """A ufunc of one result, by the loop that NumPy would choose."""
    if fun.signature is not None or fun.nout != 1 or len(args) != fun.nin:
        raise NotLoweredError
    try:
        *dtypes, result = fun.resolve_dtypes((*(_type(emitter, x) for x in args), None))
    except TypeError:
        raise NotLoweredError from None
    if any(dtype.kind not in "biuf" for dtype in (*dtypes, result)):
        raise NotLoweredError
    for x, dtype in zip(args, dtypes):  # a number of Python that does not fit has rules of its own
        if type(x) is int and dtype.kind in "iu" and int(onp.iinfo(dtype).max) < abs(x):
            raise NotLoweredError
    operands = [_converted(emitter, x, dtype) for x, dtype in zip(args, dtypes)]
    return emitter.map(fun, operands, result)


_QUICK_POWERS: dict[Any, onp.ufunc] = {2: onp.square, 0.5: onp.sqrt, -1: onp.reciprocal}


def power_operator(emitter: Emitter, x: Any, exponent: Any) -> Number:
    """``x ** number``, which NumPy computes in other ways than power for some numbers."""
    if not isinstance(x, Ref) or not emitter.value(x.number).shape or isinstance(exponent, Ref):
        raise NotLoweredError
    if emitter.value(x.number).dtype.kind not in "f":
        raise NotLoweredError
    if exponent == 1:
        return emitter.map(onp.positive, [x.number], emitter.value(x.number).dtype)
    if exponent in _QUICK_POWERS:
        return ufunc(emitter, _QUICK_POWERS[exponent], x)
    return ufunc(emitter, onp.power, x, exponent) if exponent != 0 else _refused()


def _refused() -> Number:
    raise NotLoweredError


def where(emitter: Emitter, condition: Any, x: Any, y: Any) -> Number:
    """numpy.where of three operands."""
    if not isinstance(condition, Ref) or emitter.value(condition.number).dtype.kind not in "biuf":
        raise NotLoweredError
    if emitter.value(condition.number).dtype != bool:
        zero = emitter.builder.constant(onp.zeros((), emitter.value(condition.number).dtype))
        condition = Ref(emitter.map(onp.not_equal, [condition.number, zero], bool))
    dtype = emitter.operation.dtype
    operands = [_converted(emitter, each, dtype) for each in (x, y)]
    return emitter.select(condition.number, *operands)


def astype(emitter: Emitter, x: Any, dtype: Any) -> Number:
    """A conversion."""
    if not isinstance(x, Ref):
        raise NotLoweredError
    return emitter.cast(x.number, dtype)


def real(emitter: Emitter, x: Any) -> Number:
    """The real part of what is real."""
    if not isinstance(x, Ref) or emitter.value(x.number).dtype.kind == "c":
        raise NotLoweredError
    return x.number


def filled_with(number: float) -> Lowering:
    """ones_like, zeros_like."""

    def like(emitter: Emitter, x: Any) -> Number:
        wanted = emitter.operation
        if wanted.shape is None or (len(wanted.shape) and wanted.strides is None):
            raise NotLoweredError
        made = onp.full(wanted.shape, number, wanted.dtype)
        return emitter.builder.constant(made)

    return like


LOWERINGS: dict[Any, Lowering] = {
    operator.pow: power_operator,
    onp.where: where,
    wrapped_namespace["astype"].fun: astype,
    onp.real: real,
    onp.ones_like: filled_with(1),
    onp.zeros_like: filled_with(0),
}
