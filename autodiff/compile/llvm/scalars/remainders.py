"""Remainders of integers of which something is known, without a division."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..bindings import ir
from .instructions import intrinsic, negative_test


def remainder_in(builder: Any, low: int, high: int, x: Any, n: Any) -> Any:
    """x % n of an integer that lies between, for which one correction is enough."""
    if low >= 0 and high < n.constant:
        return x
    if low >= -n.constant and high < n.constant:
        return builder.select(negative_test(builder, x), builder.add(x, n), x)
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
        negative_test(builder, rest), builder.add(rest, ir.Constant(wide, n)), rest
    )
    above = builder.icmp_signed(">=", rest, ir.Constant(wide, n))
    rest = builder.select(above, builder.sub(rest, ir.Constant(wide, n)), rest)
    return rest if kind.itemsize == 8 else builder.trunc(rest, ir.IntType(32))
