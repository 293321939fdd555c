"""Peephole: each operation, looked at with its operands, replaced by less that gives the same bits.

Arithmetic is strict. x + 0 is x only where x cannot be -0.0, or the zero is -0.0 itself; x - 0, x*1
and x / 1 always are. x * 0 stays: it is not 0 where x is infinite. Where an operand takes the place
of the result it must lie in memory as the result does, for the order of sums depends on that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp

from .ir import Builder, Number, Program, Value, is_contiguous, rebuilt, with_operands
from .known_entries import inverse_of, is_number, never_minus_zero
from .spreads import EXACT, narrowed, spread, without_spreads
from .strides import same_layout

_FOLDED_BYTES = 4096
"""Constants that take more are not made of smaller ones."""
_ROUNDS = 8
"""How often one operation is replaced at most."""


def simplified(program: Program) -> Program:
    """The program after all rules; `dead_code` removes what nothing reads any more."""
    return rebuilt(program, add_simplified)


def add_simplified(builder: Builder, value: Value) -> Number:
    """The number of a value, or of something simpler with the same entries."""
    for _ in range(_ROUNDS):
        if value.kind == "map":
            if value.op in EXACT:
                value = without_spreads(builder, value)
            folded = _folded(builder, value)
            if folded is not None:
                return folded
        rule = _RULES.get(value.op)
        found = None if rule is None else rule(builder, value)
        if found is None:
            break
        if isinstance(found, Value):
            value = found
            continue
        same = builder.values[found]
        fits = same.shape == value.shape and same.dtype == value.dtype
        if fits and same_layout(value.shape, same.strides, value.strides):
            return found
        break
    return _added(builder, value)


def _added(builder: Builder, value: Value) -> Number:
    """The number of a value that no rule is for."""
    smaller = narrowed(builder, value) if value.op in EXACT else None
    if smaller is None:
        return builder.add(value)
    small, wide = smaller
    return spread(builder, wide, add_simplified(builder, small), value)


def _folded(builder: Builder, value: Value) -> Number | None:
    """The result as a constant, if all operands are constants."""
    values = builder.values
    for k in value.operands:
        if values[k].op != "constant":
            return None
    if value.function is None or value.nbytes > _FOLDED_BYTES:
        return None
    with onp.errstate(all="ignore"):
        arrays = [values[k].param("data").array for k in value.operands]
        result = onp.asarray(value.function(*arrays))
    if not same_layout(value.shape, result.strides, value.strides):
        return None
    return builder.constant(result)


def _negated(builder: Builder, number: Number) -> Number | None:
    """What a value is the negative of."""
    value = builder.values[number]
    return value.operands[0] if value.op == "negative" else None


def _as(value: Value, op: Any, *operands: Number) -> Value:
    """The same result by another ufunc."""
    return Value(op.__name__, operands, (), value.shape, value.dtype, value.strides, op)


Found = Number | Value | None


def _add(builder: Builder, value: Value) -> Found:
    x, y = value.operands
    for one, other in ((x, y), (y, x)):
        if is_number(builder, other, -0.0):
            return one
        if is_number(builder, other, 0.0) and never_minus_zero(builder, one):
            return one
    if value.dtype.kind == "f":
        for one, other in ((x, y), (y, x)):
            positive = _negated(builder, other)
            if positive is not None:
                return _as(value, onp.subtract, one, positive)
    return None


def _subtract(builder: Builder, value: Value) -> Found:
    x, y = value.operands
    if is_number(builder, y, 0.0):
        return x
    positive = _negated(builder, y)
    if positive is not None and value.dtype.kind == "f":
        return _as(value, onp.add, x, positive)
    return None


def _multiply(builder: Builder, value: Value) -> Found:
    x, y = value.operands
    if is_number(builder, y, 1.0):
        return x
    if is_number(builder, x, 1.0):
        return y
    one, two = _negated(builder, x), _negated(builder, y)
    if one is not None and two is not None and value.dtype.kind == "f":
        return _as(value, onp.multiply, one, two)
    return None


def _divide(builder: Builder, value: Value) -> Found:
    x, y = value.operands
    if is_number(builder, y, 1.0):
        return x
    inverse = inverse_of(builder.values[y])
    return None if inverse is None else _as(value, onp.multiply, x, builder.constant(inverse))


def _negative(builder: Builder, value: Value) -> Found:
    return _negated(builder, value.operands[0])


def _cast(builder: Builder, value: Value) -> Found:
    operand = builder.values[value.operands[0]]
    if operand.op == "constant" and operand.nbytes <= _FOLDED_BYTES:
        with onp.errstate(all="ignore"):
            array = operand.param("data").array.astype(value.dtype)
        if same_layout(value.shape, array.strides, value.strides):
            return builder.constant(array)
    if operand.op != "cast":
        return None
    source = builder.values[operand.operands[0]]
    # There and back is exact if every number has a place on the way.
    if source.dtype == value.dtype and onp.can_cast(source.dtype, operand.dtype):
        return operand.operands[0]
    return None


def _operand(builder: Builder, value: Value) -> Found:
    return value.operands[0]


def _reshape(builder: Builder, value: Value) -> Found:
    operand = builder.values[value.operands[0]]
    if operand.op != "reshape":
        return value.operands[0]
    source = builder.values[operand.operands[0]]
    if source.shape == value.shape:
        return operand.operands[0]
    if is_contiguous(source) and is_contiguous(value):
        return with_operands(value, operand.operands)
    return None


def _transpose(builder: Builder, value: Value) -> Found:
    operand = builder.values[value.operands[0]]
    if operand.op != "transpose":
        return None
    inner, outer = operand.param("axes"), value.param("axes")
    axes = tuple([inner[a] for a in outer])
    if axes == tuple(range(len(axes))):
        return operand.operands[0]
    return Value(
        "transpose", operand.operands, (("axes", axes),), value.shape, value.dtype, value.strides
    )


def _broadcast(builder: Builder, value: Value) -> Found:
    operand = builder.values[value.operands[0]]
    if operand.op != "broadcast":
        return None
    source = builder.values[operand.operands[0]]
    if source.shape == value.shape:
        return operand.operands[0]
    return with_operands(value, operand.operands)


def _place(builder: Builder, value: Value) -> Found:
    whole = all(part == (0, 1, n) for part, n in zip(value.param("parts"), value.shape))
    return value.operands[0] if whole else None


def _reduce(builder: Builder, value: Value) -> Found:
    """Along axes of length 1 alone there is one entry in each result; NumPy adds it to 0.0."""
    source = builder.values[value.operands[0]]
    if value.dtype != source.dtype or any(source.shape[a] != 1 for a in value.param("axes")):
        return None
    axes = () if value.param("keepdims") else value.param("axes")
    strides = tuple(s for a, s in enumerate(source.strides) if a not in axes)
    number = value.operands[0]
    if value.shape != source.shape:
        kept = Value("reshape", (number,), (), value.shape, value.dtype, strides)
        number = add_simplified(builder, kept)
    if value.op != "sum" or value.dtype.kind != "f":
        return number
    return _as(value, onp.add, number, builder.constant(value.dtype.type(0)))


def _identity(builder: Builder, value: Value) -> Found:
    return value.operands[0] if value.dtype.kind != "c" else None


_RULES: dict[str, Callable[[Builder, Value], Found]] = {
    "add": _add,
    "subtract": _subtract,
    "multiply": _multiply,
    "divide": _divide,
    "negative": _negative,
    "positive": _identity,
    "conjugate": _identity,
    "cast": _cast,
    "copy": _operand,
    "reshape": _reshape,
    "transpose": _transpose,
    "broadcast": _broadcast,
    "place": _place,
    **dict.fromkeys(("sum", "prod", "max", "min", "any", "all"), _reduce),
}
