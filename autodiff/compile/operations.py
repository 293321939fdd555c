"""A recording: operations in the order in which they ran, and how to run them again.

Values are numbered: first the inputs, then one per operation. An operation's arguments are kept as
a form in which `Slot(k)` stands for its k-th operand; the rest of the form is static.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as onp

from ..nests import Structure, describe, flatten, paths, unflatten
from .placeholders import RecordingError


@dataclass(frozen=True, eq=False)
class Constant:
    """A value that is the same in every replay.

    Attributes: value; weak, whether it is a number of Python, which does not promote an array.
    """

    value: Any
    weak: bool = False

    def __str__(self) -> str:
        if onp.ndim(self.value) == 0:
            return repr(self.value) if self.weak else str(self.value)
        return f"constant {typed(self.value)}"


Operand = int | Constant
"""The number of a value, or a constant."""


@dataclass(frozen=True)
class Slot:
    """The place of operand number `k` in a form."""

    k: int

    def __repr__(self) -> str:
        return f"<{self.k}>"


@dataclass(frozen=True)
class Group:
    """The place of a tuple, list, dict or slice in a form."""

    kind: Any
    keys: tuple[Any, ...]
    entries: tuple[Any, ...]

    def made(self, entries: Sequence[Any]) -> Any:
        """The container with these entries."""
        if self.kind is dict:
            return dict(zip(self.keys, entries))
        if self.kind in (tuple, list):
            return self.kind(entries)
        return self.kind(*entries)


def filled(form: Any, operands: Sequence[Any]) -> Any:
    """The arguments that a form stands for, with these operands."""
    kind = form.__class__
    if kind is Slot:
        return operands[form.k]
    if kind is Group:
        return form.made([filled(entry, operands) for entry in form.entries])
    return form


class Operation(NamedTuple):
    """One call of a primitive. A tuple, for they are made in large numbers.

    Attributes:
        primitive: what was called, by which its derivatives are registered.
        function: the same, for plain values.
        operands: numbers of values, and constants.
        arguments, keywords: the forms of its arguments, static but for their slots.
        shape, dtype: of the result; None where it is a tuple.
        strides: of the result; None where it is no array.
        weak: whether the result is a number of Python.
        shares: whether the result shares memory with an operand.
        place: file and line of the user's program that called it.
    """

    primitive: Callable[..., Any]
    function: Callable[..., Any]
    operands: tuple[Operand, ...]
    arguments: tuple[Any, ...]
    keywords: tuple[tuple[str, Any], ...]
    shape: tuple[int, ...] | None
    dtype: Any
    strides: tuple[int, ...] | None = None
    weak: bool = False
    shares: bool = False
    place: tuple[str, int] = ("", 0)

    @property
    def line(self) -> str:
        """File and line of the user's program, as they are shown."""
        file, number = self.place
        return f"{file}:{number}"

    @property
    def name(self) -> str:
        """What the primitive is called."""
        return getattr(self.primitive, "__name__", repr(self.primitive)).lstrip("_")

    def __call__(self, operands: Sequence[Any]) -> Any:
        """Run it on these plain operands."""
        return self._called(self.function, operands)

    def traced(self, operands: Sequence[Any]) -> Any:
        """Run it on operands that may be boxes of a trace that is to see it."""
        # The operator of powers is no primitive, but finds the primitive for its operands.
        function = operator.pow if self.function is operator.pow else self.primitive
        return self._called(function, operands)

    def _called(self, function: Callable[..., Any], operands: Sequence[Any]) -> Any:
        positional = [filled(form, operands) for form in self.arguments]
        if not self.keywords:
            return function(*positional)
        return function(
            *positional, **{name: filled(form, operands) for name, form in self.keywords}
        )

    def __str__(self) -> str:
        names = [f"%{x}" if isinstance(x, int) else str(x) for x in self.operands]
        shown = [_shown(form, names) for form in self.arguments]
        shown += [f"{name}={_shown(form, names)}" for name, form in self.keywords]
        result = "a tuple" if self.shape is None else _type(self.dtype, self.shape)
        return f"{self.name}({', '.join(shown)}) : {result}"


