"""Which values are stored, and which are computed where they are read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import prod
from typing import NamedTuple

from ..ir import Number, Program, Value
from ..strides import contiguous, keeping_order
from .memory_views import Place, view_of

COSTS = {
    "divide": 3.0, "sqrt": 4.0, "power": 20.0, "remainder": 3.0, "floor_divide": 3.0,
    "exp": 10.0, "exp2": 10.0, "expm1": 14.0, "log": 12.0, "log2": 12.0, "log10": 12.0,
    "log1p": 14.0, "sin": 14.0, "cos": 14.0, "tanh": 16.0, "sinh": 16.0, "cosh": 14.0,
    "logaddexp": 24.0, "gather": 3.0, "roll": 0.5, "concatenate": 0.5, "update": 1.0, "place": 0.5,
    "copy": 0.0, "cast": 0.5, "reciprocal": 3.0,
}  # fmt: skip
"""Of an element, by operation: an addition is 1, a view 0, and what is not here 1 or, as a call of
the C library, more."""
FREE = 3.0
"""A value that costs more is not computed twice."""
LONGEST = 60.0
"""A value that costs more is stored even if it is read once: compilers need time for long code."""
DEEPEST = 120
"""A value that is more operations away from memory is stored: what computes it calls itself."""
_LOAD = 0.5
MOST_LOADS = 8
"""Arrays that one value is computed from. A sum of more is added up as its terms come, which need
not all be kept until then."""


MOST_UNROLLED = 7
"""Entries of a reduction that is written out: NumPy adds so few one after the other."""


MOST_JOINED = 8
"""Operands of a concatenation that is computed where it is read: each is a piece of code there."""


@dataclass(frozen=True)
class Memory:
    """Where the values of a program are.

    Attributes:
        strides: value -> its element strides, for those that have memory.
        places: value -> where it lies, for those and for views of them.
        ranges: value -> what its integers lie between, where that is known.
    """

    strides: dict[Number, tuple[int, ...]]
    places: dict[Number, Place]
    ranges: dict[Number, tuple[int, int]]


def is_unrolled(program: Program, value: Value) -> bool:
    """Whether a reduction is written out where it is read, as a map."""
    if value.kind != "reduce":
        return False
    shape = program.values[value.operands[0]].shape
    return 0 < prod(shape[axis] for axis in value.param("axes")) <= MOST_UNROLLED


LONGEST_FLAT = 8192
"""Entries up to which a sum of everything is taken beside other things: in eight partial sums,
which are as exact as NumPy's pairwise ones only as long as they are short."""


def is_flat_sum(program: Program, value: Value) -> bool:
    """Whether a value is the sum of all entries of another, so few that one loop takes it."""
    if value.op != "sum" or value.kind != "reduce" or value.dtype.kind != "f":
        return False
    operand = program.values[value.operands[0]]
    whole = len(value.param("axes")) == len(operand.shape)
    return whole and MOST_UNROLLED < prod(operand.shape) <= LONGEST_FLAT


def is_long_join(value: Value) -> bool:
    """Whether a value is a concatenation of many, which are written to their places in turn."""
    return value.op == "concatenate" and len(value.operands) > MOST_JOINED


def uniform(value: Value) -> bool:
    """Whether a constant is one number, which is part of the code."""
    if value.op != "constant" or value.nbytes == 0:
        return False
    array = value.param("data").array
    if array.size == 1:
        return True
    if array.nbytes > 2**16:
        return False
    first = array.reshape(-1)[:1].tobytes()
    return array.tobytes() == first * array.size


