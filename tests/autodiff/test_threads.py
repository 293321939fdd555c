"""Threads that differentiate at the same time."""

from __future__ import annotations

import threading
from typing import Any

import numpy as onp

import autodiff.numpy as np
from autodiff import grad, make_vjp
from autodiff.core import (
    JVPTrace,
    Tape,
)


def test_interleaved_threads_do_not_confuse_their_levels() -> None:
    """A enters, B enters, A leaves, B starts a nested gradient."""
    a_in, b_in, a_out = threading.Event(), threading.Event(), threading.Event()
    results: dict[str, float] = {}

    def first(x: Any) -> Any:
        a_in.set()
        assert b_in.wait(10)
        return x * x

    def second(x: Any) -> Any:
        b_in.set()
        assert a_out.wait(10)
        return x * grad(lambda y: x * y * y)(x)  # 2 x^3

    def run_first() -> None:
        results["a"] = grad(first)(3.0)
        a_out.set()

    def run_second() -> None:
        assert a_in.wait(10)
        results["b"] = grad(second)(2.0)

    threads = [threading.Thread(target=run) for run in (run_first, run_second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert results == {"a": 6.0, "b": 24.0}


def test_threads_differentiate_at_once() -> None:
    def work(x: Any) -> Any:
        for _ in range(50):
            x = np.sin(x) + grad(lambda y, x=x: x * y * y)(x) * 0.1
        return np.sum(x)

    expected = [grad(work)(k / 4) for k in range(4)]
    results: dict[tuple[int, int], float] = {}

    def run(thread: int) -> None:
        for repeat in range(5):
            for k in range(4):
                results[thread, repeat * 4 + k] = grad(work)(k / 4) - expected[k]

    threads = [threading.Thread(target=run, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(results) == 80
    assert set(results.values()) == {0.0}


def test_one_vjp_is_called_by_several_threads() -> None:
    x = onp.linspace(0, 1, 50)
    vjp, _ = make_vjp(lambda x: np.sin(x) * x[0] + x + x)(x)
    expected = vjp(onp.ones(50))
    wrong: list[int] = []

    def run() -> None:
        wrong.extend(k for k in range(200) if not onp.array_equal(vjp(onp.ones(50)), expected))

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []


def test_levels_are_never_used_twice() -> None:
    levels = [trace_kind().level for _ in range(10) for trace_kind in (Tape, JVPTrace)]
    assert levels == sorted(set(levels))
