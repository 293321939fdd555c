"""Stacks of products as one product of larger matrices: for BLAS called from generated code.

A stack of matrices times one matrix is one product of all their rows. A sum over a stack of
products is one product whose inner axis runs through the stack. Sums are then taken in another
order than NumPy's, which multiplies matrix by matrix.
"""

from __future__ import annotations

from math import prod

from .ir import Builder, Number, Program, Value
from .strides import Shape, Strides, contiguous, reshaped


def with_merged_products(program: Program) -> Program:
    """The program with such products merged; `dead_code` removes what nothing reads any more."""
    if not any(value.op == "matmul" and len(value.shape) > 2 for value in program.values):
        return program
    readers = [0] * len(program.values)
    for value in program.values:
        for k in value.operands:
            readers[k] += 1
    for k in program.outputs:
        readers[k] += 1
    builder = Builder()
    numbers: list[Number] = []
    for value in program.values:
        operands = tuple([numbers[k] for k in value.operands])
        merged = None
        if value.op == "matmul":
            merged = _of_one_matrix(builder, value, operands)
        elif value.op == "sum" and readers[value.operands[0]] == 1:
            merged = _summed(builder, value, operands[0])
        if merged is None:
            merged = builder.add(Value(value.op, operands, *value[2:]))
        numbers.append(merged)
    return builder.program(numbers[k] for k in program.outputs)


def _of_one_matrix(builder: Builder, value: Value, operands: tuple[Number, ...]) -> Number | None:
    """Rows of a stack of matrices times one matrix."""
    stack, matrix = (builder.values[k] for k in operands)
    if len(stack.shape) < 3 or len(matrix.shape) != 2 or 0 in (*value.shape, *matrix.shape):
        return None
    rows = _view(builder, operands[0], stack.shape, stack.strides)
    if rows is None:
        return None
    made = _product(builder, value, rows, operands[1])
    return _reshaped(builder, made, value.shape)


def _summed(builder: Builder, value: Value, number: Number) -> Number | None:
    """A stack of products, summed over all its axes."""
    product = builder.values[number]
    if product.op != "matmul" or value.param("keepdims"):
        return None
    stack = len(product.shape) - 2
    one, other = (builder.values[k] for k in product.operands)
    if stack < 1 or value.param("axes") != tuple(range(stack)) or 0 in (*one.shape, *other.shape):
        return None
    if not one.shape[:stack] == other.shape[:stack] == product.shape[:stack]:
        return None
    swapped = (*range(stack), stack + 1, stack)
    shape, strides = (tuple(of[a] for a in swapped) for of in (one.shape, one.strides))
    if _merged(shape, strides) is None:
        return None
    right = _view(builder, product.operands[1], other.shape, other.strides)
    if right is None:
        return None
    turned = _transposed(builder, product.operands[0], swapped)
    left = _view(builder, turned, shape, strides)
    assert left is not None
    return _product(builder, value, _transposed(builder, left, (1, 0)), right)


def _merged(shape: Shape, strides: Strides) -> Strides | None:
    return reshaped(shape, strides, (prod(shape) // shape[-1], shape[-1]))


def _view(builder: Builder, number: Number, shape: Shape, strides: Strides) -> Number | None:
    """A stack of matrices as one, all rows below each other; None where they would be copied."""
    found = _merged(shape, strides)
    if found is None:
        return None
    dtype, columns = builder.values[number].dtype, shape[-1]
    rows = (prod(shape) // columns, columns)
    return builder.add(Value("reshape", (number,), (), rows, dtype, found))


def _transposed(builder: Builder, number: Number, axes: tuple[int, ...]) -> Number:
    value = builder.values[number]
    shape, strides = (tuple(of[a] for a in axes) for of in (value.shape, value.strides))
    return builder.add(
        Value("transpose", (number,), (("axes", axes),), shape, value.dtype, strides)
    )


def _product(builder: Builder, like: Value, left: Number, right: Number) -> Number:
    one, other = builder.values[left], builder.values[right]
    shape = (one.shape[0], other.shape[1])
    params = (("shared", False),)
    strides = contiguous(shape, like.dtype.itemsize)
    return builder.add(Value("matmul", (left, right), params, shape, like.dtype, strides))


def _reshaped(builder: Builder, number: Number, shape: tuple[int, ...]) -> Number:
    value = builder.values[number]
    strides = contiguous(shape, value.dtype.itemsize)
    return builder.add(Value("reshape", (number,), (), shape, value.dtype, strides))
