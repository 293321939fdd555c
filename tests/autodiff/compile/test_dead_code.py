"""Dead code goes, inputs stay."""

from __future__ import annotations

import numpy as onp

import autodiff.numpy as np
from autodiff import grad
from autodiff.compile import record
from autodiff.compile.dead_code import without_dead_code
from autodiff.compile.lowering import lower

X = onp.ones(3)


def _program(fun: object, *args: object) -> object:
    return lower(record(fun, *args))  # type: ignore[arg-type]


def test_what_nothing_reads_goes() -> None:
    def fun(x, y):  # type: ignore[no-untyped-def]
        np.tanh(np.exp(x))
        return x + 1

    program = without_dead_code(_program(fun, X, X))  # type: ignore[arg-type]
    assert [value.op for value in program.values] == ["input", "input", "constant", "add"]
    assert program.outputs == (3,)


def test_a_gradient_does_not_compute_the_value() -> None:
    program = _program(grad(lambda x: np.sum(np.exp(x))), X)
    assert "sum" in [value.op for value in program.values]  # type: ignore[attr-defined]
    kept = without_dead_code(program)  # type: ignore[arg-type]
    assert "sum" not in [value.op for value in kept.values]


def test_a_program_without_any_is_as_it_was() -> None:
    program = without_dead_code(_program(lambda x: x + 1, X))  # type: ignore[arg-type]
    assert without_dead_code(program) is program
