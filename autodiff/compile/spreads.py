"""Broadcasts and copies around maps: the map does the broadcast itself, or is done before it.

Only where NumPy computes the same bits however its operands lie in memory: it has other loops for
exp of an array with gaps, and squares where an exponent is one number.
"""

from __future__ import annotations

from math import prod

from .ir import Builder, Number, Value, with_operands
from .known_entries import number_of
from .shapes import broadcast_shape
from .strides import contiguous, same_layout

_EXACT = """
    add subtract multiply divide negative positive absolute fabs sqrt square reciprocal sign
    maximum minimum fmax fmin clip floor ceil trunc rint conjugate cast copy select
    equal not_equal less less_equal greater greater_equal isnan isinf isfinite signbit
    logical_and logical_or logical_xor logical_not bitwise_and bitwise_or bitwise_xor invert
"""
EXACT = frozenset(_EXACT.split())
"""Maps that are computed exactly, or rounded as the standard says."""


def without_spreads(builder: Builder, value: Value) -> Value:
    """A map on its operands without copies and broadcasts that do not make its shape."""
    values = builder.values
    operands = value.operands
    for place, k in enumerate(operands):
        while (inner := _source(builder, k)) is not None:
            shorter = (*operands[:place], inner, *operands[place + 1 :])
            shape = broadcast_shape(*[values[x].shape for x in shorter])
            if shape != value.shape and value.op != "copy":
                break
            operands, k = shorter, inner
    return value if operands is value.operands else with_operands(value, operands)


_SOURCES = frozenset({"broadcast", "copy", "constant"})


def _source(builder: Builder, number: Number) -> Number | None:
    """What is copied or broadcast to a value; None for other values."""
    value = builder.values[number]
    if value.op == "broadcast" or value.op == "copy":
        return value.operands[0]
    if value.op == "constant" and value.shape:
        found = number_of(value)
        return None if found is None else builder.constant(found)
    return None


def narrowed(builder: Builder, value: Value) -> tuple[Value, Value] | None:
    """A map of broadcast operands as the map of what was broadcast, and the broadcast of that.

    Returns: both, the second one on no operand yet; None where nothing is saved.
    """
    values = builder.values
    if not any(values[k].op in _SOURCES for k in value.operands):
        return None
    sources = []
    for k in value.operands:
        while (inner := _source(builder, k)) is not None:
            k = inner
        sources.append(k)
    if tuple(sources) == value.operands:
        return None
    shape = broadcast_shape(*[values[k].shape for k in sources])
    if prod(shape) >= prod(value.shape) or value.op == "copy":
        return None
    itemsize = value.dtype.itemsize
    small = Value(
        value.op, tuple(sources), value.params, shape, value.dtype, contiguous(shape, itemsize),
        value.function,
    )  # fmt: skip
    extra = len(value.shape) - len(shape)
    lengths = zip(shape, small.strides, value.shape[extra:])
    strides = (0,) * extra + tuple(s if n == wanted else 0 for n, s, wanted in lengths)
    return small, Value("broadcast", (), (), value.shape, value.dtype, strides)


def spread(builder: Builder, wide: Value, number: Number, wanted: Value) -> Number:
    """The number of `wide` on a value, lying in memory as `wanted` does."""
    found = builder.add(with_operands(wide, (number,)))
    if same_layout(wanted.shape, wide.strides, wanted.strides):
        return found
    copied = Value("copy", (found,), (), wanted.shape, wanted.dtype, wanted.strides)
    return builder.add(copied)
