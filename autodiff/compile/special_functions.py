"""SciPy's special functions that a few of NumPy's give, to rounding: for generated loops.

Each formula is a NumPy function of arrays, which is recorded once for single numbers of a dtype and
then written with the operands' shapes. Infinities, NaN and the signs of zeros are as SciPy has
them, and what cancels is written as SciPy writes it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as onp

from .ir import Builder, Number, Program, Value
from .recording import record
from .strides import contiguous, keeping_order


def log_expit(x: Any) -> Any:
    """log(1 / (1 + exp(-x))), with an exponential that can't overflow."""
    return onp.where(x < 0, x, -0.0) - onp.log1p(onp.exp(-abs(x)))


def logit(x: Any) -> Any:
    """log(x / (1 - x)), near 1/2 by the distance from there, of which it keeps all digits."""
    s = 2 * (x - 0.5)
    near = (x >= 0.3) & (x <= 0.65)
    return onp.where(near, onp.log1p(s) - onp.log1p(-s), onp.log(x / (1 - x)))


def xlogy(x: Any, y: Any) -> Any:
    """x log(y), and 0 where x is 0."""
    return onp.where((x == 0) & ~onp.isnan(y), 0.0, x * onp.log(y))


def xlog1py(x: Any, y: Any) -> Any:
    """x log(1 + y), and 0 where x is 0."""
    return onp.where((x == 0) & ~onp.isnan(y), 0.0, x * onp.log1p(y))


def entr(x: Any) -> Any:
    """-x log(x), which is 0 at 0 and minus infinity below."""
    inside = onp.where(x == 0, 0.0, -x * onp.log(x))
    return onp.where(x < 0, -onp.inf, inside)


def rel_entr(x: Any, y: Any) -> Any:
    """x log(x / y), where the quotient is too large or too small by two logarithms."""
    ratio = x / y
    near, far = (ratio > 0.5) & (ratio < 2), (ratio < _tiny(x)) | (ratio == onp.inf)
    log = onp.where(far, onp.log(x) - onp.log(y), onp.log(ratio))
    log = onp.where(near, onp.log1p((x - y) / y), log)
    return _of_positive(x, y, 0.0, x * log)


def kl_div(x: Any, y: Any) -> Any:
    """x log(x / y) - x + y, which cancels: in float64, as SciPy does float32 too."""
    kind, x, y = x.dtype, x.astype(float), y.astype(float)
    return _of_positive(x, y, y, x * onp.log(x / y) - x + y).astype(kind)


def huber(delta: Any, r: Any) -> Any:
    """r**2 / 2 up to |r| = delta, and a tangent from there on."""
    size = abs(r)
    near = onp.where(size <= delta, 0.5 * r * r, delta * (size - 0.5 * delta))
    return onp.where(delta < 0, onp.inf, near)


def exp10(x: Any) -> Any:
    """10**x."""
    return onp.power(10.0, x)


def _of_positive(x: Any, y: Any, at_zero: Any, value: Any) -> Any:
    """A value where x and y are positive or NaN, `at_zero` where x is 0 and y not negative; else
    infinity."""
    nan = onp.isnan(x) | onp.isnan(y)
    inside = onp.where(((x > 0) & (y > 0)) | nan, value, onp.inf)
    return onp.where((x == 0) & (y >= 0), at_zero, onp.where(nan, onp.nan, inside))


def _tiny(x: Any) -> float:
    return float(onp.finfo(x.dtype).tiny)


FORMULAS: dict[str, Callable[..., Any]] = {
    fun.__name__: fun
    for fun in (log_expit, logit, xlogy, xlog1py, entr, rel_entr, kl_div, huber, exp10)
}
"""SciPy's name -> formula."""


def with_formula(builder: Builder, value: Value) -> Number | None:
    """The number of a map's result, by its formula; None where there is none."""
    special = sys.modules.get("scipy.special")  # where else would such a ufunc come from
    if value.op not in FORMULAS or value.function is not getattr(special, value.op, None):
        return None
    kinds = {builder.values[k].dtype for k in value.operands} | {value.dtype}
    if not kinds <= {onp.dtype("float32")} and not kinds <= {onp.dtype("float64")}:
        return None
    formula = _recorded(value.op, len(value.operands), value.dtype)
    numbers: list[Number] = []
    for each in formula.values:
        if each.op == "input":
            numbers.append(value.operands[each.param("index")])
        elif each.op == "constant":
            numbers.append(builder.add(each))
        else:
            numbers.append(builder.add(_stretched(builder, each, numbers, value)))
    return numbers[formula.outputs[0]]


def _stretched(builder: Builder, each: Value, numbers: list[Number], like: Value) -> Value:
    """An operation on single numbers as one on the operands that stand for them."""
    operands = tuple([numbers[k] for k in each.operands])
    shape = onp.broadcast_shapes(*(builder.values[k].shape for k in operands))
    itemsize = int(each.dtype.itemsize)
    strides = contiguous(shape, itemsize)
    if shape == like.shape:
        strides = keeping_order(shape, like.strides, itemsize)
    return Value(each.op, operands, each.params, shape, each.dtype, strides, each.function)


@cache
def _recorded(name: str, count: int, dtype: Any) -> Program:
    """The program of a formula for numbers of a dtype."""
    from .lowering import lower  # `passes` imports this module
    from .passes import optimized

    with onp.errstate(all="ignore"):
        return optimized(lower(record(FORMULAS[name], *[dtype.type(0.75)] * count)))
