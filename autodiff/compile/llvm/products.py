"""Products of matrices as calls of BLAS, stacks of them as loops over calls."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from ..strides import contiguous
from . import blas
from .arrays import INT64, POINTER, memory_type, store_at
from .bindings import ir
from .loops import nest

Side = tuple[tuple[int, ...], tuple[int, ...]]
"""Shape and element strides of a factor, which begins where its argument points."""


def define_product(module: Any, name: str, left: Side, right: Side, dtype: np.dtype[Any]) -> Any:
    """Define `void name(left, right, result)`."""
    kind = ir.FunctionType(ir.VoidType(), [POINTER] * 3)
    function = ir.Function(module, kind, name)
    function.linkage = "internal"
    function.attributes.add("nounwind")
    builder = ir.IRBuilder(function.append_basic_block("entry"))
    _Product(builder, dtype, left, right).write(*function.args)
    builder.ret_void()
    return function


class _Product:
    """Writes the calls of one product."""

    def __init__(self, builder: Any, dtype: np.dtype[Any], left: Side, right: Side) -> None:
        self.builder = builder
        self.dtype = dtype
        self.left = left
        self.right = right

    def write(self, a: Any, b: Any, c: Any) -> None:
        """The product into `c`, which lies in C order."""
        builder, (shape_a, strides_a), (shape_b, strides_b) = self.builder, self.left, self.right
        stack = np.broadcast_shapes(shape_a[:-2], shape_b[:-2])
        m, n = shape_a[:-1][-1:], shape_b[-1:] if len(shape_b) > 1 else ()
        strides_c = contiguous((*stack, *m, *n), 1)
        with nest(builder, stack) as counters:
            self._one(
                self._moved(a, _stack_strides(shape_a, strides_a, stack), counters),
                self._moved(b, _stack_strides(shape_b, strides_b, stack), counters),
                self._moved(c, strides_c[: len(stack)], counters),
            )

    def _moved(self, pointer: Any, strides: Sequence[int], counters: Any) -> Any:
        number = ir.Constant(INT64, 0)
        for counter, stride in zip(counters, strides):
            number = self.builder.add(
                number, self.builder.mul(counter, ir.Constant(INT64, stride))
            )  # fmt: skip
        return self.builder.gep(pointer, [number], source_etype=memory_type(self.dtype))

    def _one(self, a: Any, b: Any, c: Any) -> None:
        shape_a, shape_b = self.left[0][-2:], self.right[0][-2:]
        builder, dtype = self.builder, self.dtype
        if len(shape_a) == len(shape_b) == 1:
            value = blas.dot(builder, dtype, shape_a[0], a, b)
            store_at(builder, c, dtype, ir.Constant(INT64, 0), value)
            return
        across_a, across_b = (
            _by_columns(shape[-2:], strides[-2:]) for shape, strides in (self.left, self.right)
        )
        if len(shape_b) == 1:
            stored = shape_a[::-1] if across_a else shape_a
            blas.gemv(builder, dtype, (stored[0], stored[1]), a, b, c, transpose=across_a)
        elif len(shape_a) == 1:
            stored = shape_b[::-1] if across_b else shape_b
            blas.gemv(builder, dtype, (stored[0], stored[1]), b, a, c, transpose=not across_b)
        else:
            (m, k), n = shape_a, shape_b[1]
            blas.gemm(builder, dtype, (m, k, n), a, b, c, transpose=(across_a, across_b))


def _stack_strides(
    shape: tuple[int, ...], strides: tuple[int, ...], stack: tuple[int, ...]
) -> list[int]:
    own, steps = shape[:-2], strides[:-2] if len(shape) > 2 else ()
    padded = [0] * (len(stack) - len(own)) + [s if n != 1 else 0 for n, s in zip(own, steps)]
    return padded if prod(stack) != 1 else [0] * len(stack)


def _by_columns(shape: tuple[int, ...], strides: tuple[int, ...]) -> bool:
    """Whether a matrix lies column by column."""
    if len(shape) < 2:
        return False
    (m, n), (by_row, by_column) = shape, strides
    by_rows = (n == 1 or by_column == 1) and (m == 1 or by_row == n)
    return not by_rows
