"""A loop over a program's body: arrays that stay, go from row to row, and change places."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff.compile import record
from autodiff.compile.llvm.driver import Moves, OutOfBoundsError
from autodiff.compile.llvm.executable import Executable, executable
from autodiff.compile.lowering import lower
from autodiff.compile.passes import optimized


def _compiled(fun: Callable[..., Any], *args: Any) -> Executable:
    return executable(optimized(lower(record(fun, *args))))


def _moves(code: Executable) -> Moves:
    """A table for inputs, results and the workspace."""
    assert not code.constants
    size = len(code.program.inputs) + len(code.results) + 1
    moves = Moves(size)
    moves.still(size - 1, code.new_workspace())
    return moves


def test_rows_go_forwards_and_backwards() -> None:
    x = onp.arange(12.0).reshape(6, 2)
    code = _compiled(lambda x: x * 2 + 1, x[0])
    for first, step in ((0, 1), (5, -1), (1, 2)):
        count = {1: 6, -1: 6, 2: 2}[step]
        out = onp.zeros((6, 2))
        moves = _moves(code)
        moves.rows(0, x, first, step)
        moves.rows(1, out, 0, 1)
        moves.run(code, count)
        onp.testing.assert_array_equal(out[:count], (x[first::step] * 2 + 1)[:count])
        assert not out[count:].any()


def test_two_buffers_change_places() -> None:
    code = _compiled(lambda x, w: np.sin(x) + w, onp.ones(3), onp.ones(3))
    w = onp.array([0.1, -0.2, 0.3])
    for count in range(5):
        one, other = onp.zeros(3), onp.full(3, 99.0)
        moves = _moves(code)
        moves.alternate(0, one, other)
        moves.still(1, w)
        moves.alternate(2, other, one)
        moves.run(code, count)
        wanted = onp.zeros(3)
        for _ in range(count):
            wanted = onp.sin(wanted) + w
        onp.testing.assert_allclose((one, other)[count % 2], wanted, rtol=1e-14)


def test_it_stops_where_an_index_is_out_of_bounds() -> None:
    places = onp.array([0, 2, 1, 3, 0])[:, None]
    code = _compiled(lambda x, k: x[k] * 1, onp.arange(3.0), onp.array([0]))
    out = onp.zeros((5, 1))
    moves = _moves(code)
    moves.still(0, onp.arange(3.0))
    moves.rows(1, places, 0, 1)
    moves.rows(2, out, 0, 1)
    with pytest.raises(OutOfBoundsError):
        moves.run(code, 5)
    assert out[:3, 0].tolist() == [0, 2, 1]


@pytest.mark.usefixtures("_small_loops_are_shared")
@pytest.mark.parametrize("threads", ["1", "2", "3"])
def test_threads_move_on_together(monkeypatch: pytest.MonkeyPatch, threads: str) -> None:
    monkeypatch.setenv("AUTODIFF_THREADS", threads)
    x = onp.random.default_rng(0).normal(size=(211, 203))
    fun = lambda x: np.tanh(x + 0.1 * np.roll(x, 1, 0) * np.exp(-(x**2)))  # noqa: E731
    code = _compiled(fun, x)
    assert code.shared
    one, other = x.copy(), onp.empty_like(x)
    moves = _moves(code)
    moves.alternate(0, one, other)
    moves.alternate(1, other, one)
    moves.run(code, 20)
    wanted = x
    for _ in range(20):
        wanted = code(wanted)[0]
    onp.testing.assert_array_equal(one, wanted)


@pytest.mark.usefixtures("_small_loops_are_shared")
@pytest.mark.parametrize("threads", ["1", "2", "3"])
@pytest.mark.parametrize("bad", [0, 150, 299])
def test_threads_stop_together_whichever_of_them_finds_it(
    monkeypatch: pytest.MonkeyPatch, threads: str, bad: int
) -> None:
    """One that went on alone would wait for the others for ever."""
    monkeypatch.setenv("AUTODIFF_THREADS", threads)
    x = onp.random.default_rng(0).normal(size=(300, 203))
    rows = onp.tile(onp.arange(300), (9, 1))
    rows[4, bad] = 300
    code = _compiled(lambda x, k: np.tanh(x) - np.exp(-(x**2))[k] * x[k], x, rows[0])
    assert code.shared
    for count in (4, 9, 5, 4):
        one, other = x.copy(), onp.empty_like(x)
        moves = _moves(code)
        moves.alternate(0, one, other)
        moves.rows(1, rows, 0, 1)
        moves.alternate(2, other, one)
        if count > 4:
            with pytest.raises(OutOfBoundsError):
                moves.run(code, count)
        else:
            moves.run(code, count)