def _shown(form: Any, names: Sequence[str]) -> str:
    if isinstance(form, Slot):
        return names[form.k]
    if isinstance(form, Group):
        entries = [_shown(entry, names) for entry in form.entries]
        if form.kind is slice:
            return ":".join("" if entry == "None" else entry for entry in entries)
        if form.kind is dict:
            entries = [f"{key!r}: {entry}" for key, entry in zip(form.keys, entries)]
        opening, closing = {list: ("[", "]"), dict: ("{", "}")}.get(form.kind, ("(", ")"))
        comma = "," if form.kind is tuple and len(entries) == 1 else ""
        return f"{opening}{', '.join(entries)}{comma}{closing}"
    return getattr(form, "__name__", repr(form))


def _type(dtype: Any, shape: tuple[int, ...]) -> str:
    return f"{dtype}{list(shape)}".replace(" ", "") if shape else str(dtype)


def typed(x: Any) -> str:
    """Dtype and shape of a value, as listings show them."""
    return _type(onp.asarray(x).dtype, onp.shape(x))


@dataclass(frozen=True, eq=False)
class Recording:
    """What a function did.

    Attributes:
        examples: of the types of the leaves of the arguments, which are values 0, 1, ...: numbers,
            and zeros that stand for arrays.
        arguments: the structure of the tuple of arguments.
        operations: the first one makes value number ``len(examples)``, and so on.
        outputs: the leaves of the result.
        result: the structure of the result.
        strides: of the inputs as they were given; () for numbers.
        kinds: the types of the leaves of the result.
    """

    examples: tuple[Any, ...]
    arguments: Structure
    operations: tuple[Operation, ...]
    outputs: tuple[Operand, ...]
    result: Structure
    strides: tuple[tuple[int, ...], ...]
    kinds: tuple[type, ...]

    def replay(self, *args: Any) -> Any:
        """Run the recorded operations on other values, which must be of the same types.

        Raises:
            RecordingError: an argument is of another shape, dtype or structure than the one that
                the function was recorded with, or a result is.
        """
        values = self._checked(args)
        for operation in self.operations:
            operands = [values[x] if isinstance(x, int) else x.value for x in operation.operands]
            ans = operation(operands)
            if operation.shape is not None and onp.shape(ans) != operation.shape:
                raise RecordingError(
                    f"%{len(values)} = {operation}: the result has shape {onp.shape(ans)} now;"
                    " a shape that depends on values cannot be replayed"
                )
            values.append(ans)
        return unflatten(
            self.result, [values[x] if isinstance(x, int) else x.value for x in self.outputs]
        )

    def retrace(self, leaves: Sequence[Any]) -> list[Any]:
        """Run the recorded primitives on leaves of the arguments that may be traced.

        Returns: the leaves of the result.
        """
        values = list(leaves)
        for operation in self.operations:
            operands = [values[x] if type(x) is int else x.value for x in operation.operands]  # type: ignore[union-attr]
            values.append(operation.traced(operands))
        return [values[x] if isinstance(x, int) else x.value for x in self.outputs]

    def _checked(self, args: tuple[Any, ...]) -> list[Any]:
        leaves, structure = flatten(args)
        if structure != self.arguments:
            raise RecordingError(
                f"recorded with {describe(self.arguments)} as arguments, replayed with"
                f" {describe(structure)}"
            )
        names = paths(self.arguments, "args")
        for name, leaf, example in zip(names, leaves, self.examples):
            if typed(leaf) != typed(example):
                raise RecordingError(
                    f"{name} is {typed(leaf)}, but the function was recorded with {typed(example)}"
                )
        # A Python number stays one: it does not promote an array of float32.
        return [
            type(example)(leaf) if type(example) in (bool, int, float, complex) else leaf
            for leaf, example in zip(leaves, self.examples)
        ]

    def __str__(self) -> str:
        lines = [f"%{k} = input : {typed(x)}" for k, x in enumerate(self.examples)]
        lines += [f"%{len(lines) + k} = {op}" for k, op in enumerate(self.operations)]
        outputs = [f"%{x}" if isinstance(x, int) else str(x) for x in self.outputs]
        return "\n".join([*lines, f"return {', '.join(outputs)}"])
