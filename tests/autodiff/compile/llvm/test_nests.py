"""Nests as code: what their interpreter says, vectorised, one function for equal ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest
from loop_interpreter import interpret

import autodiff.numpy as np
from autodiff.compile import record
from autodiff.compile.ir import Program
from autodiff.compile.llvm import engine
from autodiff.compile.llvm.executable import executable
from autodiff.compile.llvm.object_layout import LAYOUT
from autodiff.compile.llvm.program import write_module
from autodiff.compile.loops.factors import with_matrices
from autodiff.compile.loops.loop_program import LoopProgram, loop_program
from autodiff.compile.loops.scatter_sums import with_scatter_sums
from autodiff.compile.lowering import lower
from autodiff.compile.passes import optimized
from autodiff.numpy.assignment import index_add

RNG = onp.random.default_rng(2)
X = RNG.normal(size=(7, 9))
PLACES = onp.array([3, 0, -1, 3, 2])


def _program(fun: Callable[..., Any], *args: Any) -> Program:
    return optimized(lower(record(fun, *args)))


def _loops(program: Program) -> LoopProgram:
    return loop_program(with_matrices(with_scatter_sums(program)))


EXACT: dict[str, tuple[Any, ...]] = {
    "pieces in the last axis": (lambda x: np.roll(x, 2, 1) - np.roll(x, -3, 1), X),
    "pieces in all axes": (lambda x: np.pad(x * 2, ((2, 1), (1, 3))) + 1, X),
    "wraps": (lambda x: np.roll(x, 1, 0) - np.roll(x, -2, 0) * x, X),
    "computed places": (lambda x, k: x[k % 7, k % 9] * 2, X, PLACES),
    "checked places": (lambda x, k: x[k][:, :5] + x[:, k][:5], X, PLACES),
    "added at repeated places": (lambda x, k: index_add(x, k, x[:5] * 2), X, PLACES),
    "every other entry": (lambda x: _every_other(x), X),
    "extremes": (lambda x: (np.max(x, 1), np.min(x * 2, 0), np.max(x)), X),
    "whole numbers": (lambda k: (np.sum(k), np.prod(k + 5), k // 2, k % 3, -k), PLACES),
    "truth values": (lambda x: (np.any(x > 1, 0), np.all(x > -3), (x > 0) ^ (x < 1)), X),
    "single numbers": (lambda x: x.astype("float32") * 3 - 1, X),
    "one entry": (lambda x: x[0, 0] * x[1, 1], X),
    "copies": (lambda x: (x.T, x[::-1], np.broadcast_to(x[0], (3, 9))), X),
}  # fmt: skip


def _every_other(x: Any) -> Any:
    y = np.zeros(x.shape)
    y[::2, 1::3] = x[::2, 1::3]
    y[1::-1, ::2] = 2.0
    return y


@pytest.mark.parametrize("name", EXACT)
def test_code_does_what_the_loops_say(name: str) -> None:
    fun, *args = EXACT[name]
    program = _program(fun, *args)
    run = executable(program)
    for _ in range(2):
        for got, wanted in zip(run(*args), interpret(_loops(program), args)):
            assert got.dtype == wanted.dtype
            onp.testing.assert_array_equal(got, wanted)


@pytest.mark.usefixtures("host_is_x86")
@pytest.mark.parametrize(
    ("fun", "instruction"),
    [
        (lambda x: (x + 1) * x, "mulpd"),
        (lambda x: np.roll(x, 3) * x, "mulpd"),
        (lambda x: np.tanh(x), "mulpd"),
        (lambda x: np.where(x > 0, x, -x) * 2, "pd"),
        (lambda x: np.sum(x * x), "addpd"),
    ],
)
def test_loops_are_vectorised(fun: Any, instruction: str) -> None:
    code = engine.assembly(write_module(_loops(_program(fun, onp.ones(1000))), LAYOUT))
    assert instruction in code


def test_equal_nests_are_one_function() -> None:
    def fun(x: Any) -> Any:
        for _ in range(6):
            x = np.tanh(x) - np.roll(np.tanh(x), 1, 0)
        return x

    text = str(write_module(_loops(_program(fun, X)), LAYOUT))
    assert text.count("define internal void @loops") <= 4


def test_a_bad_index_writes_nothing_outside() -> None:
    """The place is taken for 0, and NumPy's error says what was wrong."""
    program = _program(lambda x, k: x[k] * 2, X, PLACES)
    run = executable(program)
    for bad in (7, -8, 2**62, -(2**62)):
        with pytest.raises(IndexError, match="out of bounds"):
            run(X, onp.where(PLACES == 2, bad, PLACES))
    onp.testing.assert_array_equal(run(X, PLACES)[0], X[PLACES] * 2)
