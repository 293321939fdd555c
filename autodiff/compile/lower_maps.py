"""Lowering of what is done entry by entry."""

from __future__ import annotations

import operator
from functools import lru_cache
from typing import Any

import numpy as onp

from ..numpy.wrapper import wrapped_namespace
from .emitting import Emitter, Lowering, NotLoweredError, Ref
from .ir import Number
from .lower_shapes import array, whole

_KINDS: dict[str, type] = {"i": int, "f": float}


def _type(emitter: Emitter, x: Any) -> Any:
    """What NumPy's promotion asks of an operand: its dtype, or the type of a number of Python."""
    if type(x) is Ref:
        dtype = emitter.builder.values[x.number].dtype
        return _KINDS[dtype.kind] if x.weak and dtype.kind in _KINDS else dtype
    if type(x) in (int, float):
        return type(x)
    if isinstance(x, (bool, onp.generic)) or _is_list(x):
        return onp.asarray(x).dtype
    raise NotLoweredError


def _is_list(x: Any) -> bool:
    """Whether x is a list of plain numbers."""
    if isinstance(x, (tuple, list)):
        return all(map(_is_list, x))
    return isinstance(x, (bool, int, float, onp.generic))


def _converted(emitter: Emitter, x: Any, dtype: Any) -> Number:
    if isinstance(x, Ref):
        return emitter.cast(x.number, dtype)
    with onp.errstate(all="ignore"):
        return emitter.builder.constant(onp.asarray(x).astype(dtype))


def ufunc(emitter: Emitter, fun: Any, *args: Any) -> Number:
    """A ufunc of one result, by the loop that NumPy would choose."""
    if fun.signature is not None or fun.nout != 1 or len(args) != fun.nin:
        raise NotLoweredError
    types = tuple([_type(emitter, x) for x in args])
    *dtypes, result = _loop(fun, types)
    operands: list[Number] = []
    for x, kind, dtype in zip(args, types, dtypes):
        if kind is dtype and type(x) is Ref:
            operands.append(x.number)
            continue
        # A number of Python that does not fit has rules of its own.
        if type(x) is int and dtype.kind in "iu" and int(onp.iinfo(dtype).max) < abs(x):
            raise NotLoweredError
        operands.append(_converted(emitter, x, dtype))
    return emitter.map(fun, operands, result)


@lru_cache(maxsize=4096)
def _loop(fun: Any, types: tuple[Any, ...]) -> tuple[Any, ...]:
    """The dtypes of the operands and of the result in the loop that NumPy would choose."""
    try:
        dtypes = fun.resolve_dtypes((*types, None))
    except TypeError:
        raise NotLoweredError from None
    if any(dtype.kind not in "biuf" for dtype in dtypes):
        raise NotLoweredError
    return dtypes


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
    if _is_list(condition):
        condition = Ref(emitter.builder.constant(onp.asarray(condition)))
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
    return emitter.cast(array(x), dtype)


def real(emitter: Emitter, x: Any) -> Number:
    """The real part of what is real."""
    number = array(x)
    if emitter.value(number).dtype.kind == "c":
        raise NotLoweredError
    return number


def imaginary(emitter: Emitter, x: Any) -> Number:
    """The imaginary part of what is real."""
    real(emitter, x)
    return filled_with(0)(emitter, x)


def clip(emitter: Emitter, x: Any, low: Any = None, high: Any = None) -> Number:
    """numpy.clip between bounds of which one may be missing."""
    kind = emitter.value(array(x)).dtype
    if kind.kind in "iu":  # bounds that nothing is beyond need not fit
        low = None if type(low) is int and low <= onp.iinfo(kind).min else low
        high = None if type(high) is int and high >= onp.iinfo(kind).max else high
    given = [bound for bound in (low, high) if bound is not None]
    if len(given) == 2:
        return ufunc(emitter, _CLIP, x, *given)
    if not given:
        return ufunc(emitter, onp.positive, x)
    return ufunc(emitter, onp.maximum if high is None else onp.minimum, x, *given)


_CLIP: onp.ufunc = onp._core.umath.clip  # type: ignore[attr-defined]
"""What numpy.clip calls. maximum and minimum choose other ones of two zeros."""


def rounded(emitter: Emitter, x: Any, decimals: Any = 0) -> Number:
    """numpy.round of floating-point numbers."""
    dtype, places = emitter.value(array(x)).dtype, whole(decimals)
    if dtype.kind != "f":
        raise NotLoweredError
    if places == 0:
        return ufunc(emitter, onp.rint, x)
    scale = float(10 ** abs(places))
    there, back = (onp.multiply, onp.divide) if places > 0 else (onp.divide, onp.multiply)
    nearest = ufunc(emitter, onp.rint, Ref(ufunc(emitter, there, x, scale)))
    return ufunc(emitter, back, Ref(nearest), scale)


def difference(emitter: Emitter, x: Any, n: Any = 1, axis: Any = -1) -> Number:
    """numpy.diff without additions at the ends."""
    number = array(x)
    shape, dtype = emitter.value(number).shape, emitter.value(number).dtype
    at, fun = whole(axis) % len(shape), onp.not_equal if dtype.kind == "b" else onp.subtract
    for left in range(shape[at] - 1, shape[at] - 1 - whole(n), -1):
        later, sooner = (
            emitter.slice(
                number,
                [(start, 1, left) if a == at else (0, 1, m) for a, m in enumerate(shape)],
            )
            for start in (1, 0)
        )
        number = emitter.map(fun, [later, sooner], dtype)
        shape = emitter.value(number).shape
    return number


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
    onp.imag: imaginary,
    onp.clip: clip,
    onp.diff: difference,
    onp.round: rounded,
    onp.ones_like: filled_with(1),
    onp.zeros_like: filled_with(0),
}
