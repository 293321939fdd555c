"""Memory of compiled programs: never more than eager evaluation's, and no leak over many calls."""

from __future__ import annotations

import gc
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import compiled, grad, unroll
from autodiff.compile import kept_rows
from autodiff.compile.families import Entry, Family

X = onp.random.default_rng(0).normal(size=(120, 90))
W = onp.random.default_rng(1).normal(size=(90, 90)) / 9


def _peak(fun: Callable[[], Any]) -> int:
    """Bytes that are allocated at once while a function runs, its result among them."""
    gc.collect()
    tracemalloc.start()
    try:
        fun()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _chain(x: Any) -> Any:
    for k in range(8):
        x = np.tanh(x) * (1 + k) - np.sin(x)
    return x


def _layers(w: Any) -> Any:
    x = X
    for _ in range(4):
        x = np.tanh(x @ w)
    return np.mean(x**2)


def _stencil(x: Any) -> Any:
    for _ in range(5):
        x = x + 0.1 * (np.roll(x, 1, 0) + np.roll(x, -1, 0) + np.roll(x, 1, 1) - 3 * np.sin(x))
    return np.sum(x**2)


def _softmax(x: Any) -> Any:
    powers = np.exp(x - np.max(x, 1, keepdims=True))
    return np.sum(np.log(powers / np.sum(powers, 1, keepdims=True))[:, 0])


def _products(w: Any) -> Any:
    for _ in range(10):
        w = w @ w
    return w


FUNCTIONS: dict[str, tuple[Callable[[Any], Any], Any]] = {
    "a chain of maps": (_chain, X),
    "a chain of products": (_products, W),
    "gradient of maps": (grad(lambda x: np.sum(_chain(x))), X),
    "gradient of layers": (grad(_layers), W),
    "gradient of a stencil": (grad(_stencil), X),
    "gradient of a softmax": (grad(_softmax), X),
    "gradient of rows": (grad(lambda x: np.sum(x[onp.arange(90)] @ W * x[0])), X),
}


def _run_anew(entry: Entry, *args: Any) -> Any:
    """A run that finds no memory that another one left."""
    for run in getattr(entry._run, "runs", [entry._run]):
        run._idle.clear()
    return entry.run(args)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_peak_is_at_most_that_of_eager_evaluation(backend: str, name: str) -> None:
    fun, x = FUNCTIONS[name]
    entry = Family(fun).entry([x])
    entry.run([x])
    eager = _peak(lambda: fun(x))
    if backend == "replay":  # whose buffers stay while NumPy makes results and gathers
        eager *= 2
    # 10 kB: what the interpreter needs beside arrays of 86 and 65 kB.
    assert _peak(lambda: _run_anew(entry, x)) <= eager + 10_000


def _step(w: Any) -> Callable[[Any, Any], Any]:
    return lambda s, x: np.tanh(s @ w) + 0.1 * x * s


TIMES = onp.linspace(0, 1, 30)


def _loop(w: Any, **options: Any) -> Any:
    return np.sum(unroll(_step(w), X, TIMES, **options) ** 2)


def _written_out(w: Any) -> Any:
    state = X
    for x in TIMES:
        state = _step(w)(state, x)
    return np.sum(state**2)


@pytest.mark.usefixtures("backend")
def test_a_loop_in_a_budget_needs_at_most_what_an_eager_one_does() -> None:
    budget = {"memory": 3 * X.nbytes}
    grad(_loop)(W, compiled=True, **budget)
    eager = _peak(lambda: grad(_loop)(W, **budget))
    assert _peak(lambda: grad(_loop)(W, compiled=True, **budget)) <= eager + 10_000


@pytest.mark.usefixtures("backend")
def test_a_loop_without_one_needs_at_most_what_it_does_written_out() -> None:
    """Besides states it keeps what is dear to compute again, and some buffers of both sweeps."""

    def run() -> Any:
        kept_rows._spare.clear()
        return grad(_loop)(W, compiled=True)

    run()
    assert _peak(run) <= _peak(lambda: grad(_written_out)(W)) + 6 * X.nbytes


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.usefixtures("backend")
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="asks Linux")
def test_a_hundred_thousand_calls_leave_nothing_behind() -> None:
    small = X[:3, :4].copy()
    fun = compiled(lambda x: np.sum(np.tanh(x) * x[onp.array([0, 2, 1])]))
    slope = compiled(grad(lambda x: np.sum(np.sort(x * 2) ** 2)))  # with a call of Python between

    def calls(count: int) -> None:
        for _ in range(count):
            fun(small)
            slope(small)

    calls(1000)
    before = _resident()
    calls(50_000)  # of each
    assert _resident() - before < 1_000_000  # ten bytes a call


@pytest.mark.usefixtures("backend")
def test_programs_go_with_their_functions() -> None:
    fun = compiled(grad(lambda x: np.sum(np.tanh(x @ x.T))))
    fun(X[:5])
    entries = [x for x in gc.get_objects() if isinstance(x, Entry)]
    count = len(entries)
    del fun, entries
    gc.collect()
    assert sum(isinstance(x, Entry) for x in gc.get_objects()) < count
