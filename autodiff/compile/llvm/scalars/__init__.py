"""One scalar operation as LLVM instructions, with NumPy's results.

+ - * / and sqrt have NumPy's bits. Elementary functions come from `math`, others from the C
library. Integers wrap, divisions by zero give what NumPy gives, and nothing traps or warns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from . import math
from .arrays import value_type
from .bindings import ir
from .reductions import maximum, minimum

Emit = Callable[..., Any]
"""(builder, dtype of the operands, *values) -> value"""

_LIBRARY = {
    "tan": "tan", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arcsinh": "asinh",
    "arccosh": "acosh", "arctanh": "atanh", "arctan2": "atan2", "hypot": "hypot", "power": "pow",
    "fmod": "fmod", "cbrt": "cbrt", "erf": "erf", "erfc": "erfc",
}  # fmt: skip
"""Ufunc -> function of the C library (with an f for floats of 32 bits)."""
_COMPARISONS = {
    "less": "<", "less_equal": "<=", "greater": ">", "greater_equal": ">=", "equal": "==",
    "not_equal": "!=",
}  # fmt: skip


def supports(name: str, kind: np.dtype[Any]) -> bool:
    """Whether there is code for a ufunc on operands of a dtype."""
    if kind not in (np.dtype("f4"), np.dtype("f8")) and (
        kind.kind not in "iub" or not kind.isnative
    ):
        return False
    return name in (_FLOATS if kind.kind == "f" else _BOOLS if kind.kind == "b" else _INTEGERS)


def emit(builder: Any, name: str, kind: np.dtype[Any], values: Sequence[Any]) -> Any:
    """The value of a ufunc. `supports` says of which."""
    table = _FLOATS if kind.kind == "f" else _BOOLS if kind.kind == "b" else _INTEGERS
    return table[name](builder, kind, *values)


def remainder_in(builder: Any, low: int, high: int, x: Any, n: Any) -> Any:
    """x % n of an integer that lies between, for which one correction is enough."""
    if low >= 0 and high < n.constant:
        return x
    if low >= -n.constant and high < n.constant:
        return builder.select(_negative_test(builder, x), builder.add(x, n), x)
    if low >= 0 and high < 2 * n.constant:
        return builder.select(builder.icmp_signed(">=", x, n), builder.sub(x, n), x)
    return None


def remainder_by(builder: Any, kind: np.dtype[Any], x: Any, n: int) -> Any | None:
    """x % n for a constant n > 0, for vector code: it has no division of integers.

    The quotient is found in float64 and is nearly right: for 64 bits wrong by at most 2^11, so that
    what is left after a first round is small, and exact after a second.
    """
    if kind.kind != "i" or kind.itemsize < 4 or not 1 < n < 2**31:
        return None
    wide, real = ir.IntType(64), ir.DoubleType()
    rest = x if kind.itemsize == 8 else builder.sext(x, wide)
    for _ in range(kind.itemsize // 4):
        quotient = builder.fmul(builder.sitofp(rest, real), ir.Constant(real, 1.0 / n))
        whole = builder.fptosi(intrinsic(builder, "floor", quotient), wide)
        rest = builder.sub(rest, builder.mul(whole, ir.Constant(wide, n)))
    # 1 / n is rounded: a multiple of n may come out as 0 or n, and its neighbours as -1 or n - 1.
    rest = builder.select(
        _negative_test(builder, rest), builder.add(rest, ir.Constant(wide, n)), rest
    )
    above = builder.icmp_signed(">=", rest, ir.Constant(wide, n))
    rest = builder.select(above, builder.sub(rest, ir.Constant(wide, n)), rest)
    return rest if kind.itemsize == 8 else builder.trunc(rest, ir.IntType(32))


def intrinsic(builder: Any, name: str, *values: Any) -> Any:
    """llvm.NAME of floats of one type."""
    kind = values[0].type
    symbol = f"llvm.{name}.{'f64' if isinstance(kind, ir.DoubleType) else 'f32'}"
    function = builder.module.globals.get(symbol)
    if function is None:
        function = ir.Function(builder.module, ir.FunctionType(kind, [kind] * len(values)), symbol)
    return builder.call(function, values)


def cast(builder: Any, x: Any, source: np.dtype[Any], target: np.dtype[Any]) -> Any:
    """A conversion as NumPy's astype does it on this kind of machine."""
    kind = value_type(target)
    if source == target:
        return x
    if target.kind == "b":
        return _is_true(builder, source, x)
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


def _is_true(builder: Any, source: np.dtype[Any], x: Any) -> Any:
    if source.kind == "b":
        return x
    zero = ir.Constant(x.type, 0)
    if source.kind == "f":
        return builder.fcmp_unordered("!=", x, zero)  # NaN is true
    return builder.icmp_signed("!=", x, zero)


def _negative_test(builder: Any, x: Any) -> Any:
    return builder.icmp_signed("<", x, ir.Constant(x.type, 0))


