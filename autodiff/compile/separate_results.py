"""Results in memory of their own: none that was computed is an input, nor part of another result.

Other passes find that x * 1 is x. But what the function computed is the caller's to write to: that
must change neither what the function was given nor another result.
"""

from __future__ import annotations

from collections.abc import Collection

from .ir import Builder, Number, Program, Value
from .strides import contiguous, same_layout


def with_separate_results(program: Program, original: Program) -> Program:
    """The program with copies where results would share memory that they did not share.

    Args:
        original: the program before all passes, whose results are inputs where the function's were.
    """
    values = list(program.values)
    outputs: list[Number] = []
    taken: set[Number] = set()
    copies: dict[Number, Number] = {}  # the last one of each: equal ones would become one value
    for k, before in zip(program.outputs, original.outputs):
        root = _root(program, k)
        if values[root].op == "input":
            wanted = original.values[_root(original, before)].op != "input"
        else:
            wanted = root in taken
        if wanted:
            value = values[k]
            source = copies.get(k, k)
            copies[k] = len(values)
            values.append(Value("copy", (source,), (), value.shape, value.dtype, value.strides))
            outputs.append(copies[k])
        else:
            outputs.append(k)
        taken.add(root)
    if tuple(outputs) == program.outputs:
        return program
    return Program(tuple(values), tuple(outputs))


def _root(program: Program, k: Number) -> Number:
    """The value in whose memory a value lies."""
    while program.values[k].kind == "view":
        k = program.values[k].operands[0]
    return k


def own_result(builder: Builder, k: Number, taken: Collection[Number]) -> Number:
    """A value with the entries of `k`, in C order, that is no leaf and none of those taken."""
    value = builder.values[k]
    strides = contiguous(value.shape, int(value.dtype.itemsize))
    copy = Value("copy", (k,), (), value.shape, value.dtype, strides)
    if value.kind == "leaf" or not same_layout(value.shape, value.strides, strides):
        k = builder.add(copy)
    while k in taken:  # which may hold its copy too, and the copy of that
        k = builder.add(copy._replace(operands=(k,)))
    return k
