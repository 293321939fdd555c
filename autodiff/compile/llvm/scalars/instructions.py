"""Operations that floats, integers and truth values have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..bindings import ir
from ..reductions import maximum, minimum
from .casts import is_true

Emit = Callable[..., Any]
"""(builder, dtype of the operands, *values) -> value"""


def intrinsic(builder: Any, name: str, *values: Any) -> Any:
    """llvm.NAME of floats of one type."""
    kind = values[0].type
    symbol = f"llvm.{name}.{'f64' if isinstance(kind, ir.DoubleType) else 'f32'}"
    function = builder.module.globals.get(symbol)
    if function is None:
        function = ir.Function(builder.module, ir.FunctionType(kind, [kind] * len(values)), symbol)
    return builder.call(function, values)


def negative_test(builder: Any, x: Any) -> Any:
    """Whether a signed integer is below zero."""
    return builder.icmp_signed("<", x, ir.Constant(x.type, 0))


def instruction(name: str) -> Emit:
    """A method of the builder."""
    return lambda builder, kind, *values: getattr(builder, name)(*values)


def square(builder: Any, kind: np.dtype[Any], x: Any) -> Any:
    """x * x."""
    return builder.fmul(x, x) if kind.kind == "f" else builder.mul(x, x)


def absolute(builder: Any, kind: np.dtype[Any], x: Any) -> Any:
    """|x|; the least integer stays."""
    if kind.kind == "f":
        return intrinsic(builder, "fabs", x)
    return x if kind.kind == "u" else builder.select(negative_test(builder, x), builder.neg(x), x)


def sign(builder: Any, kind: np.dtype[Any], x: Any) -> Any:
    """-1, 0 or 1; NaN stays."""
    zero, one = ir.Constant(x.type, 0), ir.Constant(x.type, 1)
    if kind.kind == "f":
        above, below = builder.fcmp_ordered(">", x, zero), builder.fcmp_ordered("<", x, zero)
        # Zeros of both signs become +0; NaN stays.
        other = builder.select(builder.fcmp_ordered("==", x, zero), zero, x)
        return builder.select(above, one, builder.select(below, ir.Constant(x.type, -1.0), other))
    above = builder.select(builder.icmp_signed("!=", x, zero), one, zero)
    if kind.kind == "u":
        return above
    return builder.select(negative_test(builder, x), ir.Constant(x.type, -1), above)


def _comparison(operator: str) -> Emit:
    def emit(builder: Any, kind: np.dtype[Any], x: Any, y: Any) -> Any:
        if kind.kind == "f":
            compare = builder.fcmp_unordered if operator == "!=" else builder.fcmp_ordered
            return compare(operator, x, y)
        compare = builder.icmp_signed if kind.kind == "i" else builder.icmp_unsigned
        return compare(operator, x, y)

    return emit


def _logical(name: str) -> Emit:
    def emit(builder: Any, kind: np.dtype[Any], *values: Any) -> Any:
        tests = [is_true(builder, kind, x) for x in values]
        if name == "not":
            return builder.not_(tests[0])
        return getattr(builder, name)(*tests)

    return emit


def _extreme(name: str) -> Emit:
    larger = name in ("maximum", "fmax")

    def emit(builder: Any, kind: np.dtype[Any], x: Any, y: Any) -> Any:
        if kind.kind == "b":
            return (builder.or_ if larger else builder.and_)(x, y)
        if kind.kind == "u":
            return builder.select(builder.icmp_unsigned(">=" if larger else "<=", x, y), x, y)
        value = (maximum if larger else minimum)(builder, x, y)
        if kind.kind == "f" and name in ("fmax", "fmin"):  # a number rather than NaN
            value = builder.select(builder.fcmp_unordered("uno", x, x), y, value)
            first = builder.fcmp_unordered("uno", y, y)
            value = builder.select(first, x, value)
        return value

    return emit


_COMPARISONS = {
    "less": "<", "less_equal": "<=", "greater": ">", "greater_equal": ">=", "equal": "==",
    "not_equal": "!=",
}  # fmt: skip
COMMON: dict[str, Emit] = {
    **{name: _extreme(name) for name in ("maximum", "minimum", "fmax", "fmin")},
    **{name: _comparison(operator) for name, operator in _COMPARISONS.items()},
    "logical_and": _logical("and_"),
    "logical_or": _logical("or_"),
    "logical_xor": _logical("xor"),
    "logical_not": _logical("not"),
}
"""Of all dtypes."""