def _library(name: str) -> Emit:
    def emit(builder: Any, kind: np.dtype[Any], *values: Any) -> Any:
        symbol = _LIBRARY[name] + ("f" if kind.itemsize == 4 else "")
        function = builder.module.globals.get(symbol)
        if function is None:
            signature = ir.FunctionType(values[0].type, [values[0].type] * len(values))
            function = ir.Function(builder.module, signature, symbol)
            function.attributes.add("nounwind")
        return builder.call(function, values)

    return emit


def _own(name: str) -> Emit:
    return lambda builder, kind, *values: math.call(builder, name, *values)


def _rounding(name: str) -> Emit:
    return lambda builder, kind, x: intrinsic(builder, name, x)


def _instruction(name: str) -> Emit:
    return lambda builder, kind, *values: getattr(builder, name)(*values)


def _square(builder: Any, kind: np.dtype[Any], x: Any) -> Any:
    return builder.fmul(x, x) if kind.kind == "f" else builder.mul(x, x)


def _reciprocal(builder: Any, kind: np.dtype[Any], x: Any) -> Any:
    return builder.fdiv(ir.Constant(x.type, 1.0), x)


def _absolute(builder: Any, kind: np.dtype[Any], x: Any) -> Any:
    if kind.kind == "f":
        return intrinsic(builder, "fabs", x)
    return x if kind.kind == "u" else builder.select(_negative_test(builder, x), builder.neg(x), x)


def _sign(builder: Any, kind: np.dtype[Any], x: Any) -> Any:
    zero, one = ir.Constant(x.type, 0), ir.Constant(x.type, 1)
    if kind.kind == "f":
        above, below = builder.fcmp_ordered(">", x, zero), builder.fcmp_ordered("<", x, zero)
        # Zeros of both signs become +0; NaN stays.
        other = builder.select(builder.fcmp_ordered("==", x, zero), zero, x)
        return builder.select(above, one, builder.select(below, ir.Constant(x.type, -1.0), other))
    above = builder.select(builder.icmp_signed("!=", x, zero), one, zero)
    if kind.kind == "u":
        return above
    return builder.select(_negative_test(builder, x), ir.Constant(x.type, -1), above)


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
        tests = [_is_true(builder, kind, x) for x in values]
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


def _divided(builder: Any, kind: np.dtype[Any], x: Any, y: Any) -> tuple[Any, Any]:
    """Quotient and remainder of integers, rounded down; (0, 0) for a division by zero."""
    zero, one = ir.Constant(x.type, 0), ir.Constant(x.type, 1)
    if kind.kind == "u":
        none = builder.icmp_unsigned("==", y, zero)
        safe = builder.select(none, one, y)
        quotient, rest = builder.udiv(x, safe), builder.urem(x, safe)
        return builder.select(none, zero, quotient), builder.select(none, zero, rest)
    none = builder.icmp_signed("==", y, zero)
    minus = builder.icmp_signed("==", y, ir.Constant(x.type, -1))  # the least by -1 would trap
    safe = builder.select(builder.or_(none, minus), one, y)
    quotient, rest = builder.sdiv(x, safe), builder.srem(x, safe)
    below = builder.icmp_signed("<", builder.xor(rest, safe), zero)
    corrected = builder.and_(builder.icmp_signed("!=", rest, zero), below)
    quotient = builder.select(corrected, builder.sub(quotient, one), quotient)
    rest = builder.select(corrected, builder.add(rest, safe), rest)
    quotient = builder.select(minus, builder.neg(x), quotient)
    rest = builder.select(minus, zero, rest)
    return builder.select(none, zero, quotient), builder.select(none, zero, rest)


def _float_remainder(builder: Any, kind: np.dtype[Any], x: Any, y: Any) -> Any:
    """numpy.remainder: fmod, moved to the divisor's sign."""
    zero = ir.Constant(x.type, 0.0)
    rest = _library("fmod")(builder, kind, x, y)
    apart = builder.xor(builder.fcmp_ordered("<", y, zero), builder.fcmp_ordered("<", rest, zero))
    moved = builder.select(apart, builder.fadd(rest, y), rest)
    none = intrinsic(builder, "copysign", zero, y)
    return builder.select(builder.fcmp_ordered("==", rest, zero), none, moved)


def _float_floor_divide(builder: Any, kind: np.dtype[Any], x: Any, y: Any) -> Any:
    """numpy.floor_divide: the quotient that goes with the remainder."""
    zero, one = ir.Constant(x.type, 0.0), ir.Constant(x.type, 1.0)
    rest = _library("fmod")(builder, kind, x, y)
    quotient = builder.fdiv(builder.fsub(x, rest), y)
    apart = builder.xor(builder.fcmp_ordered("<", y, zero), builder.fcmp_ordered("<", rest, zero))
    apart = builder.and_(apart, builder.fcmp_unordered("!=", rest, zero))
    quotient = builder.select(apart, builder.fsub(quotient, one), quotient)
    down = intrinsic(builder, "floor", quotient)
    high = builder.fcmp_ordered(">", builder.fsub(quotient, down), ir.Constant(x.type, 0.5))
    down = builder.select(high, builder.fadd(down, one), down)
    none = intrinsic(builder, "copysign", zero, builder.fdiv(x, y))
    down = builder.select(builder.fcmp_ordered("==", quotient, zero), none, down)
    by_zero = builder.fcmp_ordered("==", y, zero)
    return builder.select(by_zero, builder.fdiv(x, y), down)


