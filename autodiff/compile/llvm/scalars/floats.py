"""Ufuncs of floats."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import math
from ..bindings import ir
from .instructions import COMMON, Emit, absolute, instruction, intrinsic, sign, square

_LIBRARY = {
    "tan": "tan", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arcsinh": "asinh",
    "arccosh": "acosh", "arctanh": "atanh", "arctan2": "atan2", "hypot": "hypot", "power": "pow",
    "fmod": "fmod", "cbrt": "cbrt", "erf": "erf", "erfc": "erfc",
}  # fmt: skip
"""Ufunc -> function of the C library (with an f for floats of 32 bits)."""


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


def _reciprocal(builder: Any, kind: np.dtype[Any], x: Any) -> Any:
    return builder.fdiv(ir.Constant(x.type, 1.0), x)


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


FLOATS: dict[str, Emit] = {
    "add": instruction("fadd"),
    "subtract": instruction("fsub"),
    "multiply": instruction("fmul"),
    "divide": instruction("fdiv"),
    "negative": instruction("fneg"),
    "positive": lambda builder, kind, x: x,
    "conjugate": lambda builder, kind, x: x,
    "square": square,
    "reciprocal": _reciprocal,
    "absolute": absolute,
    "fabs": absolute,
    "sign": sign,
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
    **COMMON,
}
