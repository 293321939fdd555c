"""Lowering of einsum's contractions to products of matrices, as `contract` itself computes them."""

from __future__ import annotations

from math import prod
from typing import Any

from ..numpy import subscripts as einsum
from .emitting import Emitter, Lowering, NotLoweredError, Ref
from .ir import Number
from .lower_shapes import array
from .lower_sums import product


def contract(emitter: Emitter, subscripts: Any, *operands: Any) -> Number:
    """A contraction of two operands that is done by one matmul."""
    if not isinstance(subscripts, str) or len(operands) != 2:
        raise NotLoweredError
    numbers = [array(x) for x in operands]
    shapes = tuple(emitter.value(k).shape for k in numbers)
    names, output = einsum._parts(subscripts)
    plan = einsum._plan(names[0], names[1], output)
    small = einsum._takes_no_time(subscripts, shapes)  # done otherwise, and rounded otherwise
    if small or not plan.by_matmul or plan.left.alone or plan.right.alone:
        raise NotLoweredError
    sides = [
        _as_matrices(emitter, number, side)
        for number, side in zip(numbers, (plan.left, plan.right))
    ]
    (a, shape_a), (b, shape_b) = sides
    one, two = (Ref(k, False, x.memory) for k, x in zip((a, b), operands))
    shape = shape_a[: plan.left.split] + shape_b[plan.right.split :]
    result = product("matmul")(emitter, one, two, _matmul_shape(emitter, a, b))
    result = emitter.reshape(result, shape)
    return result if plan.order is None else emitter.transpose(result, plan.order)


def _matmul_shape(emitter: Emitter, a: Number, b: Number) -> tuple[int, ...]:
    return (*emitter.value(a).shape[:-1], emitter.value(b).shape[-1])


def _as_matrices(emitter: Emitter, number: Number, side: Any) -> tuple[Number, tuple[int, ...]]:
    """An operand as a stack of matrices, and its shape before rows became one axis."""
    if side.order is not None:
        number = emitter.transpose(number, side.order)
    shape = emitter.value(number).shape
    stack = (prod(shape[: side.batch]),) if side.batch else ()
    flat = (*stack, prod(shape[side.batch : side.split]), prod(shape[side.split :]))
    return emitter.reshape(number, flat), shape


LOWERINGS: dict[Any, Lowering] = {
    einsum.contract.fun: contract,  # type: ignore[attr-defined]
}
