"""Lowering of einsum, tensordot and their kin to products of matrices, as each computes them."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as onp

from ..numpy import contraction
from ..numpy import subscripts as einsum
from .emitting import Emitter, Lowering, NotLoweredError, Ref
from .ir import Number, is_contiguous
from .lower_shapes import array, whole
from .lower_sums import product
from .strides import keeping_order, same_layout

Term = tuple[str, Ref]
"""The subscripts of an operand, and the operand."""


def contract(emitter: Emitter, subscripts: Any, *operands: Any) -> Number:
    """A contraction, pair by pair, each by one matmul or by einsum's own loop."""
    if not isinstance(subscripts, str):
        raise NotLoweredError
    numbers = [array(x) for x in operands]
    names, output = einsum._parts(subscripts)
    if any(emitter.value(k).dtype != emitter.operation.dtype for k in numbers):
        raise NotLoweredError
    shapes = tuple(emitter.value(k).shape for k in numbers)
    if einsum._takes_no_time(subscripts, shapes):
        return _loop(emitter, subscripts, numbers)
    terms = list(zip(names, operands))
    if len(terms) < 3:
        return _pair(emitter, output, *terms)
    for positions in einsum._path(subscripts, shapes):
        taken = [terms.pop(k) for k in sorted(positions, reverse=True)]
        needed = set(output).union(*(term for term, _ in terms)) if terms else set(output)
        seen = dict.fromkeys("".join(term for term, _ in taken))
        kept = "".join(c for c in seen if c in needed) if terms else output
        number = _pair(emitter, kept, *taken, last=not terms)
        terms.append((kept, Ref(number, False, frozenset().union(*(x.memory for _, x in taken)))))
    return terms[0][1].number


def _loop(emitter: Emitter, subscripts: str, numbers: list[Number]) -> Number:
    """einsum itself. Its result is laid out as was recorded, for no rule is known."""
    wanted, (first, *more) = emitter.operation, numbers
    name, output = subscripts.split("->")
    if not more and sorted(name) == sorted(output):
        return emitter.transpose(first, [name.index(c) for c in output])
    shape, strides = wanted.shape or (), wanted.strides or ()
    dense = keeping_order(shape, strides, wanted.dtype.itemsize) if shape else ()
    if shape and not same_layout(shape, strides, dense):
        raise NotLoweredError
    if any(step < 0 for k in numbers for step in emitter.value(k).strides):
        raise NotLoweredError  # einsum runs backwards too, but not into an array that is given
    params = (("subscripts", subscripts),)
    return emitter.add("einsum", numbers, shape, wanted.dtype, dense, params)


def _pair(emitter: Emitter, output: str, *terms: Term, last: bool = True) -> Number:
    if len(terms) == 2:
        (one, a), (two, b) = terms
        plan = einsum._plan(one, two, output)
        if plan.by_matmul:
            return _by_matmul(emitter, plan, a, b)
    if not last:
        raise NotLoweredError
    names = ",".join(name for name, _ in terms)
    return _loop(emitter, f"{names}->{output}", [x.number for _, x in terms])


def _by_matmul(emitter: Emitter, plan: Any, *operands: Ref) -> Number:
    sides = [
        _as_matrices(emitter, x.number, side) for x, side in zip(operands, (plan.left, plan.right))
    ]
    (a, shape_a), (b, shape_b) = sides
    one, two = (Ref(k, False, x.memory) for k, x in zip((a, b), operands))
    result = product("matmul")(emitter, one, two, _matmul_shape(emitter, a, b))
    result = emitter.reshape(result, shape_a[: plan.left.split] + shape_b[plan.right.split :])
    return result if plan.order is None else emitter.transpose(result, plan.order)


def _matmul_shape(emitter: Emitter, a: Number, b: Number) -> tuple[int, ...]:
    return (*emitter.value(a).shape[:-1], emitter.value(b).shape[-1])


def _as_matrices(emitter: Emitter, number: Number, side: Any) -> tuple[Number, tuple[int, ...]]:
    """An operand as a stack of matrices, and its shape before rows became one axis."""
    if side.alone:
        if not is_contiguous(emitter.value(number)):  # the sum lies in an order of its own
            raise NotLoweredError
        number = emitter.reduce("sum", number, side.alone, False)
    if side.order is not None:
        number = emitter.transpose(number, side.order)
    shape = emitter.value(number).shape
    stack = (prod(shape[: side.batch]),) if side.batch else ()
    flat = (*stack, prod(shape[side.batch : side.split]), prod(shape[side.split :]))
    return emitter.reshape(number, flat), shape


