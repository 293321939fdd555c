"""Runs the steps of a loop program one scalar after the other, in Python: what the loops mean.

Memory is laid out as the program says, with a workspace of bytes in which values that overlap would
overwrite each other. Reading an element that nobody gave or wrote is an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as onp
import scipy.special

from autodiff.compile.ir import REDUCTIONS, Number
from autodiff.compile.loops.loop_program import LoopProgram
from autodiff.compile.loops.memory_views import Place
from autodiff.compile.loops.nest import Linear, Nest, Piece, Scalar
from autodiff.compile.loops.steps import NestStep, ProductStep


class Given:
    """An array from outside, by element numbers counted from its first element."""

    def __init__(self, array: Any) -> None:
        array = onp.asarray(array)
        strides = [s // array.itemsize for s in array.strides]
        self._entries = {
            sum(i * s for i, s in zip(at, strides)): array[at] for at in onp.ndindex(array.shape)
        }

    def __getitem__(self, element: int) -> Any:
        return self._entries[element]


class Written:
    """Memory that is filled; `start` is where it begins in the bytes that it shares."""

    def __init__(
        self, shape: Sequence[int], dtype: Any, shared: Any, owners: Any, start: int
    ) -> None:
        self.array: Any = onp.ndarray(int(onp.prod(shape)), dtype, shared, start)
        self._owners, self._first, self._size = owners, start, self.array.itemsize

    def _bytes(self, element: int) -> slice:
        assert 0 <= element < len(self.array), f"element {element} of {len(self.array)}"
        first = self._first + element * self._size
        return slice(first, first + self._size)

    def __getitem__(self, element: int) -> Any:
        assert (self._owners[self._bytes(element)] == id(self)).all(), (
            "overwritten, or never written"
        )
        return self.array[element]

    def __setitem__(self, element: int, value: Any) -> None:
        self._owners[self._bytes(element)] = id(self)
        self.array[element] = value


class Shifted:
    """Memory from element `base` on."""

    def __init__(self, memory: Any, base: int) -> None:
        self._memory, self._base = memory, base

    def __getitem__(self, element: int) -> Any:
        return self._memory[element + self._base]

    def __setitem__(self, element: int, value: Any) -> None:
        self._memory[element + self._base] = value


def interpret(loops: LoopProgram, inputs: Sequence[Any]) -> list[Any]:
    """The outputs that are computed, each as an array; IndexError for an index out of bounds."""
    program = loops.program
    memory: dict[Number, Any] = {k: Given(x) for k, x in zip(program.inputs, inputs)}
    size = loops.workspace.size
    workspace = onp.zeros(size, onp.uint8), onp.zeros(size, onp.int64)
    results = {
        k: (
            onp.zeros(program.values[k].nbytes, onp.uint8),
            onp.zeros(program.values[k].nbytes, int),
        )
        for k in program.outputs
    }
    for k, value in enumerate(program.values):
        if value.op == "constant":
            memory[k] = Given(value.param("data").array)
        elif k in loops.workspace.offsets:
            memory[k] = Written(value.shape, value.dtype, *workspace, loops.workspace.offsets[k])
        elif k in loops.workspace.hosts:
            memory[k] = Written(value.shape, value.dtype, *results[loops.workspace.hosts[k]], 0)
        elif k in program.outputs and value.op != "input":
            memory[k] = Written(value.shape, value.dtype, *results[k], 0)
    for step in loops.steps:
        if isinstance(step, NestStep):
            bases = step.bases or (0,) * len(step.roots)
            run_nest(step.nest, [Shifted(memory.get(k), n) for k, n in zip(step.roots, bases)])
        else:
            _run_product(loops, step, memory)
    return [_array(loops, k, memory[k]) for k in program.outputs]


def run_nest(nest: Nest, arguments: Sequence[Any]) -> None:
    """All pieces at all counters."""
    covered: set[tuple[int, ...]] = set()
    terms: dict[tuple[int, int], list[Any]] = {}
    for piece in nest.pieces:
        for counters in product(*(range(*bounds) for bounds in piece.box)):
            assert counters not in covered, "two pieces do the same"
            covered.add(counters)
            values = _values(piece, counters, arguments)
            for store in piece.stores:
                element, value = _at(store.element, counters, values), values[store.scalar]
                if nest.reduction is not None or store.sums:
                    terms.setdefault((store.argument, element), []).append(value)
                elif store.adds:
                    arguments[store.argument][element] += value
                else:
                    arguments[store.argument][element] = value
    assert len(covered) == onp.prod(nest.shape, dtype=int), "the pieces do not cover the shape"
    for (argument, element), found in terms.items():
        kind = "sum" if nest.reduction is None else nest.reduction[0]
        arguments[argument][element] = REDUCTIONS[kind].reduce(onp.array(found))


def _values(piece: Piece, counters: Sequence[int], arguments: Sequence[Any]) -> list[Any]:
    values: list[Any] = []
    with onp.errstate(all="ignore"):
        for scalar in piece.scalars:
            values.append(_value(scalar, counters, arguments, values))
            assert onp.asarray(values[-1]).dtype == scalar.dtype, scalar
    return values


def _value(scalar: Scalar, counters: Sequence[int], arguments: Sequence[Any], values: Any) -> Any:
    operands = [values[k] for k in scalar.operands]
    if scalar.op == "load":
        argument, element = scalar.detail
        return arguments[argument][_at(element, counters, values)]
    if scalar.op == "constant":
        return onp.frombuffer(scalar.detail, scalar.dtype)[0]
    if scalar.op == "wrapped":
        at = _at(scalar.detail[0], counters, values)
        assert -scalar.detail[1] <= at < scalar.detail[1]
        return onp.int64(at % scalar.detail[1])
    if scalar.op == "place":
        if not -scalar.detail <= operands[0] < scalar.detail:
            raise IndexError(operands[0])
        return onp.int64(operands[0] % scalar.detail)
    if scalar.op == "cast":
        return onp.asarray(operands[0]).astype(scalar.dtype)[()]
    if scalar.op == "select":
        return operands[1] if operands[0] else operands[2]
    if scalar.op == "remainder" and scalar.detail is not None:
        assert scalar.detail[0] <= operands[0] <= scalar.detail[1], "a wrong range"
    function = getattr(onp, scalar.op, None) or getattr(scipy.special, scalar.op)
    return function(*operands)


def _at(x: Linear, counters: Sequence[int], values: Sequence[Any]) -> int:
    found = x.offset + sum(c * at for c, at in zip(x.counters, counters))
    return found + sum(c * int(values[scalar]) for scalar, c in x.scalars)


def _run_product(loops: LoopProgram, step: ProductStep, memory: dict[Number, Any]) -> None:
    left, right = (
        _factor(memory[place.root], place, shape) for place, shape in (step.left, step.right)
    )
    result = onp.matmul(left, right)
    for element, value in enumerate(onp.asarray(result).reshape(-1)):
        memory[step.number][element] = value


def _factor(memory: Any, place: Place, shape: tuple[int, ...]) -> Any:
    first = onp.array([
        memory[place.offset + sum(i * s for i, s in zip(at, place.strides))]
        for at in onp.ndindex(shape)
    ])  # fmt: skip
    return first.reshape(shape)


def _array(loops: LoopProgram, k: Number, memory: Any) -> Any:
    value = loops.program.values[k]
    strides = loops.memory[k] if k in loops.memory else (0,) * len(value.shape)
    found = onp.empty(value.shape, value.dtype)
    for at in onp.ndindex(value.shape):
        found[at] = memory[sum(i * s for i, s in zip(at, strides))]
    return found
