"""The passes together: what they leave they leave for good, and programs print."""

from __future__ import annotations

from typing import Any

import numpy as onp

import autodiff.numpy as np
from autodiff import grad
from autodiff.compile.ir import Program
from autodiff.compile.lowering import lower
from autodiff.compile.passes import loosened, optimized
from autodiff.compile.recording import record
from autodiff.compile.replay import Replay

X = onp.random.default_rng(0).normal(size=(4, 3))


def fun(x: Any) -> Any:
    rows = np.concatenate([np.tanh(x[k]) * 1.0 for k in range(4)])
    return np.sum(rows**3) + np.mean(np.negative(-x) / 1.0) - np.sum(x.T.T + 0.0)


def lowered() -> Program:
    return lower(record(grad(fun), X))


def test_a_second_round_finds_nothing_more() -> None:
    once = optimized(lowered())
    assert str(optimized(once)) == str(once)
    loose = loosened(once)
    assert str(loosened(loose)) == str(loose)


def test_the_program_is_shorter_and_gives_the_same_bits() -> None:
    before, after = lowered(), optimized(lowered())
    assert len(after) < len(before)
    for got, wanted in zip(Replay(after)(X), Replay(before)(X), strict=True):
        onp.testing.assert_array_equal(got, wanted)


def test_a_program_is_left_as_it_is_where_nothing_is_to_be_loosened() -> None:
    program = optimized(lower(record(lambda x: np.tanh(x) * 2, X)))
    assert loosened(program) is program


def test_programs_are_not_changed() -> None:
    program = lowered()
    before = str(program)
    loosened(optimized(program))
    assert str(program) == before
