"""What is known of the entries of a value before a run."""

from __future__ import annotations

from math import frexp
from typing import Any

import numpy as onp

from .ir import VIEWS, Builder, Number, Value

_DEPTH = 4
"""How far back a value is looked at."""


def number_of(value: Value) -> Any:
    """The number, of NumPy's, that all entries of a constant are; None for anything else."""
    return value.param("data").number if value.op == "constant" else None


def is_number(builder: Builder, number: Number, wanted: float) -> bool:
    """Whether a value is the constant `wanted`, the sign of zero included."""
    value = builder.values[number]
    if value.op != "constant":
        return False
    found = value.param("data").number
    if found is None or found != wanted or found.dtype.kind not in "iuf":
        return False
    return bool(onp.signbit(float(found)) == onp.signbit(wanted))


def inverse_of(value: Value) -> Any:
    """The reciprocal of a constant that is a power of two, for all entries: dividing by that
    rounds as multiplying by this does. None for anything else."""
    found = number_of(value)
    if found is None or found.dtype.kind != "f" or found.dtype.itemsize not in (4, 8):
        return None
    mantissa, exponent = frexp(float(found))
    if abs(mantissa) != 0.5 or abs(exponent) > 100:
        return None
    return found.dtype.type(1 / float(found))


def never_minus_zero(builder: Builder, number: Number, depth: int = _DEPTH) -> bool:
    """Whether no entry of a value can be -0.0."""
    value = builder.values[number]
    if value.dtype.kind in "iub" or value.op in _WITHOUT_MINUS_ZERO:
        return True
    if value.op == "constant":
        found = value.param("data").number
        return found is not None and not (found == 0 and onp.signbit(found))
    if value.op == "cast":
        return builder.values[value.operands[0]].dtype.kind in "iub"
    if value.op in ("square", "multiply"):
        return value.op == "square" or len(set(value.operands)) == 1
    if depth == 0:
        return False
    if value.op in _OF_THEIR_OPERANDS:
        return all(never_minus_zero(builder, k, depth - 1) for k in value.operands)
    if value.op == "select":
        return all(never_minus_zero(builder, k, depth - 1) for k in value.operands[1:])
    # A sum is -0.0 only if both summands are.
    return value.op == "add" and any(
        never_minus_zero(builder, k, depth - 1) for k in value.operands
    )


_WITHOUT_MINUS_ZERO = frozenset({"exp", "absolute", "sum"})  # NumPy sums from 0.0 on
_OF_THEIR_OPERANDS = VIEWS | {"copy", "concatenate", "roll", "place", "sqrt", "max", "min"}
