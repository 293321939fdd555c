"""From a recording to a program of the IR, one recorded operation after the other.

How a primitive is written in the IR's operations says the table of its family, in one of the
modules `lower_*`. What is in none of them is expanded, if all that its own body does is in them.
Anything else, or a form that has no lowering, becomes an opaque call of the primitive: it runs as
it did before.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as onp

from . import (
    lower_contract,
    lower_diagonals,
    lower_maps,
    lower_moves,
    lower_shapes,
    lower_sums,
)
from .emitting import Emitter, Lowering, NotLoweredError, Ref
from .expanding import OperandType, body_of
from .ir import CALLS, Builder, Number, Params, Program, Value
from .operations import Constant, Group, Operation, Recording, Slot

LOWERINGS: dict[Any, Lowering] = {
    **lower_maps.LOWERINGS,
    **lower_shapes.LOWERINGS,
    **lower_sums.LOWERINGS,
    **lower_moves.LOWERINGS,
    **lower_contract.LOWERINGS,
    **lower_diagonals.LOWERINGS,
}
"""Plain function of a primitive -> its lowering."""

Bodies = tuple[Any, ...]
"""Functions of the primitives that are being expanded, one in the other."""


@dataclass(frozen=True, eq=False)
class Call:
    """A recorded operation as a function of its operands that are values.

    Attributes: weak, which operands are numbers of Python.
    """

    operation: Operation
    weak: tuple[bool, ...]

    @property
    def name(self) -> str:
        """Of the primitive."""
        return self.operation.name

    def __call__(self, *values: Any) -> Any:
        """Run it."""
        given = iter(values)
        operands = [
            x.value if isinstance(x, Constant) else next(given) for x in self.operation.operands
        ]
        return self.operation(operands)


def lower(recording: Recording) -> Program:
    """The program that does what the recording does, before any pass.

    Its outputs are those outputs of the recording that are values, not constants.
    """
    return _program(recording, ())


def _program(recording: Recording, inside: Bodies) -> Program:
    builder = Builder()
    refs = [_input(builder, k, x, recording.strides[k]) for k, x in enumerate(recording.examples)]
    _append(Emitter(builder), recording, refs, inside)
    return builder.program(refs[x].number for x in recording.outputs if isinstance(x, int))


_memories = count()


def _append(emitter: Emitter, recording: Recording, refs: list[Ref], inside: Bodies) -> None:
    """Add the operations of a recording; `refs`, those of its inputs, gets their results."""
    for operation in recording.operations:
        memory = frozenset[int]()
        if operation.shares:
            memory = memory.union(*(refs[x].memory for x in operation.operands if type(x) is int))
        memory = memory or frozenset((next(_memories),))
        refs.append(Ref(_lowered(emitter, operation, refs, inside), operation.weak, memory))


def _input(builder: Builder, k: int, example: Any, strides: Any) -> Ref:
    plain = onp.asarray(example)
    number = builder.add(Value("input", (), (("index", k),), plain.shape, plain.dtype, strides))
    return Ref(number, type(example) in (bool, int, float, complex), frozenset((next(_memories),)))


def _lowered(emitter: Emitter, operation: Operation, refs: list[Ref], inside: Bodies) -> Number:
    emitter.operation = operation
    lowering = _lowering_of(operation)
    if lowering is not None and not operation.weak and operation.shape is not None:
        given = [_argument(emitter, operation, form, refs) for form in operation.arguments]
        keywords = {
            name: _argument(emitter, operation, form, refs) for name, form in operation.keywords
        }
        try:
            if lowering is lower_maps.ufunc:
                given.insert(0, operation.function)
            return emitter.finished(lowering(emitter, *given, **keywords))
        except (NotLoweredError, TypeError, ValueError, OverflowError):
            pass
    elif lowering is None and operation.function not in inside:
        number = _expanded(emitter, operation, refs, (*inside, operation.function))
        if number is not None:
            return number
    return _call(emitter, operation, refs)


def _expanded(
    emitter: Emitter, operation: Operation, refs: list[Ref], inside: Bodies
) -> Number | None:
    """The result of a primitive's own operations; None where not all of them have a lowering."""
    given = [refs[x] for x in operation.operands if not isinstance(x, Constant)]
    values = [emitter.value(ref.number) for ref in given]
    if any(value.shape is None for value in values):
        return None
    body = body_of(
        operation,
        [OperandType(v.shape, v.dtype, v.strides, ref.weak) for v, ref in zip(values, given)],
    )
    if body is None or not isinstance(body.outputs[0], int):
        return None
    if any(value.op in CALLS for value in _program(body, inside).values):
        return None
    found = list(given)
    _append(emitter, body, found, inside)
    emitter.operation = operation
    return emitter.finished(found[body.outputs[0]].number)


def _lowering_of(operation: Operation) -> Lowering | None:
    function: Any = operation.function
    if isinstance(function, onp.ufunc) and function not in LOWERINGS:
        return lower_maps.ufunc
    while function is not None:
        try:
            if function in LOWERINGS:
                return LOWERINGS[function]
        except TypeError:  # cannot be hashed
            return None
        function = getattr(function, "__wrapped__", None)
    return None


def _argument(emitter: Emitter, operation: Operation, form: Any, refs: list[Ref]) -> Any:
    """What a form stands for: a Ref for a value, the thing itself where it is static."""
    if isinstance(form, Slot):
        x = operation.operands[form.k]
        if not isinstance(x, Constant):
            return refs[x]
        if isinstance(x.value, onp.ndarray):
            return Ref(emitter.builder.constant(x.value))
        return x.value
    if isinstance(form, Group):
        return form.made([_argument(emitter, operation, entry, refs) for entry in form.entries])
    return form


def _call(emitter: Emitter, operation: Operation, refs: list[Ref]) -> Number:
    given = [refs[x] for x in operation.operands if not isinstance(x, Constant)]
    operands = tuple(ref.number for ref in given)
    params: Params = (("shares", True),) if operation.shares else ()
    shape, dtype, strides = operation.shape, operation.dtype, operation.strides
    if shape == () and strides is None:
        strides = ()
    if operation.name == "entry" and operation.function.__module__ == "autodiff.compile.recording":
        params += (("k", operation.arguments[1]),)
        return emitter.builder.add(Value("entry", operands, params, shape, dtype, strides))
    call = Call(operation, tuple(ref.weak for ref in given))
    return emitter.builder.add(Value("call", operands, params, shape, dtype, strides, call))
