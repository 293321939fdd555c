"""Programs in parts, machine code and Python in turns, beside their replay."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest
from agreement import assert_outputs_agree

import autodiff.numpy as np
from autodiff.compile import RecordingError, record
from autodiff.compile.ir import Program
from autodiff.compile.lowering import lower
from autodiff.compile.passes import optimized
from autodiff.compile.replay import Replay
from autodiff.compile.strides import same_layout
from autodiff.extend import primitive

native = pytest.importorskip("autodiff.compile.native", exc_type=ImportError)
X = onp.random.default_rng(0).normal(size=(4, 3))


def _program(fun: Callable[..., Any], *args: Any) -> Program:
    return optimized(lower(record(fun, *args)))


def _check(fun: Callable[..., Any], *args: Any) -> Any:
    program = _program(fun, *args)
    run, wanted = native.Native(program), Replay(program)(*args)
    for _ in range(2):  # in the second run memory holds what the first one left there
        found = run(*args)
        assert_outputs_agree(program, args, found, wanted)
        for x, y in zip(found, wanted):
            x = onp.asarray(x)
            assert same_layout(x.shape, x.strides, onp.empty_like(y).strides)
    return run


def test_machine_code_and_python_take_turns() -> None:
    run = _check(lambda x: np.cumsum(np.tanh(x) * 2, 0) ** 2 + 1, X)
    assert [part.compiled for part in run.parts] == [True, False, True]
    assert run.whole is None
    assert _check(lambda x: np.tanh(x), X).whole is not None


@pytest.mark.parametrize(
    "layout",
    [
        lambda x: x.T,
        lambda x: x[::-1],
        lambda x: x[:, ::-1],
        lambda x: x[:, 1:],
        lambda x: np.broadcast_to(x[0], (5, 3)),
        lambda x: x[:, None].T,
    ],
)
def test_views_are_handed_from_part_to_part(layout: Any) -> None:
    def fun(x: Any) -> Any:
        y = layout(x * 2)
        z = layout(np.cumsum(x + 1, 0))
        return np.cumsum(y * z) + np.sum(y), y, z * 2, np.linalg.norm(z * y), z

    _check(fun, X)


def test_results_that_are_inputs_constants_or_equal() -> None:
    x = X.copy()
    run = _check(lambda x: (x, x * 2, x * 2, x.T, x[0, 0], np.ones_like(x), x * 2), x)
    found = run(x)
    found[1][:] = 0
    onp.testing.assert_array_equal(found[2], X * 2)
    found[5][:] = 7
    onp.testing.assert_array_equal(run(x)[5], onp.ones_like(X))


class _Layout:
    """What `opaque` makes of its result, in this call."""

    change: Callable[[Any], Any] = staticmethod(lambda x: x)


@primitive
def opaque(x: Any) -> Any:
    return _Layout.change(x.copy() if float(onp.sum(x)) < 1e9 else x)


@pytest.mark.parametrize(
    "change",
    [
        onp.asfortranarray,
        lambda x: onp.repeat(x, 2, 1)[:, ::2],
        lambda x: x[::-1].copy()[::-1],
        lambda x: x.tolist(),
    ],
)
def test_results_of_python_may_lie_elsewhere_in_another_call(
    monkeypatch: pytest.MonkeyPatch, change: Any
) -> None:
    run = native.Native(_program(lambda x: (opaque(x) * 2, opaque(x) + x), X))
    monkeypatch.setattr(_Layout, "change", change)
    for got, wanted in zip(run(X), (X * 2, X + X)):
        onp.testing.assert_array_equal(got, wanted)


@pytest.mark.parametrize("change", [lambda x: x[:2], lambda x: x.astype("float32"), onp.sum])
def test_results_of_python_of_another_type_are_refused(
    monkeypatch: pytest.MonkeyPatch, change: Any
) -> None:
    run = native.Native(_program(lambda x: opaque(x) * 2, X))
    monkeypatch.setattr(_Layout, "change", change)
    with pytest.raises(RecordingError, match=r"opaque.*float.* of shape .* now"):
        run(X)


def test_an_error_in_a_call_leaves_the_program_usable() -> None:
    matrix = onp.eye(3) + 0.1
    run = _check(lambda a: np.linalg.inv(a * 2) * 2, matrix)
    with pytest.raises(onp.linalg.LinAlgError):
        run(onp.zeros((3, 3)))
    onp.testing.assert_array_equal(run(matrix)[0], onp.linalg.inv(matrix * 2) * 2)


def test_results_are_never_written_again() -> None:
    run = _check(lambda x: (np.tanh(x @ x.T), np.sort(x, 0) * 2, x.T + 1), X)
    first = run(X)
    kept = [x.copy() for x in first]
    second = run(X + 1)
    for x, y in zip(first, kept):
        onp.testing.assert_array_equal(x, y)
    assert not any(onp.may_share_memory(x, y) for x, y in zip(first, second))


def test_threads_have_workspaces_of_their_own() -> None:
    run = _check(lambda x: np.sum(np.tanh(np.sort(x @ x.T) @ x)), X)
    inputs = [X + k / 8 for k in range(4)]
    wanted = [run(x)[0].copy() for x in inputs]
    failed: list[int] = []
    barrier = threading.Barrier(4)

    def work(k: int) -> None:
        barrier.wait()
        for _ in range(200):
            if run(inputs[k])[0] != wanted[k]:
                failed.append(k)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
