"""The intermediate representation: a flat list of operations of static shape and dtype.

Every value is computed once (static single assignment) and named by its number. Operations are of
few kinds, by which the passes and the back ends tell them apart:

| kind | operations | what they do |
|---|---|---|
| leaf | input, constant | values from outside |
| map | add, exp, less, ... (any ufunc), cast, copy, select | entry by entry, broadcast |
| view | reshape, transpose, slice, broadcast | other names for the same entries |
| reduce | sum, prod, max, min, any, all | along axes |
| gemm | matmul, dot | products that sum over axes |
| loop | einsum | a product summed over named axes, in NumPy's own loop |
| search | argmax, argmin | the first place of an extreme along an axis |
| move | concatenate, roll, place, update, put, gather, scatter | entries to other places |
| call | call, entry | opaque: a function of Python, and one of its several results |

Operands of a map have the dtype of its loop, so that nothing is converted unseen. A value's strides
are those that NumPy's result had when the program was recorded: the order of a sum depends on them,
and replay gives them to its buffers. A generator of loops may choose its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from math import prod
from typing import Any, NamedTuple

import numpy as onp

from .layouts import frozen
from .strides import contiguous, same_layout

Number = int
Params = tuple[tuple[str, Any], ...]

LEAVES = frozenset({"input", "constant"})
VIEWS = frozenset({"reshape", "transpose", "slice", "broadcast"})
REDUCTIONS: dict[str, onp.ufunc] = {
    "sum": onp.add,
    "prod": onp.multiply,
    "max": onp.maximum,
    "min": onp.minimum,
    "any": onp.logical_or,
    "all": onp.logical_and,
}
PRODUCTS: dict[str, Callable[..., Any]] = {"matmul": onp.matmul, "dot": onp.dot}
LOOPS = frozenset({"einsum"})
SEARCHES: dict[str, Callable[..., Any]] = {"argmax": onp.argmax, "argmin": onp.argmin}
MOVES = frozenset(
    {"concatenate", "roll", "place", "update", "put", "gather", "scatter", "scatter_all"}
)
CALLS = frozenset({"call", "entry"})


_UNKNOWN = object()


def _number_in(array: Any) -> Any:
    if array.size == 0 or array.dtype.kind not in "biuf" or array.dtype.itemsize > 8:
        return None
    first = array[(0,) * array.ndim]
    if array.ndim == 0 or array.size == 1:
        return first
    if array[(-1,) * array.ndim] != first:
        return None
    bits = f"u{array.dtype.itemsize}"
    return first if bool((array.view(bits) == first.view(bits)).all()) else None


class Data:
    """The entries of a constant, compared bit by bit."""

    __slots__ = ("_hash", "_number", "array", "key")

    def __init__(self, array: Any) -> None:
        self.array = frozen(onp.asarray(array))
        entries: Any = self.array.tobytes() if self._is_small() else self._digest()
        order = "CF"[self.array.flags.f_contiguous and not self.array.flags.c_contiguous]
        self.key = (self.array.dtype.str, self.array.shape, order, entries)
        self._hash = hash(self.key)
        self._number: Any = _UNKNOWN

    @property
    def number(self) -> Any:
        """The number that all entries are, bit by bit; None if they are not or there are none."""
        if self._number is _UNKNOWN:
            self._number = _number_in(self.array)
        return self._number

    def _is_small(self) -> bool:
        return self.array.nbytes <= 256 or self.array.dtype.kind not in "biufc"

    def _digest(self) -> bytes:
        return sha256(onp.ascontiguousarray(self.array).data).digest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Data) and self.key == other.key

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        if self.array.size == 1:
            return repr(self.array.reshape(())[()].item())
        return "..."


_KINDS: dict[str, str] = {
    op: kind
    for kind, ops in (
        ("leaf", LEAVES), ("view", VIEWS), ("reduce", REDUCTIONS), ("gemm", PRODUCTS),
        ("loop", LOOPS), ("search", SEARCHES), ("move", MOVES), ("call", CALLS),
    )
    for op in ops
}  # fmt: skip


class Value(NamedTuple):
    """One operation and its result.

    A tuple, for values are made and hashed in large numbers.

    Attributes:
        op: what is done; a name of NumPy's for maps, reductions and products.
        operands: the numbers of other values.
        params: what is static, hashable.
        shape, dtype: of the result; shape is None where it is a tuple.
        strides: in bytes, see the module.
        function: the ufunc of a map, the callable of a call.
    """

    op: str
    operands: tuple[Number, ...]
    params: Params
    shape: Any
    dtype: Any
    strides: Any = None
    function: Any = None

    @property
    def kind(self) -> str:
        """The row of the table above."""
        kind = _KINDS.get(self.op, "map")
        return kind if self.function is None or kind == "call" else "map"

    @property
    def nbytes(self) -> int:
        """What the entries take."""
        return prod(self.shape) * int(self.dtype.itemsize)

    def param(self, name: str) -> Any:
        """A parameter."""
        for key, found in self.params:
            if key == name:
                return found
        raise KeyError(name)

    @property
    def type(self) -> str:
        """Dtype and shape, as listings show them."""
        if self.shape is None:
            return "a tuple"
        return f"{self.dtype}{list(self.shape)}".replace(" ", "") if self.shape else str(self.dtype)

    def __str__(self) -> str:
        name = self.op
        if self.op == "call":
            name = f"call {getattr(self.function, 'name', self.function)}"
        shown = [f"%{k}" for k in self.operands]
        shown += [f"{key}={value!r}" for key, value in self.params]
        return f"{name}({', '.join(shown)}) : {self.type}"


@dataclass(frozen=True, eq=False)
class Program:
    """Values in an order in which they can be computed, and which of them are the results."""

    values: tuple[Value, ...]
    outputs: tuple[Number, ...]

    @property
    def inputs(self) -> list[Number]:
        """The numbers of the inputs, in their order."""
        found = [k for k, value in enumerate(self.values) if value.op == "input"]
        return sorted(found, key=lambda k: self.values[k].param("index"))

    def __str__(self) -> str:
        lines = [f"%{k} = {value}" for k, value in enumerate(self.values)]
        return "\n".join([*lines, f"return {', '.join(f'%{k}' for k in self.outputs)}"])

    def __len__(self) -> int:
        return len(self.values)


class Builder:
    """Makes a program value by value. What was computed before is not computed again.

    Attributes: values, so far.
    """

    def __init__(self) -> None:
        self.values: list[Value] = []
        self._numbers: dict[Value, Number] = {}

    def add(self, value: Value) -> Number:
        """The number of `value`, or of the equal one that there is already (value numbering)."""
        count = len(self.values)
        if value.op != "call":  # which may do other things than to return
            number = self._numbers.setdefault(value, count)
            if number != count:
                return number
        self.values.append(value)
        return count

    def constant(self, array: Any) -> Number:
        """A constant of these entries."""
        data = Data(array)
        array = data.array
        return self.add(
            Value("constant", (), (("data", data),), array.shape, array.dtype, array.strides)
        )

    def program(self, outputs: Iterable[Number]) -> Program:
        """What was built."""
        return Program(tuple(self.values), tuple(outputs))


Rewrite = Callable[[Builder, Value], Number]


def rebuilt(program: Program, rewrite: Rewrite) -> Program:
    """The program with each value, its operands renumbered, replaced by what `rewrite` adds."""
    builder = Builder()
    numbers: list[Number] = []
    for value in program.values:
        operands = tuple([numbers[k] for k in value.operands])
        if operands != value.operands:
            value = with_operands(value, operands)
        numbers.append(rewrite(builder, value))
    return builder.program(numbers[k] for k in program.outputs)


def with_operands(value: Value, operands: Sequence[Number]) -> Value:
    """The same operation on other operands."""
    return _new_value((value.op, tuple(operands), *value[2:]))


_new_value = partial(tuple.__new__, Value)  # without a call of Python's for the arguments


def is_contiguous(value: Value) -> bool:
    """Whether a value lies in C order."""
    wanted = contiguous(value.shape, int(value.dtype.itemsize))
    return same_layout(value.shape, value.strides, wanted)