def element_strides(value: Value, kept_layout: bool) -> tuple[int, ...]:
    """The strides, in elements, of the memory that a value gets."""
    itemsize = int(value.dtype.itemsize)
    if value.op in ("input", "constant"):
        strides = value.strides if value.op == "input" else value.param("data").array.strides
        return tuple(s // itemsize for s in strides)
    if kept_layout and value.strides is not None:  # results lie as eager evaluation's do
        return keeping_order(value.shape, value.strides, 1)
    return contiguous(value.shape, 1)


def stored_values(
    program: Program, forced: Collection[Number] = ()
) -> dict[Number, tuple[int, ...]]:
    """Value -> its element strides, for inputs, constants and whatever is stored.

    Args:
        forced: values that were found to be needed in memory.
    """
    choice = _Choice(program, forced)
    for k, value in enumerate(program.values):
        choice.add(k, value)
    return choice.memory


class _Way(NamedTuple):
    """How an element of a value is had where it is read.

    Attributes:
        cost: in additions.
        depth: how many operations away memory is.
        loads: the values in memory that it is computed from.
    """

    cost: float
    depth: int
    loads: frozenset[Number]


class _Choice:
    """Decides on one value after the other.

    Attributes: memory, so far: value -> element strides.
    """

    def __init__(self, program: Program, forced: Collection[Number]) -> None:
        self.memory: dict[Number, tuple[int, ...]] = {}
        self._program = program
        self._forced = forced
        self._outputs = set(program.outputs)
        self._readers = _readers(program)
        self._factors, self._bases = _factors(program)
        self._places: dict[Number, Place] = {}
        self._ways: list[_Way] = []

    def add(self, k: Number, value: Value) -> None:
        """Decide on the next value."""
        if value.op == "reshape":
            self._store_before(value)
        way = self._computed(value)
        self._ways.append(way)
        if value.kind == "leaf":
            if not uniform(value) or k in self._bases or k in self._forced:  # BLAS reads memory
                self._store(k, element_strides(value, True))
        elif self._is_needed(k, value) or self._is_worth(k, value, way):
            self._store(k, element_strides(value, k in self._outputs))
        else:
            place = view_of(self._program, self._places, k)
            if place is not None:
                self._places[k] = place
                self._ways[k] = self._ways[place.root]

    def _store(self, k: Number, strides: tuple[int, ...]) -> None:
        self.memory[k] = strides
        self._places[k] = Place(k, strides)
        self._ways[k] = _Way(_LOAD, 0, frozenset((k,)))

    def _store_before(self, value: Value) -> None:
        """Store what a reshape cuts in the middle of axes: no index leads there."""
        x = value.operands[0]
        source = self._program.values[x]
        if x not in self._places and not keeps_axes(source.shape, value.shape):
            self._store(x, element_strides(source, x in self._outputs))

    def _computed(self, value: Value) -> _Way:
        """The way to a value that is not in memory."""
        if value.kind == "leaf":
            return _Way(0.0, 0, frozenset())
        ways = [self._ways[x] for x in value.operands]
        own = 0.0 if value.kind == "view" else COSTS.get(value.op, 1.0)
        cost = own + sum(way.cost for way in ways)
        if is_unrolled(self._program, value):
            size = prod(self._program.values[value.operands[0]].shape)
            cost *= size / max(prod(value.shape), 1)
        depth = 1 + max([way.depth for way in ways], default=0)
        return _Way(cost, depth, frozenset[Number]().union(*(way.loads for way in ways)))

    def _is_needed(self, k: Number, value: Value) -> bool:
        """Whether a value must be in memory."""
        if k in self._forced or k in self._outputs or k in self._bases:
            return True
        if value.kind == "gemm" or value.op in ("scatter_all", "put"):
            return True
        if value.kind == "reduce" and not is_unrolled(self._program, value):
            return True
        return _is_strided(value) or is_long_join(value) or self._is_no_matrix(k, value)

    def _is_no_matrix(self, k: Number, value: Value) -> bool:
        """Whether a value is a factor of a product and lies nowhere as a matrix."""
        if k not in self._factors:
            return False
        place = view_of(self._program, self._places, k)
        return place is None or not is_matrix(value.shape, place.strides)

    def _is_worth(self, k: Number, value: Value, way: _Way) -> bool:
        """Whether a value is stored because it takes long to compute, or to write code for."""
        if way.depth > DEEPEST:
            return True
        if value.kind == "view":
            return False
        readers = self._readers[k]
        again = readers.times > 1 or readers.largest > prod(value.shape)
        return (again and way.cost > FREE) or way.cost > LONGEST or len(way.loads) > MOST_LOADS


def keeps_axes(shape: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    """Whether each axis of a shape is made of whole axes of another, in order."""
    rest = [n for n in reversed(wanted) if n != 1]
    for n in shape:
        size = 1
        while size < n and rest:
            size *= rest.pop()
        if size != n:
            return False
    return True


def _is_strided(value: Value) -> bool:
    """Whether only every other entry of an array is written: a nest of its own does it."""
    if value.op not in ("place", "update"):
        return False
    return any(abs(step) != 1 and count > 1 for _, step, count in value.param("parts"))


class _Readers(NamedTuple):
    """How many values read one, through views too, and how many entries the largest has."""

    times: int
    largest: int


def _readers(program: Program) -> list[_Readers]:
    readers = [_Readers(0, 0)] * len(program.values)
    for k in reversed(range(len(program.values))):
        value = program.values[k]
        added = readers[k] if value.kind == "view" else _Readers(1, prod(value.shape))
        for x in value.operands:
            known = readers[x]
            readers[x] = _Readers(known.times + added.times, max(known.largest, added.largest))
    return readers


def _factors(program: Program) -> tuple[set[Number], set[Number]]:
    """The factors of products, and what they are views of."""
    values = program.values
    factors = {x for value in values if value.kind == "gemm" for x in value.operands}
    bases = set()
    for x in factors:
        while values[x].kind == "view":
            x = values[x].operands[0]
        bases.add(x)
    return factors, bases


def is_matrix(shape: tuple[int, ...], strides: tuple[int, ...]) -> bool:
    """Whether the last two axes are a matrix without gaps, by rows or by columns."""
    if len(shape) == 1:
        return shape[0] == 1 or strides[0] == 1
    (m, n), (by_row, by_column) = shape[-2:], strides[-2:]
    by_rows = (n == 1 or by_column == 1) and (m == 1 or by_row == n)
    by_columns = (m == 1 or by_row == 1) and (n == 1 or by_column == m)
    return by_rows or by_columns
