"""What the reversal of a step needs of the step itself: computed once, forwards, and kept.

The recorded vjp of a step computes the step again. Where memory is plenty its values that depend on
the step's arguments alone are moved to the forward program, which hands over those that the rest
reads: the residuals. Those that cost less than to keep them are computed again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from .dead_code import without_dead_code
from .ir import Builder, Number, Program, Value, with_operands
from .loops.storing import COSTS
from .separate_results import own_result
from .strides import contiguous

NEAR, FAR = 2.5, 5.0
"""What it costs to write a byte in one sweep and read it in the other, in additions of numbers in
registers, where all that is kept fits into `CACHE` and where it does not (measured: 2 and 4 ns for
a float64, an addition of one being 0.1 ns)."""
CACHE = 2**23
PRODUCT = 0.25
"""What a multiplication with its addition costs in a product of matrices."""


@dataclass(frozen=True)
class Split:
    """A step and its reversal, parted anew.

    Attributes:
        forward: with the residuals as further results.
        reverse: with the residuals as further inputs.
        nbytes: what the residuals of a step take.
    """

    forward: Program
    reverse: Program
    nbytes: int


def split(forward: Program, reverse: Program, leaves: int, steps: int) -> Split:
    """Part a step and its reversal anew.

    Args:
        leaves: how many inputs the step has, which are the first ones of the reversal too.
        steps: how many steps' residuals are kept at once.
    """
    found = _split(forward, reverse, leaves, NEAR)
    return found if steps * found.nbytes <= CACHE else _split(forward, reverse, leaves, FAR)


def _split(forward: Program, reverse: Program, leaves: int, byte: float) -> Split:
    values = reverse.values
    primal = _primal(reverse, leaves)
    kept = _frontier(reverse, primal, byte)
    builder, numbers = Builder(), [-1] * len(forward.values)
    for k, value in enumerate(forward.values):
        numbers[k] = builder.add(with_operands(value, [numbers[x] for x in value.operands]))
    results = [numbers[k] for k in forward.outputs]
    there: dict[Number, Number] = {}
    for k in _needed(reverse, kept):
        there[k] = builder.add(with_operands(values[k], [there[x] for x in values[k].operands]))
    for k in kept:
        results.append(own_result(builder, there[k], results))
    return Split(
        without_dead_code(builder.program(results)),
        _rest(reverse, kept),
        sum(values[k].nbytes for k in kept),
    )


def _primal(program: Program, leaves: int) -> list[bool]:
    """Which values depend on nothing but the leaves and constants."""
    found: list[bool] = []
    for value in program.values:
        if value.op == "input":
            found.append(value.param("index") < leaves)
        else:
            found.append(all(found[x] for x in value.operands))
    return found


def _frontier(program: Program, primal: Sequence[bool], byte: float) -> list[Number]:
    """The values to be kept: primal ones that others read, if computing them takes long.

    What is computed from what is kept is cheap enough to be computed again.
    """
    values = program.values
    read = {x for k, value in enumerate(values) if not primal[k] for x in value.operands}
    read = {_base(program, x) for x in read.union(program.outputs) if primal[x]}
    needed = set(_needed(program, sorted(read)))
    work, kept = [0.0] * len(values), []
    for k in sorted(needed):
        value = values[k]
        if value.kind == "leaf":
            continue
        work[k] = _work(program, value) + sum(work[x] for x in set(value.operands))
        if k in read and value.kind != "view" and work[k] > byte * value.nbytes:
            kept.append(k)
            work[k] = 0.0
    return kept


def _base(program: Program, x: Number) -> Number:
    """What a value is a view of."""
    while program.values[x].kind == "view":
        x = program.values[x].operands[0]
    return x


def _work(program: Program, value: Value) -> float:
    """What an operation costs, in additions."""
    size = prod(value.shape)
    if value.kind == "gemm":
        return PRODUCT * size * program.values[value.operands[0]].shape[-1]
    if value.kind == "reduce":
        size = prod(program.values[value.operands[0]].shape)
    return size * COSTS.get(value.op, 0.0 if value.kind == "view" else 1.0)


def _needed(program: Program, ends: Sequence[Number]) -> list[Number]:
    """The values that some values depend on, and these, in order."""
    live = set(ends)
    for k in reversed(range(len(program.values))):
        if k in live:
            live.update(program.values[k].operands)
    return sorted(live)


def _rest(program: Program, kept: Sequence[Number]) -> Program:
    """The program with these values as further inputs."""
    first = len(program.inputs)
    places = {k: n for n, k in enumerate(kept)}
    builder, numbers = Builder(), [-1] * len(program.values)
    for k, value in enumerate(program.values):
        if k in places:
            strides = contiguous(value.shape, int(value.dtype.itemsize))
            index = (("index", first + places[k]),)
            value = Value("input", (), index, value.shape, value.dtype, strides)
        numbers[k] = builder.add(with_operands(value, [numbers[x] for x in value.operands]))
    outputs: list[Number] = []
    for k in program.outputs:  # one that is kept is now an input
        outputs.append(own_result(builder, numbers[k], outputs))
    return without_dead_code(builder.program(outputs))
