"""Ufuncs of integers and truth values. Nothing traps; integers wrap."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..bindings import ir
from .instructions import COMMON, Emit, absolute, instruction, negative_test, sign, square


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
        minus = builder.select(negative_test(builder, x), ir.Constant(x.type, -1), zero)
        return builder.select(inside, builder.ashr(x, by), minus)

    return emit


INTEGERS: dict[str, Emit] = {
    "add": instruction("add"),
    "subtract": instruction("sub"),
    "multiply": instruction("mul"),
    "negative": instruction("neg"),
    "positive": lambda builder, kind, x: x,
    "conjugate": lambda builder, kind, x: x,
    "square": square,
    "absolute": absolute,
    "sign": sign,
    "floor": lambda builder, kind, x: x,
    "ceil": lambda builder, kind, x: x,
    "trunc": lambda builder, kind, x: x,
    "remainder": lambda builder, kind, x, y: _divided(builder, kind, x, y)[1],
    "floor_divide": lambda builder, kind, x, y: _divided(builder, kind, x, y)[0],
    "bitwise_and": instruction("and_"),
    "bitwise_or": instruction("or_"),
    "bitwise_xor": instruction("xor"),
    "invert": instruction("not_"),
    "left_shift": _shift("left_shift"),
    "right_shift": _shift("right_shift"),
    **COMMON,
}

BOOLS: dict[str, Emit] = {
    "add": instruction("or_"),
    "multiply": instruction("and_"),
    "bitwise_and": instruction("and_"),
    "bitwise_or": instruction("or_"),
    "bitwise_xor": instruction("xor"),
    "invert": instruction("not_"),
    "absolute": lambda builder, kind, x: x,
    "positive": lambda builder, kind, x: x,
    **COMMON,
}
