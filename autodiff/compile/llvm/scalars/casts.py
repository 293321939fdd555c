"""Conversions between dtypes, as NumPy's astype does them on this kind of machine."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import value_type
from ..bindings import ir


def cast(builder: Any, x: Any, source: np.dtype[Any], target: np.dtype[Any]) -> Any:
    """A value of another dtype."""
    kind = value_type(target)
    if source == target:
        return x
    if target.kind == "b":
        return is_true(builder, source, x)
    if source.kind in "b":
        return builder.uitofp(x, kind) if target.kind == "f" else builder.zext(x, kind)
    if source.kind == "f" and target.kind == "f":
        return (
            builder.fpext(x, kind)
            if target.itemsize > source.itemsize
            else builder.fptrunc(x, kind)
        )
    if target.kind == "f":
        return (builder.sitofp if source.kind == "i" else builder.uitofp)(x, kind)
    if source.kind == "f":
        return _to_integer(builder, x, source, target)
    if target.itemsize == source.itemsize:
        return x
    if target.itemsize < source.itemsize:
        return builder.trunc(x, kind)
    return (builder.sext if source.kind == "i" else builder.zext)(x, kind)


def _to_integer(builder: Any, x: Any, source: np.dtype[Any], target: np.dtype[Any]) -> Any:
    """What is out of range becomes the least integer, as conversions of x86 do."""
    # Smaller integers are cut out of one of 64 bits (32 for floats that go to at most 32).
    bits = 64 if target.itemsize == 8 or target == np.uint32 else 32
    wide, limit = ir.IntType(bits), 2.0 ** (bits - 1)
    inside = builder.and_(
        builder.fcmp_ordered(">=", x, ir.Constant(x.type, -limit)),
        builder.fcmp_ordered("<", x, ir.Constant(x.type, limit)),
    )
    safe = builder.select(inside, x, ir.Constant(x.type, 0.0))
    least = ir.Constant(wide, -(2 ** (bits - 1)))
    value = builder.select(inside, builder.fptosi(safe, wide), least)
    width = 8 * target.itemsize
    return builder.trunc(value, ir.IntType(width)) if width < bits else value


def is_true(builder: Any, source: np.dtype[Any], x: Any) -> Any:
    """x as a truth value."""
    if source.kind == "b":
        return x
    zero = ir.Constant(x.type, 0)
    if source.kind == "f":
        return builder.fcmp_unordered("!=", x, zero)  # NaN is true
    return builder.icmp_signed("!=", x, zero)
