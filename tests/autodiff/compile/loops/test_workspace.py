"""Where values lie: apart while they live together, in memory that is used again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest
from loop_interpreter import interpret

import autodiff.numpy as np
from autodiff import grad
from autodiff.compile import record
from autodiff.compile.loops.loop_program import LoopProgram, loop_program
from autodiff.compile.lowering import lower
from autodiff.compile.passes import optimized

SQUARE = onp.random.default_rng(5).normal(size=(8, 8)) / 8


def _loops(fun: Callable[..., Any], *args: Any) -> LoopProgram:
    return loop_program(optimized(lower(record(fun, *args))))


def _lives(loops: LoopProgram) -> dict[int, tuple[int, int]]:
    """Value -> its first and its last step, results included."""
    found: dict[int, tuple[int, int]] = {}
    leaves = {k for k, value in enumerate(loops.program.values) if value.kind == "leaf"}
    for at, step in enumerate(loops.steps):
        for k in (step.reads | step.writes) - leaves:
            found[k] = (found.get(k, (at, at))[0], at)
    for k in loops.program.outputs:
        if k in found:
            found[k] = (found[k][0], len(loops.steps))
    return found


def _place(loops: LoopProgram, k: int) -> tuple[int, int, int]:
    """In which memory a value lies (-1 for the workspace), from where to where."""
    size = loops.program.values[k].nbytes
    if k in loops.workspace.offsets:
        start = loops.workspace.offsets[k]
        return -1, start, start + size
    return loops.workspace.hosts.get(k, k), 0, size


def _chain(x: Any) -> Any:
    """Each value is read by the next product alone: two of them live at any time."""
    for k in range(12):
        x = np.tanh(x @ x) * (1 + k)
    return x


def _two(x: Any) -> Any:
    small = np.sum(np.tanh(x @ x) @ x, 0)
    return _chain(x), small, np.sum(_chain(x) @ x) * small


@pytest.mark.parametrize("fun", [_chain, _two, grad(lambda x: np.sum(_chain(x) * x))])
def test_values_that_live_together_lie_apart(fun: Any) -> None:
    loops = _loops(fun, SQUARE)
    lives = _lives(loops)
    assert len(lives) > 10
    for k, (first, last) in lives.items():
        memory, start, stop = _place(loops, k)
        if memory < 0:
            assert start % 64 == 0
            assert stop <= loops.workspace.size
        else:
            assert stop <= loops.program.values[memory].nbytes
        for other, (begin, end) in lives.items():
            if other != k and begin <= last and first <= end:
                elsewhere, low, high = _place(loops, other)
                assert memory != elsewhere or stop <= low or high <= start


@pytest.mark.parametrize("fun", [_chain, grad(lambda x: np.sum(_chain(x)))])
def test_memory_is_used_again(fun: Any) -> None:
    loops = _loops(fun, SQUARE)
    lives = {k: life for k, life in _lives(loops).items() if k not in loops.program.outputs}
    values = loops.program.values
    most = max(
        sum(values[k].nbytes for k, (first, last) in lives.items() if first <= at <= last)
        for at in range(len(loops.steps))
    )
    # What lives at one time, and half as much again for gaps.
    assert loops.workspace.size <= 1.5 * most
    assert loops.workspace.size < sum(values[k].nbytes for k in lives)


@pytest.mark.parametrize("count", [2, 3, 8, 9])
def test_a_chain_needs_one_buffer_besides_its_result(count: int) -> None:
    def powers(x: Any) -> Any:
        for _ in range(count):
            x = x @ x
        return x

    loops = _loops(powers, SQUARE)
    assert loops.workspace.size == SQUARE.nbytes
    assert len(loops.workspace.hosts) == (count - 1) // 2
    (got,) = interpret(loops, (SQUARE,))
    onp.testing.assert_allclose(got, powers(SQUARE), rtol=1e-12)


def test_a_result_that_is_too_small_or_written_too_early_hosts_nothing() -> None:
    loops = _loops(lambda x: np.sum(_chain(x) @ x), SQUARE)
    assert not loops.workspace.hosts
    loops = _loops(lambda x: (x * 2, np.sum(_chain(x) @ x)), SQUARE)
    assert not loops.workspace.hosts


def test_a_map_needs_no_workspace() -> None:
    assert _loops(lambda x: np.tanh(x) * np.exp(x) - 1, SQUARE).workspace.size == 0
