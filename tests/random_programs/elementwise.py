"""Operations entry by entry: floats, integers with divisors of zero, choices."""

from __future__ import annotations

from typing import Any

import numpy as onp

import autodiff.numpy as np

from .draws import Source, any_of, fits, floating, small, whole_numbers

UNARY = (
    "tanh", "exp", "sin", "cos", "negative", "absolute", "floor", "ceil", "trunc", "rint", "square",
    "sign", "sqrt", "log1p", "arctan", "isnan", "expm1", "cosh", "reciprocal", "cbrt",
)  # fmt: skip
BINARY = (
    "add", "subtract", "multiply", "maximum", "minimum", "less", "equal", "true_divide", "fmax",
    "arctan2", "hypot", "logaddexp", "greater_equal", "not_equal", "logical_and", "logical_xor",
)  # fmt: skip
QUOTIENTS = ("floor_divide", "remainder", "fmod")
BITS = ("bitwise_and", "bitwise_or", "bitwise_xor", "left_shift", "right_shift")


def unary(draw: Source, pool: list[Any]) -> Any:
    x, name = floating(draw, pool), draw.choice(UNARY)
    if name in ("sqrt", "log1p", "exp", "cosh", "expm1"):
        x = np.abs(small(x))
    elif name == "reciprocal":
        x = x * x + 0.5
    return getattr(np, name)(x)


def binary(draw: Source, pool: list[Any]) -> Any:
    x, y, name = any_of(draw, pool), draw.choice(pool), draw.choice(BINARY)
    if draw.chance(0.3):
        y = draw.choice((2, 1.0, 0.0, -1.0, -0.0, draw.number, x))
    if not fits(x, y):
        return None
    if x.dtype == bool and name in ("subtract", "true_divide"):
        return None
    if name == "subtract" and onp.dtype(np.result_type(y)).kind == "b":
        return None
    if name == "true_divide":
        y = y * y + 1.5
    if name in ("arctan2", "hypot", "logaddexp"):
        x = x.astype("float64") if x.dtype.kind != "f" else x
    return _overflowing(x, lambda: getattr(np, name)(x, y))


def _overflowing(x: Any, fun: Any) -> Any:
    """The result; None where a number of Python is out of the range of x's dtype."""
    try:
        return fun()
    except OverflowError:
        return None


def operators(draw: Source, pool: list[Any]) -> Any:
    x = small(floating(draw, pool))
    return draw.choice(
        (
            lambda: x**2,
            lambda: x**3,
            lambda: (x * x + 0.1) ** draw.choice((0.5, -1.5, 2.5)),
            lambda: -x * -x,
            lambda: 2 * x + 0.0,
            lambda: x - (-x),
            lambda: (x + 1) * 1.0,
            lambda: 1 / (x * x + 1),
            lambda: x.astype("float32"),
            lambda: x.astype("float64"),
            lambda: (5 * x).astype("int32"),
            lambda: x.astype("bool"),
        )
    )()


def choice(draw: Source, pool: list[Any]) -> Any:
    """Entries of one array or another."""
    x, y, z = (any_of(draw, pool) for _ in range(3))
    if not fits(x, y, z):
        return None
    return draw.choice(
        (
            lambda: np.where(x > 0, y, z),
            lambda: np.where(x, y, 0.5),
            lambda: np.where(x == y, 1, z),
            lambda: np.where(z, x, x),
            lambda: np.clip(y.astype("float64"), -0.5, 0.5),
            lambda: np.select([x > 0.5, y > 0], [y, z], 2),
        )
    )()


def quotients(draw: Source, pool: list[Any]) -> Any:
    """Quotients rounded down and remainders, of floats and integers, by zero too."""
    pick = draw.choice((floating, whole_numbers))
    x, y = pick(draw, pool), pick(draw, pool)
    if draw.chance(0.3):
        y = draw.choice((3, 2, 5, -4))
    if not fits(x, y):
        return None
    return _overflowing(x, lambda: getattr(np, draw.choice(QUOTIENTS))(x, y))


def integers(draw: Source, pool: list[Any]) -> Any:
    x, y, name = whole_numbers(draw, pool), whole_numbers(draw, pool), draw.choice(BITS)
    options = [
        lambda: x * x - 3 if x.dtype.kind == "i" else x * x,
        lambda: np.abs(x),
        lambda: np.invert(x),
        lambda: x.astype(draw.choice(("int8", "uint8", "int64", "uint64", "float32"))),
        lambda: np.square(x) % 7,
    ]
    if fits(x, y) and onp.result_type(x.dtype, y.dtype).kind in "iu":
        return draw.choice((*options, lambda: getattr(np, name)(x, y)))()
    return draw.choice(options)()
