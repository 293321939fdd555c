"""Copies for BLAS, which takes matrices without gaps and writes them row by row.

Values that a program computes for itself are laid out as they are needed. Those that are given, or
that leave it, lie as they must.
"""

from __future__ import annotations

from ..ir import Builder, Number, Program, Value, is_contiguous, with_operands
from ..strides import contiguous
from .storing import element_strides, is_matrix


def with_matrices(program: Program) -> Program:
    """The program with a copy of each factor, and before each result, that lies otherwise."""
    builder = Builder()
    numbers: list[Number] = []
    outputs = set(program.outputs)
    fixed = {k for k, value in enumerate(program.values) if value.kind == "leaf"} | outputs
    for value in program.values:
        operands = [numbers[x] for x in value.operands]
        if value.kind == "gemm":
            operands = [
                _copied(builder, numbers[x]) if x in fixed and not _is_matrix(program, x) else k
                for x, k in zip(value.operands, operands)
            ]
        numbers.append(builder.add(with_operands(value, operands)))
    results = [
        _copied(builder, numbers[k], program.values[k].strides)
        if _is_bent(program, k)
        else numbers[k]
        for k in program.outputs
    ]
    return builder.program(results)


def _is_matrix(program: Program, k: Number) -> bool:
    value = program.values[k]
    return 0 in value.shape or is_matrix(value.shape, element_strides(value, True))


def _is_bent(program: Program, k: Number) -> bool:
    """Whether a product leaves the program and must not lie row by row then."""
    value = program.values[k]
    return value.kind == "gemm" and not is_contiguous(value)


def _copied(builder: Builder, k: Number, strides: tuple[int, ...] | None = None) -> Number:
    value = builder.values[k]
    strides = strides or contiguous(value.shape, int(value.dtype.itemsize))
    return builder.add(Value("copy", (k,), (), value.shape, value.dtype, strides))
