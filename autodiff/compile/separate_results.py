"""Results in memory of their own: none that was computed is an input, nor part of another result.

Other passes find that x * 1 is x. But what the function computed is the caller's to write to: that
must change neither what the function was given nor another result.
"""

from __future__ import annotations

from .ir import Number, Program, Value


def with_separate_results(program: Program, original: Program) -> Program:
    """The program with copies where results would share memory that they did not share.

    Args:
        original: the program before all passes, whose results are inputs where the function's were.
    """
    values = list(program.values)
    outputs: list[Number] = []
    taken: set[Number] = set()
    for k, before in zip(program.outputs, original.outputs):
        root = _root(program, k)
        if values[root].op == "input":
            wanted = original.values[_root(original, before)].op != "input"
        else:
            wanted = root in taken
        if wanted:
            value = values[k]
            values.append(Value("copy", (k,), (), value.shape, value.dtype, value.strides))
            outputs.append(len(values) - 1)
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
