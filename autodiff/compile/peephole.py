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
from .strides import same_layout

_FOLDED_BYTES = 4096
"""Constants that take more are not made of smaller ones."""


def simplified(program: Program) -> Program:
    """The program after all rules; `dead_code` removes what nothing reads any more."""
    return rebuilt(program, _rewritten)


def _rewritten(builder: Builder, value: Value) -> Number:
    values = builder.values
    if value.kind == "map":
        value = with_operands(value, _unspread(builder, value))
        folded = _folded(builder, value)
        if folded is not None:
            return folded
    rule = _RULES.get(value.op)
    found = None if rule is None else rule(builder, value)
    if found is None:
        return builder.add(value)
    if isinstance(found, Value):
        return builder.add(found)
    same = values[found]
    fits = (same.shape, same.dtype) == (value.shape, value.dtype)
    if fits and same_layout(value.shape, same.strides, value.strides):
        return found
    return builder.add(value)


def _unspread(builder: Builder, value: Value) -> list[Number]:
    """The operands of a map without the copies and broadcasts that it does itself."""
    operands = list(value.operands)
    for place in range(len(operands)):
        operand = builder.values[operands[place]]
        while operand.op in ("broadcast", "copy"):
            shorter = [*operands[:place], operand.operands[0], *operands[place + 1 :]]
            shapes = [builder.values[k].shape for k in shorter]
            if value.op != "copy" and onp.broadcast_shapes(*shapes) != value.shape:
                break
            operands, operand = shorter, builder.values[operand.operands[0]]
    return operands


def _folded(builder: Builder, value: Value) -> Number | None:
    """The result as a constant, if all operands are constants."""
    operands = [builder.values[k] for k in value.operands]
    if value.function is None or any(x.op != "constant" for x in operands):
        return None
    if value.nbytes > _FOLDED_BYTES:
        return None
    with onp.errstate(all="ignore"):
        result = onp.asarray(value.function(*(x.param("data").array for x in operands)))
    if not same_layout(value.shape, result.strides, value.strides):
        return None
    return builder.constant(result)


def _constant(builder: Builder, number: Number) -> Any:
    """The number that all entries of a constant are; None for anything else."""
    value = builder.values[number]
    if value.op != "constant" or value.nbytes == 0:
        return None
    array = value.param("data").array
    if value.shape and not onp.array_equal(array, onp.broadcast_to(array.flat[0], array.shape)):
        return None
    return array.flat[0]


def _is(builder: Builder, number: Number, wanted: float) -> bool:
    """Whether a value is the constant `wanted`, the sign of zero included."""
    found = _constant(builder, number)
    if found is None or found.dtype.kind not in "iuf":
        return False
    return bool(found == wanted and onp.signbit(float(found)) == onp.signbit(wanted))


def _negated(builder: Builder, number: Number) -> Number | None:
    """What a value is the negative of."""
    value = builder.values[number]
    return value.operands[0] if value.op == "negative" else None


def _never_minus_zero(builder: Builder, number: Number) -> bool:
    value = builder.values[number]
    if value.dtype.kind in "iub" or value.op in ("exp", "absolute"):
        return True
    if value.op == "cast":
        return builder.values[value.operands[0]].dtype.kind in "iub"
    return value.op in ("square", "multiply") and len(set(value.operands)) == 1


def _as(value: Value, op: Any, *operands: Number) -> Value:
    """The same result by another ufunc."""
    return Value(
        op.__name__, operands, (), value.shape, value.dtype, value.strides, op
    )  # fmt: skip


Found = Number | Value | None


def _add(builder: Builder, value: Value) -> Found:
    x, y = value.operands
    for one, other in ((x, y), (y, x)):
        if _is(builder, other, -0.0):
            return one
        if _is(builder, other, 0.0) and _never_minus_zero(builder, one):
            return one
    for one, other in ((x, y), (y, x)):
        positive = _negated(builder, other)
        if positive is not None and value.dtype.kind == "f":
            return _as(value, onp.subtract, one, positive)
    return None


def _subtract(builder: Builder, value: Value) -> Found:
    x, y = value.operands
    if _is(builder, y, 0.0):
        return x
    positive = _negated(builder, y)
    if positive is not None and value.dtype.kind == "f":
        return _as(value, onp.add, x, positive)
    return None


def _multiply(builder: Builder, value: Value) -> Found:
    x, y = value.operands
    if _is(builder, y, 1.0):
        return x
    if _is(builder, x, 1.0):
        return y
    one, two = _negated(builder, x), _negated(builder, y)
    if one is not None and two is not None and value.dtype.kind == "f":
        return _as(value, onp.multiply, one, two)
    return None


def _divide(builder: Builder, value: Value) -> Found:
    return value.operands[0] if _is(builder, value.operands[1], 1.0) else None


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


def _copy(builder: Builder, value: Value) -> Found:
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
    axes = tuple(inner[a] for a in outer)
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
    "copy": _copy,
    "reshape": _reshape,
    "transpose": _transpose,
    "broadcast": _broadcast,
}
