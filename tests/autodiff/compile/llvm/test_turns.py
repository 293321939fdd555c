"""Turns of threads, and how long programs are cut up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff.compile.loops import nest
from autodiff.compile.loops.loop_program import LoopProgram, loop_program
from autodiff.compile.lowering import lower
from autodiff.compile.passes import optimized
from autodiff.compile.recording import record

turns = pytest.importorskip("autodiff.compile.llvm.turns", exc_type=ImportError)


def loops_of(fun: Any, *args: Any) -> LoopProgram:
    return loop_program(optimized(lower(record(fun, *args))))


def repeated(w: Any, x: Any) -> Any:
    for _ in range(70):
        x = np.tanh(w @ x)
    return x


@pytest.fixture(autouse=True)
def small_programs_are_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (nest, turns):
        monkeypatch.setattr(module, "WORTH_SHARING", 32_000)
    monkeypatch.setattr(turns, "_WORTH_THREADS", 400_000)


def test_one_thread_has_the_steps_in_turns_of_bounded_length() -> None:
    loops = loops_of(repeated, onp.ones((3, 3)), onp.ones(3))
    found = turns.turns_of(loops)
    assert len(loops.steps) == 140
    assert [step for turn in found for step in turn.steps] == list(loops.steps)
    assert max(turn.length for turn in found) == turns.MOST_STEPS
    assert not any(turn.divided or turn.waits for turn in found)


def test_threads_divide_large_nests_and_wait_for_what_one_does_alone() -> None:
    def fun(x: Any, w: Any) -> Any:
        return np.tanh(np.sin(x) * 2.0) + np.sum(w @ w)

    loops = loops_of(fun, onp.ones((1500, 900)), onp.ones((3, 3)))
    assert turns.is_shared(loops)
    found = turns.turns_of(loops)
    assert [turn.divided for turn in found] == [False, True]
    assert all(turn.waits for turn in found)
    assert not turns.is_shared(loops_of(fun, onp.ones((4, 300)), onp.ones((3, 3))))


def test_threads_do_not_wait_within_a_long_run_that_one_does_alone() -> None:
    def fun(big: Any, w: Any, x: Any) -> Any:
        return np.tanh(np.sin(big) * 2.0), repeated(w, x)

    loops = loops_of(fun, onp.ones((1500, 900)), onp.ones((3, 3)), onp.ones(3))
    alone = [turn for turn in turns.turns_of(loops) if not turn.divided]
    assert [turn.waits for turn in alone] == [False] * (len(alone) - 1) + [True]
    assert sum(turn.length for turn in alone) == 140


def test_chunks_keep_the_order_and_are_bounded() -> None:
    loops = loops_of(repeated, onp.ones((3, 3)), onp.ones(3))
    long = replace(loops, steps=loops.steps[:100])
    every = [turn for count in (7, 30, 20, 48, 1) for turn in [turns.Turn(long.steps[:count])]]
    chunks = turns.chunks_of(every)
    assert [turn for chunk in chunks for turn in chunk] == every
    assert [[turn.length for turn in chunk] for chunk in chunks] == [[7, 30], [20], [48], [1]]