def _transposed(emitter: Emitter, x: Ref) -> Ref:
    rank = len(emitter.value(x.number).shape)
    return Ref(emitter.transpose(x.number, range(rank)[::-1]), False, x.memory)


def _given(emitter: Emitter, x: Any) -> Ref:
    """An operand as a value; one without axes is refused, for BLAS has its own ways with it."""
    if not isinstance(x, Ref) or not emitter.value(array(x)).shape:
        raise NotLoweredError
    return x


def product_nt(emitter: Emitter, a: Any, b: Any) -> Number:
    """a b^T."""
    a, b = _given(emitter, a), _given(emitter, b)
    return product("matmul")(emitter, a, _transposed(emitter, b))


def product_tn(emitter: Emitter, a: Any, b: Any) -> Number:
    """a^T b, in whichever of its two ways the primitive chooses by the shapes."""
    a, b = _given(emitter, a), _given(emitter, b)
    (rows, m), n = emitter.value(a.number).shape, emitter.value(b.number).shape[1]
    if rows * m >= contraction._LARGE and m >= 4 * n:
        made = product("matmul")(emitter, _transposed(emitter, b), a, (n, m))
        return emitter.transpose(made, (1, 0))
    return product("matmul")(emitter, _transposed(emitter, a), b)


def inner(emitter: Emitter, a: Any, b: Any) -> Number:
    """numpy.inner of vectors and matrices: dot with the second one transposed."""
    return product("dot")(emitter, _given(emitter, a), _transposed(emitter, _given(emitter, b)))


def outer(emitter: Emitter, a: Any, b: Any) -> Number:
    """numpy.outer: all products, of whatever shapes."""
    wanted = emitter.operation
    if wanted.shape is None or len(wanted.shape) != 2:
        raise NotLoweredError
    column, row = (
        emitter.reshape(emitter.cast(array(x), wanted.dtype), shape)
        for x, shape in zip((a, b), ((wanted.shape[0], 1), (1, wanted.shape[1])))
    )
    return emitter.map(onp.multiply, [column, row], wanted.dtype)


def tensordot(emitter: Emitter, a: Any, b: Any, axes: Any = 2) -> Number:
    """numpy.tensordot: dot of both operands as matrices."""
    a, b = _given(emitter, a), _given(emitter, b)
    shape_a, shape_b = (emitter.value(x.number).shape for x in (a, b))
    rank_a, rank_b = len(shape_a), len(shape_b)
    if isinstance(axes, (tuple, list)):
        in_a, in_b = (
            [whole(k) for k in (x if isinstance(x, (tuple, list)) else (x,))] for x in axes
        )
    else:
        in_a, in_b = list(range(-whole(axes), 0)), list(range(whole(axes)))
    in_a, in_b = [k % rank_a for k in in_a], [k % rank_b for k in in_b]
    free_a = [k for k in range(rank_a) if k not in in_a]
    free_b = [k for k in range(rank_b) if k not in in_b]
    summed = prod(shape_a[k] for k in in_a)
    kept_a, kept_b = [shape_a[k] for k in free_a], [shape_b[k] for k in free_b]
    left = emitter.transpose(a.number, [*free_a, *in_a])
    right = emitter.transpose(b.number, [*in_b, *free_b])
    left = emitter.reshape(left, (prod(kept_a), summed))
    right = emitter.reshape(right, (summed, prod(kept_b)))
    matrices = Ref(left, False, a.memory), Ref(right, False, b.memory)
    made = product("dot")(emitter, *matrices, (prod(kept_a), prod(kept_b)))
    return emitter.reshape(made, (*kept_a, *kept_b))


LOWERINGS: dict[Any, Lowering] = {
    einsum.contract.fun: contract,  # type: ignore[attr-defined]
    contraction.product_nt.fun: product_nt,  # type: ignore[attr-defined]
    contraction.product_tn.fun: product_tn,  # type: ignore[attr-defined]
    onp.inner: inner,
    onp.outer: outer,
    onp.tensordot: tensordot,
}
