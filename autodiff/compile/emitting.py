"""The words in which lowerings write IR: each method adds one operation and gives its number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as onp

from .ir import Builder, Number, Params, Value
from .operations import Operation
from .shapes import broadcast_shape
from .strides import contiguous, keeping_order, reshaped, same_layout


class NotLoweredError(Exception):
    """A form of a primitive that the IR has no operations for: it becomes a call."""


@dataclass(slots=True)
class Ref:
    """An operand that is a value of the program. Not frozen, for they are made in large numbers.

    Attributes:
        weak: whether it is a number of Python, which does not promote an array.
        memory: numbers of the recorded values in whose memory it lay.
    """

    number: Number
    weak: bool = False
    memory: frozenset[int] = frozenset()


class Emitter:
    """Adds operations to a program, for one recorded operation after the other.

    Attributes:
        builder: what is added to.
        operation: the recorded operation that is being lowered.
    """

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.operation: Operation = None  # type: ignore[assignment]
        self._roots: list[Number] = []

    def value(self, number: Number) -> Value:
        """The value of a number."""
        return self.builder.values[number]

    def add(
        self,
        op: str,
        operands: Sequence[Number],
        shape: Sequence[int],
        dtype: Any,
        strides: Any = None,
        params: Params = (),
        function: Any = None,
    ) -> Number:
        """Any operation. Without `strides` the result lies as the recorded one, or in C order."""
        shape, dtype = tuple(shape), onp.dtype(dtype)
        if strides is None:
            wanted = self.operation
            if wanted.strides is not None and shape == wanted.shape and dtype == wanted.dtype:
                strides = wanted.strides
            else:
                strides = contiguous(shape, dtype.itemsize)
        return self.builder.add(Value(op, tuple(operands), params, shape, dtype, strides, function))

    # -- entry by entry ----------------------------------------------------------------------------

    def map(self, ufunc: Any, operands: Sequence[Number], dtype: Any) -> Number:
        """A ufunc of operands that have the dtypes of one of its loops."""
        values = self.builder.values
        shape = broadcast_shape(*[values[k].shape for k in operands])
        return self.add(ufunc.__name__, operands, shape, dtype, function=ufunc)

    def cast(self, number: Number, dtype: Any) -> Number:
        """The entries in another dtype."""
        value, dtype = self.value(number), onp.dtype(dtype)
        if value.dtype == dtype:
            return number
        if dtype.kind not in "biuf" or value.dtype.kind == "c":
            raise NotLoweredError
        strides = keeping_order(value.shape, value.strides, dtype.itemsize)
        return self.add("cast", [number], value.shape, dtype, strides)

    def copy(self, number: Number, strides: Any = None) -> Number:
        """The same entries elsewhere, in C order or with these strides."""
        value = self.value(number)
        if strides is None:
            strides = contiguous(value.shape, value.dtype.itemsize)
        return self.add("copy", [number], value.shape, value.dtype, strides)

    def select(self, condition: Number, x: Number, y: Number) -> Number:
        """x where the condition holds, else y: both of one dtype."""
        shapes = [self.value(k).shape for k in (condition, x, y)]
        shape, dtype = broadcast_shape(*shapes), self.value(x).dtype
        return self.add("select", [condition, x, y], shape, dtype)

    # -- other names for the same entries ----------------------------------------------------------

    def reshape(self, number: Number, shape: Sequence[int]) -> Number:
        """The entries in C order of their axes, in another shape; copied where they must be."""
        value, shape = self.value(number), tuple(shape)
        if shape == value.shape:
            return number
        if 0 in shape:
            strides: Any = contiguous(shape, value.dtype.itemsize)
        else:
            strides = reshaped(value.shape, value.strides, shape)
        if strides is None:
            number = self.copy(number)
            strides = contiguous(shape, value.dtype.itemsize)
        return self.add("reshape", [number], shape, value.dtype, strides)

    def transpose(self, number: Number, axes: Sequence[int]) -> Number:
        """The axes in another order."""
        value, axes = self.value(number), tuple(int(a) % len(axes) for a in axes)
        if axes == tuple(range(len(axes))):
            return number
        shape, strides = ([of[a] for a in axes] for of in (value.shape, value.strides))
        params = (("axes", axes),)
        return self.add("transpose", [number], shape, value.dtype, tuple(strides), params)

    def slice(self, number: Number, parts: Sequence[tuple[int, int, int]]) -> Number:
        """Every axis from a start, by a step, a number of times."""
        value = self.value(number)
        if all(part == (0, 1, n) for part, n in zip(parts, value.shape)):
            return number
        strides = tuple(s * step for s, (_, step, _) in zip(value.strides, parts))
        shape = [count for _, _, count in parts]
        params = (("parts", tuple(parts)),)
        return self.add("slice", [number], shape, value.dtype, strides, params)

    def broadcast(self, number: Number, shape: Sequence[int]) -> Number:
        """The entries stretched to a larger shape."""
        value, shape = self.value(number), tuple(shape)
        if shape == value.shape:
            return number
        extra = len(shape) - len(value.shape)
        if extra < 0 or broadcast_shape(value.shape, shape) != shape:
            raise NotLoweredError
        pairs = zip(value.shape, value.strides, shape[extra:])
        strides = (0,) * extra + tuple(s if n == wanted else 0 for n, s, wanted in pairs)
        return self.add("broadcast", [number], shape, value.dtype, strides)

    # -- along axes --------------------------------------------------------------------------------

    def reduce(self, op: str, number: Number, axes: Sequence[int], keepdims: bool) -> Number:
        """A sum or another reduction along these axes, which are sorted and not negative."""
        value = self.value(number)
        shape = [1 if a in axes else n for a, n in enumerate(value.shape)]
        if not keepdims:
            shape = [n for a, n in enumerate(shape) if a not in axes]
        params = (("axes", tuple(axes)), ("keepdims", bool(keepdims)))
        dtype = bool if op in ("any", "all") else value.dtype
        return self.add(op, [number], shape, dtype, params=params)

    def root(self, number: Number) -> Number:
        """The value in whose memory a value lies."""
        values, roots = self.builder.values, self._roots
        for k in range(len(roots), number + 1):
            value = values[k]
            roots.append(roots[value.operands[0]] if value.kind == "view" else k)
        return roots[number]

    # -- the end -----------------------------------------------------------------------------------

    def finished(self, number: Number) -> Number:
        """The result of a lowering, lying in memory as the recorded result does.

        Raises:
            NotLoweredError: it is not of the recorded type.
        """
        value, wanted = self.builder.values[number], self.operation
        if value.shape != wanted.shape or value.dtype != wanted.dtype:
            raise NotLoweredError
        shape, strides = value.shape, wanted.strides or ()
        if not shape or same_layout(shape, value.strides, strides):
            is_fresh = not shape or wanted.shares or self.value(self.root(number)).op != "input"
            return number if is_fresh else self.copy(number, strides)
        dense = keeping_order(shape, strides, value.dtype.itemsize)
        if not same_layout(shape, strides, dense):  # a view of another kind
            raise NotLoweredError
        return self.copy(number, dense)


Lowering = Callable[..., Number]
"""(emitter, *arguments, **keywords) -> number of the result. Arguments are those of the primitive:
`Ref` for values, everything else as it is. Raises NotLoweredError, or TypeError for arguments that
it does not know."""
