"""Dead code: values that no result depends on are left out. Inputs stay."""

from __future__ import annotations

from .ir import Number, Program, with_operands


def without_dead_code(program: Program) -> Program:
    """The program without values that nothing reads."""
    values = program.values
    live = set(program.outputs)
    for k in reversed(range(len(values))):
        if k in live or values[k].op == "input":
            live.add(k)
            live.update(values[k].operands)
    kept = sorted(live)
    if len(kept) == len(values):
        return program
    numbers: dict[Number, Number] = {k: n for n, k in enumerate(kept)}
    return Program(
        tuple(with_operands(values[k], [numbers[x] for x in values[k].operands]) for k in kept),
        tuple(numbers[k] for k in program.outputs),
    )
