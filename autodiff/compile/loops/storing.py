"""Which values are stored, and which are computed where they are read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import prod

from ..ir import Number, Program, Value
from ..strides import contiguous, keeping_order
from .memory_views import place_of

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
        ranges: value -> what its integers lie between, where that is known.
    """

    strides: dict[Number, tuple[int, ...]]
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
    values = program.values
    outputs = set(program.outputs)
    readers, bases = _readers(program), _bases_of_factors(program)
    factors = {x for value in values if value.kind == "gemm" for x in value.operands}
    memory: dict[Number, tuple[int, ...]] = {}
    costs: list[float] = []
    loads: list[frozenset[Number]] = []  # what is read to compute a value where it is read
    for k, value in enumerate(values):
        if value.kind == "leaf":
            if not uniform(value) or k in bases:  # BLAS reads memory
                memory[k] = element_strides(value, True)
            costs.append(_LOAD if k in memory else 0.0)
            loads.append(frozenset((k,) if k in memory else ()))
            continue
        cost = _own_cost(value) + sum(costs[x] for x in value.operands)
        read = frozenset[Number]().union(*(loads[x] for x in value.operands))
        unrolled = is_unrolled(program, value)
        if unrolled:
            cost *= prod(program.values[value.operands[0]].shape) / max(prod(value.shape), 1)
        wanted = k in forced or k in outputs or value.kind == "gemm"
        wanted = wanted or (value.kind == "reduce" and not unrolled)
        wanted = wanted or value.op in ("scatter_all", "put") or _is_strided(value)
        wanted = wanted or is_long_join(value)
        wanted = wanted or k in bases or _is_no_matrix(program, memory, k, factors)
        if not wanted and value.kind != "view":
            size = prod(value.shape)
            spread = any(prod(values[x].shape) > size for x in readers[k])
            again = len(readers[k]) > 1 or spread
            wanted = (again and cost > FREE) or cost > LONGEST or len(read) > MOST_LOADS
        if wanted:
            memory[k] = element_strides(value, k in outputs)
            read = frozenset((k,))
            cost = _LOAD
        costs.append(cost)
        loads.append(read)
    return memory


def _own_cost(value: Value) -> float:
    if value.kind == "view":
        return 0.0
    return COSTS.get(value.op, 1.0)


def _is_strided(value: Value) -> bool:
    """Whether only every other entry of an array is written: a nest of its own does it."""
    if value.op not in ("place", "update"):
        return False
    return any(abs(step) != 1 and count > 1 for _, step, count in value.param("parts"))


def _readers(program: Program) -> list[list[Number]]:
    """For each value what reads it, through views, with repetitions."""
    readers: list[list[Number]] = [[] for _ in program.values]
    for k in reversed(range(len(program.values))):
        value = program.values[k]
        for x in value.operands:
            readers[x] += readers[k] if value.kind == "view" else [k]
    return readers


def _bases_of_factors(program: Program) -> set[Number]:
    """What the factors of products are views of."""
    values = program.values
    found = set()
    for value in values:
        if value.kind == "gemm":
            for x in value.operands:
                while values[x].kind == "view":
                    x = values[x].operands[0]
                found.add(x)
    return found


def _is_no_matrix(
    program: Program, memory: dict[Number, tuple[int, ...]], k: Number, factors: set[Number]
) -> bool:
    """Whether value `k` is a factor of a product and lies nowhere as a matrix."""
    if k not in factors:
        return False
    place = place_of(program, memory, k)
    return place is None or not is_matrix(program.values[k].shape, place.strides)


def is_matrix(shape: tuple[int, ...], strides: tuple[int, ...]) -> bool:
    """Whether the last two axes are a matrix without gaps, by rows or by columns."""
    if len(shape) == 1:
        return shape[0] == 1 or strides[0] == 1
    (m, n), (by_row, by_column) = shape[-2:], strides[-2:]
    by_rows = (n == 1 or by_column == 1) and (m == 1 or by_row == n)
    by_columns = (m == 1 or by_row == 1) and (n == 1 or by_column == m)
    return by_rows or by_columns
