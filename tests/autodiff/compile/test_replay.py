"""The replay back end: equal to eager, results that stay, threads, the order of memory."""

from __future__ import annotations

import threading
from typing import Any

import numpy as onp

import autodiff.numpy as np
from autodiff.compile import record
from autodiff.compile.lowering import lower
from autodiff.compile.passes import optimized
from autodiff.compile.replay import Replay, slices

X = onp.random.default_rng(0).normal(size=(30, 40))


def _replay(fun: Any, *args: Any) -> Replay:
    return Replay(optimized(lower(record(fun, *args))))


def _fun(x: Any) -> Any:
    y = np.tanh(x @ x.T) * 2
    return np.sum(y, 1), y[1:, ::-1].T, np.roll(x, (1, 2), (0, 1))


def test_results_are_never_written_again() -> None:
    run = _replay(_fun, X)
    first = run(X)
    kept = [x.copy() for x in first]
    run(X + 1)
    for x, y in zip(first, kept):
        onp.testing.assert_array_equal(x, y)
    assert not any(onp.may_share_memory(x, y) for x, y in zip(first, run(X)))


def test_threads_have_buffers_of_their_own() -> None:
    run = _replay(lambda x: np.sum(np.tanh(x @ x.T) @ x), X)
    inputs = [X + k for k in range(8)]
    wanted = [run(x)[0].copy() for x in inputs]
    failed: list[int] = []
    barrier = threading.Barrier(8)

    def work(k: int) -> None:
        barrier.wait()
        for _ in range(50):
            if run(inputs[k])[0] != wanted[k]:
                failed.append(k)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


def test_an_error_in_a_call_leaves_the_program_usable() -> None:
    matrix = onp.eye(3) + 0.1
    run = _replay(lambda a: np.linalg.inv(a) * 2, matrix)
    wanted = run(matrix)[0]
    try:
        run(onp.zeros((3, 3)))
    except onp.linalg.LinAlgError:
        pass
    else:
        raise AssertionError("a singular matrix was inverted")
    onp.testing.assert_array_equal(run(matrix)[0], wanted)


def test_results_lie_in_memory_as_eager_ones() -> None:
    x = onp.asfortranarray(X)
    for fun in (lambda x: x * 2, lambda x: np.tanh(x).T, lambda x: np.sum(x[:, None], 2)):
        assert _replay(fun, x)(x)[0].strides == onp.asarray(fun(x)).strides


def test_a_constant_result_can_be_written_to() -> None:
    run = _replay(lambda x: np.ones_like(x), X)
    run(X)[0][:] = 7.0
    onp.testing.assert_array_equal(run(X)[0], onp.ones_like(X))


def test_slices() -> None:
    x = onp.arange(10)
    for s in (slice(2, 9, 3), slice(None, None, -1), slice(7, 2, -2), slice(5, 5)):
        start, stop, step = s.indices(10)
        (made,) = slices([(start, step, len(range(start, stop, step)))])
        onp.testing.assert_array_equal(x[made], x[s])


def test_what_a_computed_number_selects_is_not_overwritten_with_what_it_lies_in() -> None:
    """`take` is read as x[i], for which NumPy gives a view: its memory must live as long."""

    def fun(x: Any) -> Any:
        row = np.take(np.tanh(x), -1, 0)
        later = np.exp(x) * np.sin(x)
        return row * 1.0, np.sum(later), np.cos(x)[:, np.argmin(x[0])]

    run = _replay(fun, X)
    for _ in range(2):
        for got, wanted in zip(run(X), fun(X)):
            onp.testing.assert_array_equal(got, wanted)


def test_a_row_that_is_selected_of_a_constant_can_be_written_to() -> None:
    table = onp.arange(6.0).reshape(3, 2)
    run = _replay(lambda i: np.take(table, i[0], 0), onp.array([1]))
    run(onp.array([1]))[0][:] = 7.0
    onp.testing.assert_array_equal(run(onp.array([1]))[0], table[1])
