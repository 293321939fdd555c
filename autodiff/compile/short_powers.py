"""Powers with a small constant exponent, a multiple of 1/2, by products: for generated loops.

Within three units in the last place of the power; infinities, zeros with their signs and NaN as
NumPy has them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as onp

from .ir import Builder, Number, Program, Value, rebuilt
from .known_entries import number_of

_SMALLEST, _LARGEST = -3, 4


def with_short_powers(program: Program) -> Program:
    """The program with such powers written as products."""
    if not any(value.op == "power" for value in program.values):
        return program
    return rebuilt(program, _rewritten)


def _rewritten(builder: Builder, value: Value) -> Number:
    if value.op != "power" or value.dtype.kind != "f":
        return builder.add(value)
    exponent = number_of(builder.values[value.operands[1]])
    if exponent is None or exponent == 0 or (2 * exponent) % 1:
        return builder.add(value)
    if not _SMALLEST <= exponent <= _LARGEST:
        return builder.add(value)
    words = _Words(builder, value)
    whole, half = divmod(abs(float(exponent)), 1.0)
    if builder.values[value.operands[0]].shape != value.shape:
        return builder.add(value)
    if not half:
        return words.whole_power(value.operands[0], int(whole), bool(exponent < 0))
    if exponent == 0.5:  # which NumPy takes as the root: -0.0 keeps its sign
        return words.map(onp.sqrt, value.operands[:1])
    return words.half_power(value.operands[0], int(whole), bool(exponent < 0))


class _Words:
    """Adds maps of the shape and dtype of a value."""

    def __init__(self, builder: Builder, like: Value) -> None:
        self._builder = builder
        self._like = like

    def map(self, fun: onp.ufunc, operands: Sequence[Number], dtype: type | None = None) -> Number:
        like = self._like
        found = like.dtype if dtype is None else onp.dtype(dtype)
        strides = tuple(s // like.dtype.itemsize * found.itemsize for s in like.strides)
        return self._builder.add(
            Value(fun.__name__, tuple(operands), (), like.shape, found, strides, fun)
        )

    def number(self, x: float) -> Number:
        return self._builder.constant(self._like.dtype.type(x))

    def whole_power(self, x: Number, whole: int, inverse: bool) -> Number:
        """x**whole, or its inverse: of 1/x, for the power may be too large where that is not."""
        if inverse:
            x = self.map(onp.divide, (self.number(1.0), x))
        if whole == 1:
            return x
        square = self.map(onp.square, (x,))
        if whole == 2:
            return square
        return (
            self.map(onp.multiply, (square, x)) if whole == 3 else self.map(onp.square, (square,))
        )

    def half_power(self, x: Number, whole: int, inverse: bool) -> Number:
        """x**(whole + 1/2), or its inverse. Of -0.0 as of 0.0; of minus infinity inf, or 0."""
        positive = self.map(onp.add, (x, self.number(0.0)))
        root = self.map(onp.sqrt, (positive,))
        power = self.whole_power(positive, whole, inverse) if whole else self.number(1.0)
        result = self.map(onp.divide if inverse else onp.multiply, (power, root))
        below = self.map(onp.equal, (x, self.number(-onp.inf)), bool)
        limit = self.number(0.0 if inverse else onp.inf)
        like = self._like
        chosen = (below, limit, result)
        return self._builder.add(Value("select", chosen, (), like.shape, like.dtype, like.strides))
