"""Sweeps of loops in machine code, beside eager ones: layouts, dtypes, schedules, errors."""

from __future__ import annotations

import gc
import threading
import tracemalloc
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as onp
import pytest
from agreement import tolerances

import autodiff.numpy as np
from autodiff import grad, make_vjp, unroll
from autodiff.compile import kept_rows
from autodiff.compile import sweeps as sweeps_module
from autodiff.compile.llvm.driver import Moves
from autodiff.nests import flatten

pytest.importorskip("llvmlite")

RNG = onp.random.default_rng(11)
START = RNG.normal(size=(3, 4))
XS = RNG.normal(size=(6, 3, 4))
STATE_BYTES = 3 * 4 * 8
SCHEDULES: list[dict[str, Any]] = [
    {},
    {"memory": STATE_BYTES},
    {"memory": 2 * STATE_BYTES},
    {"memory": 3 * STATE_BYTES},
    {"memory": 100 * STATE_BYTES},
    {"memory": STATE_BYTES, "disk": "1 MB"},
]


class _Compiled:
    """How many sweeps ran as machine code."""

    forwards = 0


@pytest.fixture(autouse=True)
def _counted(monkeypatch: pytest.MonkeyPatch) -> None:
    _Compiled.forwards = 0
    run = Moves.run

    def counted(self: Moves, code: Any, count: int) -> int:
        _Compiled.forwards += 1
        return run(self, code, count)

    monkeypatch.setattr(Moves, "run", counted)


def _agree(got: Any, wanted: Any) -> None:
    leaves, structure = flatten(got)
    expected, other = flatten(wanted)
    assert structure == other
    for a, b in zip(leaves, expected):
        # Numbers of Python that are computed with become NumPy's.
        assert isinstance(a, onp.ndarray) == isinstance(b, onp.ndarray)
        assert onp.asarray(a).dtype == onp.asarray(b).dtype
        onp.testing.assert_allclose(a, b, **tolerances(b))


def _check(run: Callable[[bool], Any]) -> None:
    """`run(compiled)` is the same for both, and machine code is what ran."""
    wanted = run(False)
    _Compiled.forwards = 0
    for _ in range(2):
        _agree(run(True), wanted)
    assert _Compiled.forwards > 0


def _step(state: Any, x: Any) -> Any:
    return np.tanh(state + 0.3 * np.sin(x)) - 0.1 * state * x


@pytest.mark.parametrize("budget", SCHEDULES, ids=str)
def test_every_schedule(budget: Any) -> None:
    def loss(start: Any, xs: Any, w: Any, compiled: bool) -> Any:
        step = lambda s, x: _step(s, x) * w  # noqa: E731
        return np.sum(unroll(step, start, xs, compiled=compiled, **budget) ** 2)

    _check(lambda compiled: grad(loss, (0, 1, 2))(START, XS, 0.9, compiled))


def test_states_that_are_computed_again_instead_of_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeps_module, "MOST_KEPT", 0)

    def loss(start: Any, scale: Any, compiled: bool) -> Any:
        step = lambda s, x: _step(s, x) / (scale + s * s)  # noqa: E731
        return np.sum(unroll(step, start, XS, compiled=compiled) ** 2)

    _check(lambda compiled: grad(loss, (0, 1))(START, 1.5, compiled))


