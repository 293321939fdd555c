"""What NumPy does in a loop of its own, written in maps and reductions: for generated loops.

The entries are those of the strict program to rounding: sums are taken in another order, and powers
of single numbers, which NumPy leaves to the C library, are products.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence

import numpy as onp

from .ir import SEARCHES, Builder, Number, Program, Value, rebuilt
from .operations import Constant
from .special_functions import FORMULAS, with_formula
from .strides import contiguous


def written_out(program: Program) -> Program:
    """The program without einsum, argmax, clip, calls for powers of single numbers, and special
    functions that have a formula."""
    if not any(value.op in _WRITTEN for value in program.values):
        return program
    return rebuilt(program, _rewritten)


_WRITTEN = frozenset({*SEARCHES, *FORMULAS, "einsum", "clip", "call"})


def _rewritten(builder: Builder, value: Value) -> Number:
    if value.op == "einsum":
        return _contracted(builder, value)
    if value.op in SEARCHES:
        return _found(builder, value)
    if value.op == "clip":
        return _clipped(builder, value)
    if value.kind == "map":
        number = with_formula(builder, value)
        if number is not None:
            return number
    if value.op == "call" and value.shape == ():
        power = _power(builder, value)
        if power is not None:
            return builder.add(power)
    return builder.add(value)


_QUICK_POWERS: dict[float, onp.ufunc] = {2.0: onp.square, 0.5: onp.sqrt, -1.0: onp.reciprocal}


def _power(builder: Builder, value: Value) -> Value | None:
    """A power of one number by a constant, which NumPy hands to the C library."""
    operation = value.function.operation
    if operation.function is not operator.pow or value.dtype.kind != "f" or operation.weak:
        return None
    base, exponent = operation.operands
    if isinstance(base, Constant) or not isinstance(exponent, Constant):
        return None
    if builder.values[value.operands[0]].dtype != value.dtype:
        return None
    fun, operands = _QUICK_POWERS.get(exponent.value), value.operands
    if fun is None:
        fun = onp.power
        operands = (*operands, builder.constant(onp.asarray(exponent.value, value.dtype)))
    return Value(fun.__name__, operands, (), (), value.dtype, (), fun)


def _contracted(builder: Builder, value: Value) -> Number:
    """An einsum as a product of all operands, summed over what the result does not name."""
    left, output = value.param("subscripts").split("->")
    names = left.split(",")
    letters = output + "".join(sorted(set(left) - set(output) - {","}))
    product, *others = [
        _aligned(builder, k, name, letters) for name, k in zip(names, value.operands)
    ]
    for other in others:
        shapes = (builder.values[product].shape, builder.values[other].shape)
        product = _map(builder, onp.multiply, (product, other), onp.broadcast_shapes(*shapes))
    if len(letters) == len(output):
        return product
    axes = tuple(range(len(output), len(letters)))
    params = (("axes", axes), ("keepdims", False))
    return builder.add(Value("sum", (product,), params, value.shape, value.dtype, value.strides))


def _found(builder: Builder, value: Value) -> Number:
    """argmax, argmin: the least place at which the extreme is, or NaN."""
    (number,) = value.operands
    source, axis = builder.values[number], value.param("axis")
    shape, length = source.shape, source.shape[axis]
    kept = (*shape[:axis], 1, *shape[axis + 1 :])
    params = (("axes", (axis,)), ("keepdims", True))
    strides = contiguous(kept, source.dtype.itemsize)
    extreme = builder.add(Value(value.op[3:], (number,), params, kept, source.dtype, strides))
    here = _map(builder, onp.equal, (number, extreme), shape, bool)
    if source.dtype.kind == "f":
        nan = _map(builder, onp.isnan, (number,), shape, bool)
        here = _map(builder, onp.logical_or, (here, nan), shape, bool)
    places = onp.arange(length).reshape(-1, *[1] * (len(shape) - 1 - axis))
    choices = (here, builder.constant(places), builder.constant(onp.intp(length)))
    strides = contiguous(shape, value.dtype.itemsize)
    candidates = builder.add(Value("select", choices, (), shape, value.dtype, strides))
    params = (("axes", (axis,)), ("keepdims", value.param("keepdims")))
    return builder.add(Value("min", (candidates,), params, *value[3:]))


def _clipped(builder: Builder, value: Value) -> Number:
    """clip: a number that equals a bound is left as it is, with its sign if it is zero."""
    number, low, high = value.operands
    bounds = [builder.values[k] for k in (low, high)]
    if any(x.op != "constant" or onp.isnan(x.param("data").array).any() for x in bounds):
        return builder.add(value)
    for fun, bound in ((onp.less, low), (onp.greater, high)):
        shape = value.shape
        beyond = _map(builder, fun, (number, bound), shape, bool)
        choices = (beyond, bound, number)
        number = builder.add(Value("select", choices, (), shape, value.dtype, value.strides))
    return number


def _map(
    builder: Builder,
    fun: onp.ufunc,
    operands: Sequence[Number],
    shape: tuple[int, ...],
    result: type | None = None,
) -> Number:
    dtype = builder.values[operands[0]].dtype if result is None else onp.dtype(result)
    strides = contiguous(shape, dtype.itemsize)
    return builder.add(Value(fun.__name__, tuple(operands), (), shape, dtype, strides, fun))


def _aligned(builder: Builder, number: Number, name: str, letters: str) -> Number:
    """An operand with its axes in the order of `letters`, those that it has not of length 1."""
    value = builder.values[number]
    axes = tuple(name.index(c) for c in letters if c in name)
    shape, strides = (tuple(of[a] for a in axes) for of in (value.shape, value.strides))
    if axes != tuple(range(len(axes))):
        params = (("axes", axes),)
        number = builder.add(Value("transpose", (number,), params, shape, value.dtype, strides))
    found = dict(zip((letters.index(c) for c in letters if c in name), zip(shape, strides)))
    pairs = [found.get(k, (1, 0)) for k in range(len(letters))]
    shape, strides = tuple(n for n, _ in pairs), tuple(s for _, s in pairs)
    if len(shape) == len(axes):
        return number
    return builder.add(Value("reshape", (number,), (), shape, value.dtype, strides))
