"""Threads that run compiled code together: the same bits, one call at a time, forks, interrupts."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad
from autodiff.compile import record
from autodiff.compile.llvm import team, turns
from autodiff.compile.llvm.executable import Executable, executable
from autodiff.compile.loops import nest
from autodiff.compile.lowering import lower
from autodiff.compile.passes import loosened, optimized

FIELD = onp.random.default_rng(0).normal(size=(301, 257))  # rows that no number of threads divides


@pytest.fixture
def _two_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTODIFF_THREADS", "2")


def _compiled(fun: Callable[..., Any], *args: Any) -> Executable:
    return executable(loosened(optimized(lower(record(fun, *args)))))


@pytest.fixture(autouse=True)
def _threads_for_small_programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Or each test would compute with millions of numbers."""
    monkeypatch.setattr(nest, "WORTH_SHARING", 32_000)
    monkeypatch.setattr(turns, "WORTH_SHARING", 32_000)
    monkeypatch.setattr(turns, "_WORTH_THREADS", 400_000)
    monkeypatch.setenv("AUTODIFF_CACHE_DIR", str(tmp_path))  # where nothing is compiled otherwise


def _smoothed(x: Any) -> Any:
    """Nests that many threads do, sums that one does, and products between."""
    for _ in range(3):
        x = np.tanh(x + 0.1 * (np.roll(x, 1, 0) + np.roll(x, -1, 1) - 2 * x))
        x = x - np.mean(x, 0)
    return x, np.sum(x), x @ x.T[:, :3], x[::-2], np.exp(x[:, :1] * x)


def _places(x: Any) -> Any:
    rows = (x[:, 0] * 100).astype(int) % 301
    return x[rows] * np.sin(x), np.cos(x) * x[rows[::-1]]


@pytest.mark.parametrize("fun", [_smoothed, grad(lambda x: np.sum(_smoothed(x)[0] ** 2)), _places])
def test_bits_do_not_depend_on_how_many_threads_there_are(
    monkeypatch: pytest.MonkeyPatch, fun: Any
) -> None:
    run = _compiled(fun, FIELD)
    assert run.shared
    monkeypatch.setenv("AUTODIFF_THREADS", "1")
    wanted = [x.copy() for x in run(FIELD)]
    for count in (2, 3, 5):
        monkeypatch.setenv("AUTODIFF_THREADS", str(count))
        for _ in range(5):
            for got, x in zip(run(FIELD), wanted):
                assert got.tobytes() == x.tobytes()


def test_small_programs_are_run_by_one_thread() -> None:
    assert not _compiled(_smoothed, FIELD[:20, :20]).shared


@pytest.mark.usefixtures("_two_threads")
def test_an_index_out_of_bounds_is_found_by_whichever_thread() -> None:
    run = _compiled(lambda x, k: x[k] * np.sin(x) * np.exp(x), FIELD, onp.arange(301))
    assert run.shared
    for bad in (0, 150, 300):
        places = onp.arange(301)
        places[bad] = 301
        with pytest.raises(IndexError, match="301 is out of bounds"):
            run(FIELD, places)


@pytest.mark.usefixtures("_two_threads")
def test_calls_in_several_threads_of_python_at_once() -> None:
    run = _compiled(_smoothed, FIELD)
    inputs = [FIELD + k for k in range(3)]
    wanted = [[x.copy() for x in run(field)] for field in inputs]
    failed: list[int] = []
    barrier = threading.Barrier(3)

    def work(k: int) -> None:
        barrier.wait()
        for _ in range(20):
            if any(a.tobytes() != b.tobytes() for a, b in zip(run(inputs[k]), wanted[k])):
                failed.append(k)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


@pytest.mark.usefixtures("_two_threads")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_child_of_a_fork_has_threads_of_its_own() -> None:
    run = _compiled(_smoothed, FIELD)
    wanted = run(FIELD)[0].tobytes()
    child = os.fork()
    if child == 0:
        same = all(run(FIELD)[0].tobytes() == wanted for _ in range(3))
        # Compiling works in it too.
        same &= bool(_compiled(lambda x: x * 3.25, FIELD)(FIELD)[0][0, 0] == FIELD[0, 0] * 3.25)
        os._exit(0 if same else 1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert run(FIELD)[0].tobytes() == wanted


def test_results_come_from_all_threads_this_one_s_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTODIFF_THREADS", "4")
    found = team.run_together(lambda number, count, barrier: 10 * count + number, True)
    assert sorted(found) == [40, 41, 42, 43]
    assert found[-1] == 40
    assert team.run_together(lambda number, count, barrier: count, False) == [1]


@pytest.mark.usefixtures("_two_threads")
def test_a_busy_team_is_not_waited_for() -> None:
    def inner(number: int, count: int, barrier: int) -> int:
        return count

    def outer(number: int, count: int, barrier: int) -> int:
        return team.run_together(inner, True)[0] if number == 0 else 0

    assert team.run_together(outer, True)[-1] == 1


@pytest.mark.usefixtures("_two_threads")
def test_an_interrupt_leaves_nothing_for_the_next_call() -> None:
    go = threading.Event()

    def interrupted(number: int, count: int, barrier: int) -> int:
        if number == 0:
            raise KeyboardInterrupt
        go.wait()
        return 99

    with pytest.raises(KeyboardInterrupt):
        team.run_together(interrupted, True)
    go.set()
    for k in range(3):
        assert team.run_together(lambda number, count, barrier, k=k: k, True) == [k, k]


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("AUTODIFF_THREADS", "3", 3),
        ("AUTODIFF_THREADS", "0", 1),
        ("OMP_NUM_THREADS", "1", 1),
        ("OMP_NUM_THREADS", "2", 2),
    ],
)
def test_the_environment_says_how_many(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, wanted: int
) -> None:
    monkeypatch.delenv("AUTODIFF_THREADS", raising=False)
    monkeypatch.setenv(name, value)
    assert team.thread_count() == wanted


def test_otherwise_it_is_the_processors_of_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AUTODIFF_THREADS", "OMP_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    assert 1 <= team.thread_count() <= min(4, os.cpu_count() or 1)
    monkeypatch.setenv("AUTODIFF_THREADS", "many")
    assert 1 <= team.thread_count() <= 4