LAYOUTS: dict[str, Callable[[Any], Any]] = {
    "backwards": lambda xs: xs[::-1],
    "every other step": lambda xs: onp.repeat(xs, 2, 0)[::2],
    "columns": lambda xs: onp.repeat(xs, 3, 2)[:, :, ::3],
    "rows across": lambda xs: onp.ascontiguousarray(xs.transpose(0, 2, 1)).transpose(0, 2, 1),
    "steps last": lambda xs: onp.ascontiguousarray(xs.transpose(1, 2, 0)).transpose(2, 0, 1),
    "entries backwards": lambda xs: xs[:, ::-1, ::-1],
    "one row for all": lambda xs: onp.broadcast_to(xs[0], xs.shape),
    "by columns": onp.asfortranarray,
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_rows_of_any_layout(name: str) -> None:
    xs = LAYOUTS[name](XS)

    def loss(xs: Any, compiled: bool) -> Any:
        return np.sum(unroll(_step, START, xs, compiled=compiled) ** 2)

    _check(lambda compiled: (loss(xs, compiled), grad(loss)(xs, compiled)))


@pytest.mark.parametrize("layout", [onp.asfortranarray, lambda x: x[::-1, ::-1], lambda x: x.T.T])
def test_states_and_closed_values_of_any_layout(layout: Any) -> None:
    start, w = layout(START), layout(RNG.normal(size=(4, 4)))

    def loss(start: Any, w: Any, compiled: bool) -> Any:
        step = lambda s, x: np.tanh(s @ w + x)  # noqa: E731
        return np.sum(unroll(step, start, XS, compiled=compiled) ** 2)

    _check(lambda compiled: (loss(start, w, compiled), grad(loss, (0, 1))(start, w, compiled)))


def test_a_state_that_comes_out_by_columns() -> None:
    square = START[:, :3]

    def loss(start: Any, compiled: bool) -> Any:
        step = lambda s, x: np.sin(s).T + x[:, :3]  # noqa: E731
        return np.sum(unroll(step, start, XS, compiled=compiled) ** 2)

    _check(lambda compiled: (loss(square, compiled), grad(loss)(square, compiled)))


@pytest.mark.parametrize("dtype", ["int64", "int32", "uint8", "bool", "float32"])
def test_leaves_of_every_dtype(dtype: str) -> None:
    whole = onp.asarray(RNG.integers(0, 3, (6, 2)), dtype)

    def run(compiled: bool) -> Any:
        def step(state: Any, x: Any) -> Any:
            seen = state["seen"] | x if dtype == "bool" else state["seen"] + x
            return {"seen": seen, "h": np.sin(state["h"]) + x[0] * 1.0}, seen

        return unroll(step, {"seen": whole[0], "h": 0.5}, whole, compiled=compiled, stacked=True)

    _check(run)


def test_numbers_of_python_are_of_numpy_or_stay() -> None:
    def run(compiled: bool) -> Any:
        step = lambda s, x: (s[0] + 1, s[1] * 0.5 + x, s[2] * s[0])  # noqa: E731
        return unroll(step, (0, 1.0, 2), onp.arange(4.0), compiled=compiled)

    _check(run)


def test_results_that_are_equal_constant_or_handed_on() -> None:
    """Each leaf has memory of its own, however often its value is in the result."""
    names = "abcdefg"

    def loss(start: Any, compiled: bool) -> Any:
        def step(s: Any, x: Any) -> Any:
            y = np.tanh(s["a"] + s["b"] * 0.5) + s["c"] * x
            same = {"a": y, "b": y, "c": y, "d": s["a"], "e": s["a"], "f": y.T.T}
            return {**same, "g": np.ones((3, 4))}, (y, y, s["g"])

        state = dict.fromkeys(names, start)
        end, rows = unroll(step, state, XS, compiled=compiled, stacked=True)
        return end, rows

    _check(lambda compiled: loss(START, compiled))

    def total(start: Any, compiled: bool) -> Any:
        end, rows = loss(start, compiled)
        weighted = sum((k + 1) * np.sum(end[name] ** 2) for k, name in enumerate(names))
        return weighted + np.sum(rows[0] * rows[1]) + np.sum(rows[2])

    for budget in (False, True):
        _agree(grad(total)(START, True), grad(total)(START, budget))


def test_results_can_be_written_to_and_stay() -> None:
    def run() -> Any:
        end, rows = unroll(lambda s, x: (_step(s, x), s), START, XS, compiled=True, stacked=True)
        return end, rows

    first = run()
    kept = [x.copy() for x in first]
    for x in run():
        x[...] = 7.0
    grad(lambda s: np.sum(unroll(_step, s, XS, compiled=True)))(START)
    for x, y in zip(first, kept):
        onp.testing.assert_array_equal(x, y)


@pytest.mark.parametrize("length", [0, 1, 2])
def test_short_loops(length: int) -> None:
    def loss(start: Any, xs: Any, compiled: bool) -> Any:
        return np.sum(unroll(_step, start, xs, compiled=compiled) ** 2)

    for compiled in (True, True):
        _agree(
            grad(loss, (0, 1))(START, XS[:length], compiled),
            grad(loss, (0, 1))(START, XS[:length], False),
        )


def test_loops_without_xs_and_states_without_arrays() -> None:
    def loss(w: Any, compiled: bool) -> Any:
        step = lambda s, _: (s[0] * w, s[1] + 1)  # noqa: E731
        end = unroll(step, (1.0, 0), length=9, compiled=compiled)
        return end[0] * end[1]

    _check(lambda compiled: (loss(1.1, compiled), grad(loss)(1.1, compiled)))


def test_an_output_without_derivative_and_one_that_nothing_reads() -> None:
    def loss(start: Any, compiled: bool) -> Any:
        step = lambda s, x: (_step(s, x), {"max": np.argmax(s), "s": s, "no": s * 2})  # noqa: E731
        end, rows = unroll(step, start, XS, compiled=compiled, stacked=True)
        return np.sum(end) + np.sum(rows["s"] * rows["max"][:, None, None])

    _check(lambda compiled: grad(loss)(START, compiled))


@pytest.mark.parametrize("bad", [4, -5, 10**12])
def test_an_index_out_of_bounds_is_numpy_s_error(bad: int) -> None:
    rows = onp.array([0, 3, -4, bad, 1])

    def loss(start: Any, compiled: bool) -> Any:
        step = lambda s, row: s * 0.5 + s[row % 7 if compiled is None else row]  # noqa: E731
        return np.sum(unroll(step, start, rows, compiled=compiled))

    start = START.T.copy()
    with pytest.raises(IndexError) as eager:
        loss(start, False)
    for fun in (loss, grad(loss)):
        with pytest.raises(IndexError) as compiled:
            fun(start, True)
        assert str(compiled.value) == str(eager.value)
    rows[3] = 2
    _check(lambda compiled: grad(loss)(start, compiled))


def test_threads_run_loops_of_the_same_step() -> None:
    def gradient(k: int) -> Any:
        loss = lambda s: np.sum(unroll(_step, s, XS, compiled=True) ** 2)  # noqa: E731
        return grad(loss)(START + k / 8)

    wanted = [gradient(k) for k in range(4)]
    failed: list[int] = []

    def work(k: int) -> None:
        for _ in range(20):
            if not onp.array_equal(gradient(k), wanted[k]):
                failed.append(k)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


BUDGETS_OF_STATES: list[dict[str, int]] = [
    {"memory": 1}, {"memory": 2}, {"memory": 5}, {"memory": 11}, {"memory": 30}, {"memory": 46},
    {"memory": 4, "disk": 3}, {"memory": 12, "disk": 5}, {"memory": 12, "disk": 50},
]  # fmt: skip


@pytest.mark.parametrize("states", BUDGETS_OF_STATES, ids=str)
def test_gradients_have_the_same_bits_with_every_budget(states: dict[str, int]) -> None:
    """Segments of several steps, a shorter last one, residuals in them; 47 steps of 320 bytes."""
    rng = onp.random.default_rng(0)
    start, xs, w = rng.normal(size=(5, 8)), rng.normal(size=(47, 5, 8)), rng.normal(size=(8, 8))

    def loss(w: Any, xs: Any, start: Any, **budget: Any) -> Any:
        def step(state: Any, x: Any) -> Any:
            after = np.tanh(state @ w / 4 + x)
            return after, np.sum(after, axis=1)

        end, ys = unroll(step, start, xs, stacked=True, compiled=True, **budget)
        return np.sum(end**2) + np.sum(ys * ys)

    whole = grad(loss, (0, 1, 2))(w, xs, start)
    budget = {key: count * start.nbytes for key, count in states.items()}
    pull, _ = make_vjp(partial(loss, **budget), argnum=(0, 1, 2))(w, xs, start)
    for got in (pull(1.0), pull(1.0)):  # the second time the snapshots are used up
        for a, b in zip(got, whole):
            onp.testing.assert_array_equal(a, b)


def test_residuals_are_kept_within_the_budget_too() -> None:
    start, xs = onp.ones((50, 50)), onp.linspace(0, 1, 20)

    def peak(memory: int | None) -> int:
        def loss(s: Any) -> Any:
            step = lambda s, x: np.tanh(np.exp(np.sin(s) * x))  # noqa: E731
            return np.sum(unroll(step, s, xs, memory=memory, compiled=True))

        gradient = grad(loss)
        gradient(start)
        gc.collect()
        kept_rows._spare.clear()
        tracemalloc.start()
        gradient(start)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    states = 20 * start.nbytes
    assert peak(None) > 2 * states  # with the residuals
    assert peak(int(1.1 * states)) < 1.6 * states  # and the ends, and cotangents


def test_rows_go_to_the_next_loop_and_both_can_be_reversed_again() -> None:
    xs = onp.linspace(0, 1, 9)

    def loss(s: Any) -> Any:
        return np.sum(unroll(lambda s, x: np.tanh(s * 2 + x), s, xs, compiled=True))

    one, other = onp.arange(4.0), onp.arange(4.0) / 7
    first, _ = make_vjp(loss)(one)
    wanted = first(1.0).copy()
    second, _ = make_vjp(loss)(other)  # takes the rows, for the first was reversed
    assert onp.array_equal(first(1.0), wanted)
    assert onp.array_equal(second(1.0), grad(loss)(other))
    assert onp.array_equal(first(1.0), wanted)
