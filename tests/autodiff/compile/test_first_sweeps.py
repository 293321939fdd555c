"""A sweep's machine code is made when it is first run, whoever runs it and however that ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, unroll
from autodiff.compile import steps
from autodiff.compile import sweeps as sweeps_module

pytest.importorskip("llvmlite")

START = onp.linspace(-1, 1, 12).reshape(3, 4)
XS = onp.linspace(0.5, 1, 6)
FEW = 2 * START.nbytes


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    steps._families.clear()
    yield
    steps._families.clear()


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Gets the program of each sweep whose machine code is asked for."""
    programs: list[Any] = []
    executable = sweeps_module.executable

    def noted(program: Any) -> Any:
        programs.append(program)
        return executable(program)

    monkeypatch.setattr(sweeps_module, "executable", noted)
    return programs


def loss(start: Any, memory: int | None = None, compiled: bool = True) -> Any:
    step = lambda s, x: np.tanh(s * x) + np.exp(-s)  # noqa: E731
    return np.sum(unroll(step, start, XS, memory=memory, compiled=compiled) ** 2)


def test_only_the_sweeps_that_run_are_made(made: list[Any]) -> None:
    grad(loss)(START)
    assert len(made) == 2  # the step that hands its residuals over, and its reversal
    grad(loss)(START)
    assert len(made) == 2
    loss(START)
    assert len(made) == 3  # the plain step


@pytest.mark.parametrize("memory", [None, FEW])
@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
@pytest.mark.parametrize("fails", [0, 1])
def test_what_was_interrupted_while_it_was_made_is_made_anew(
    memory: int | None,
    error: type[BaseException],
    fails: int,
    monkeypatch: pytest.MonkeyPatch,
    made: list[Any],
) -> None:
    noted = sweeps_module.executable

    def failing(program: Any) -> Any:
        if len(made) == fails:
            made.append(None)
            raise error
        return noted(program)

    monkeypatch.setattr(sweeps_module, "executable", failing)
    with pytest.raises(error):
        grad(loss)(START, memory)
    onp.testing.assert_allclose(
        grad(loss)(START, memory), grad(loss)(START, None, False), rtol=1e-13
    )


def test_threads_may_run_a_loop_for_the_first_time_at_once() -> None:
    together, found = threading.Barrier(4), list[Any]()

    def work() -> None:
        together.wait(30)
        found.append(grad(loss)(START))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = grad(loss)(START, None, False)
    assert len(found) == 4
    for bars in found:
        onp.testing.assert_array_equal(bars, found[0])
        onp.testing.assert_allclose(bars, expected, rtol=1e-13)