def _shift(name: str) -> Emit:
    def emit(builder: Any, kind: np.dtype[Any], x: Any, y: Any) -> Any:
        width = ir.Constant(x.type, 8 * kind.itemsize)
        inside = builder.icmp_unsigned("<", y, width)
        by = builder.select(inside, y, ir.Constant(x.type, 0))
        zero = ir.Constant(x.type, 0)
        if name == "left_shift":
            return builder.select(inside, builder.shl(x, by), zero)
        if kind.kind == "u":
            return builder.select(inside, builder.lshr(x, by), zero)
        minus = builder.select(_negative_test(builder, x), ir.Constant(x.type, -1), zero)
        return builder.select(inside, builder.ashr(x, by), minus)

    return emit


_FLOATS: dict[str, Emit] = {
    "add": _instruction("fadd"),
    "subtract": _instruction("fsub"),
    "multiply": _instruction("fmul"),
    "divide": _instruction("fdiv"),
    "negative": _instruction("fneg"),
    "positive": lambda builder, kind, x: x,
    "conjugate": lambda builder, kind, x: x,
    "square": _square,
    "reciprocal": _reciprocal,
    "absolute": _absolute,
    "fabs": _absolute,
    "sign": _sign,
    "sqrt": _rounding("sqrt"),
    "floor": _rounding("floor"),
    "ceil": _rounding("ceil"),
    "trunc": _rounding("trunc"),
    "rint": _rounding("rint"),
    "copysign": lambda builder, kind, x, y: intrinsic(builder, "copysign", x, y),
    "remainder": _float_remainder,
    "floor_divide": _float_floor_divide,
    "isnan": lambda builder, kind, x: builder.fcmp_unordered("uno", x, x),
    "isinf": lambda builder, kind, x: builder.fcmp_ordered(
        "==", intrinsic(builder, "fabs", x), ir.Constant(x.type, float("inf"))
    ),
    "isfinite": lambda builder, kind, x: builder.fcmp_ordered(
        "<", intrinsic(builder, "fabs", x), ir.Constant(x.type, float("inf"))
    ),
    "expit": _own("sigmoid"),
    **{name: _own(name) for name in math.FUNCTIONS if name != "sigmoid"},
    **{name: _library(name) for name in _LIBRARY},
    **{name: _extreme(name) for name in ("maximum", "minimum", "fmax", "fmin")},
    **{name: _comparison(operator) for name, operator in _COMPARISONS.items()},
    "logical_and": _logical("and_"),
    "logical_or": _logical("or_"),
    "logical_xor": _logical("xor"),
    "logical_not": _logical("not"),
}

_INTEGERS: dict[str, Emit] = {
    "add": _instruction("add"),
    "subtract": _instruction("sub"),
    "multiply": _instruction("mul"),
    "negative": _instruction("neg"),
    "positive": lambda builder, kind, x: x,
    "conjugate": lambda builder, kind, x: x,
    "square": _square,
    "absolute": _absolute,
    "sign": _sign,
    "floor": lambda builder, kind, x: x,
    "ceil": lambda builder, kind, x: x,
    "trunc": lambda builder, kind, x: x,
    "remainder": lambda builder, kind, x, y: _divided(builder, kind, x, y)[1],
    "floor_divide": lambda builder, kind, x, y: _divided(builder, kind, x, y)[0],
    "bitwise_and": _instruction("and_"),
    "bitwise_or": _instruction("or_"),
    "bitwise_xor": _instruction("xor"),
    "invert": _instruction("not_"),
    "left_shift": _shift("left_shift"),
    "right_shift": _shift("right_shift"),
    **{name: _extreme(name) for name in ("maximum", "minimum", "fmax", "fmin")},
    **{name: _comparison(operator) for name, operator in _COMPARISONS.items()},
    "logical_and": _logical("and_"),
    "logical_or": _logical("or_"),
    "logical_xor": _logical("xor"),
    "logical_not": _logical("not"),
}

_BOOLS: dict[str, Emit] = {
    "add": _instruction("or_"),
    "multiply": _instruction("and_"),
    "bitwise_and": _instruction("and_"),
    "bitwise_or": _instruction("or_"),
    "bitwise_xor": _instruction("xor"),
    "invert": _instruction("not_"),
    "absolute": lambda builder, kind, x: x,
    "positive": lambda builder, kind, x: x,
    **{name: _extreme(name) for name in ("maximum", "minimum", "fmax", "fmin")},
    **{name: _comparison(operator) for name, operator in _COMPARISONS.items()},
    "logical_and": _logical("and_"),
    "logical_or": _logical("or_"),
    "logical_xor": _logical("xor"),
    "logical_not": _logical("not"),
}
