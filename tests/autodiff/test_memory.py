"""What a recording keeps alive, and when the backward pass lets go of it."""

from __future__ import annotations

import gc
import tracemalloc
import weakref
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import elementwise_grad, grad, jacobian, make_jvp, make_vjp, value_and_grad
from autodiff.core import (
    record_tape,
)
from autodiff.extend import defjvp, defvjp, primitive
from autodiff.tracer import isbox, trace_stack


class Arrays:
    """Counts the arrays of one size that are alive, by what the allocator hands out."""

    def __init__(self, entries: int = 100_000) -> None:
        self.x = onp.linspace(0.5, 1.0, entries)

    def peak(self, fun: Callable[[], Any]) -> float:
        """Most arrays alive at once while `fun` runs, its result included."""
        gc.collect()
        tracemalloc.start()
        try:
            fun()
            return tracemalloc.get_traced_memory()[1] / self.x.nbytes
        finally:
            tracemalloc.stop()


def chain(step: Callable[[Any], Any], n: int) -> Callable[[Any], Any]:
    def fun(x: Any) -> Any:
        for _ in range(n):
            x = step(x)
        return np.sum(x)

    return fun


@pytest.fixture
def arrays() -> Iterator[Arrays]:
    enabled = gc.isenabled()
    gc.disable()
    yield Arrays()
    if enabled:
        gc.enable()


@pytest.mark.parametrize(
    "step",
    [lambda x: x + 1.0, lambda x: 1.0 - x, lambda x: x * 0.5, lambda x: -x, lambda x: x / 2],
)
def test_linear_steps_keep_no_arrays(step: Any, arrays: Arrays) -> None:
    assert arrays.peak(lambda: grad(chain(step, 30))(arrays.x)) < 4


def test_adding_array_constants_keeps_no_arrays(arrays: Arrays) -> None:
    ones = onp.ones_like(arrays.x)
    for fun in (chain(lambda x: x + ones, 30), chain(lambda x: np.add(ones, x), 30)):
        assert arrays.peak(partial(grad(fun), arrays.x)) < 4


def test_linear_functions_of_every_kind_keep_no_arrays(arrays: Arrays) -> None:
    n = arrays.x.size
    steps = (
        lambda x: np.reshape(np.reshape(x, (n // 100, 100)).T, (n,)),
        lambda x: np.roll(x, 1),
        lambda x: np.where(True, x, 0.0),
        lambda x: x[::-1],
        lambda x: np.concatenate([x[: n // 2], x[n // 2 :]]),
    )
    for step in steps:
        assert arrays.peak(partial(grad(chain(step, 30)), arrays.x)) < 7


@pytest.mark.parametrize(
    "step", [np.sin, lambda x: np.exp(-x), np.tanh, np.sqrt, np.square, lambda x: x**3.5]
)
def test_nonlinear_steps_keep_one_array_each(step: Any, arrays: Arrays) -> None:
    peak = arrays.peak(lambda: grad(chain(lambda x: step(0.5 * x), 30))(arrays.x))
    assert 28 < peak < 36


def test_the_backward_pass_of_grad_frees_the_tape_as_it_walks(arrays: Arrays) -> None:
    n = 30
    alive: list[int] = []
    references: list[weakref.ref[Any]] = []

    @primitive
    def watched(x: Any) -> Any:
        ans = x * 1.0
        references.append(weakref.ref(ans))
        return ans

    def maker(ans: Any, x: Any) -> Callable[[Any], Any]:
        def pull(g: Any) -> Any:
            alive.append(sum(reference() is not None for reference in references))
            return g * ans

        return pull

    defvjp(watched, maker)
    grad(chain(watched, n))(arrays.x)
    # One entry goes with each rule that has run; the one that runs holds its answer.
    assert alive == list(range(n, 0, -1))
    assert [reference() for reference in references] == [None] * n


def test_only_the_cotangent_itself_is_alive_when_the_next_rule_runs(arrays: Arrays) -> None:
    alive: list[float] = []

    def pull(g: Any) -> Any:
        alive.append(tracemalloc.get_traced_memory()[0] / arrays.x.nbytes)
        return g * 1.0

    watched = primitive(lambda x: x * 1.0)
    defvjp(watched, lambda ans, x: pull)

    def fun(x: Any) -> Any:
        for _ in range(10):
            y = watched(x)
            x = y * y  # its two cotangents become one sum, and are not needed any more
        return np.sum(x)

    # What the rules of the operations before still hold: y of each, which x = y * y saved.
    arrays.peak(lambda: grad(fun)(arrays.x))
    assert alive == pytest.approx([1 + k for k in range(9, -1, -1)], abs=0.2)


def test_no_reference_cycle_keeps_a_tape_alive(arrays: Arrays) -> None:
    kept: list[weakref.ref[Any]] = []

    @primitive
    def remembered(x: Any) -> Any:
        ans = x * 1.0
        kept.append(weakref.ref(ans))
        return ans

    defvjp(remembered, lambda ans, x: lambda g: g * ans)
    defjvp(remembered, lambda g, ans, x: g * ans)

    def fun(x: Any) -> Any:
        y = remembered(x)
        return np.sum(y * y[0] + np.concatenate([y[1:], y[:1]]))

    x = onp.arange(1.0, 4.0)
    grad(fun)(x)
    value_and_grad(fun)(x)
    elementwise_grad(fun)(x)
    vjp, _ = make_vjp(fun)(x)
    vjp(1.0)
    del vjp
    make_jvp(fun)(x)(x)
    grad(lambda x: np.sum(grad(fun)(x)))(x)
    with pytest.raises(ZeroDivisionError):
        grad(lambda x: fun(x) / 0 if isbox(x) and 1 / 0 else x)(x)
    assert len(kept) >= 6
    assert [reference() for reference in kept] == [None] * len(kept)


def test_a_scalar_operation_takes_at_most_184_bytes() -> None:
    n = 20_000

    def fun(x: Any) -> Any:
        for _ in range(n // 2):
            x = (x + x) / 2
        return x

    gc.collect()
    tracemalloc.start()
    try:
        tape, end, _ = record_tape(fun, 1.0)
        used = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert end == n
    assert len(tape) == n + 1
    assert used / n <= 184


def test_a_chain_of_a_million_operations_works() -> None:
    n = 1_000_000

    def fun(x: Any) -> Any:
        for _ in range(n):
            x = x * 1.000001
        return x

    assert grad(fun)(1.0) == pytest.approx(1.000001**n, rel=1e-9)


def test_cotangents_of_indexing_in_a_loop_share_one_array(arrays: Arrays) -> None:
    def fun(x: Any) -> Any:
        total = 0.0
        for k in range(300):
            total = total + x[k] * x[k + 1]
        return total

    assert arrays.peak(lambda: grad(fun)(arrays.x)) < 3


def test_thousands_of_gradients_leave_nothing_behind(arrays: Arrays) -> None:
    """A short form of the soak: with the collector off, whatever a gradient left would add up."""
    x = onp.linspace(0.1, 1.0, 5)

    def loss(p: Any) -> Any:
        inner = grad(lambda y: np.sum(np.tanh(y) * p["b"]))(p["a"])
        return np.sum(inner * inner) + sum(entry * entry for entry in p["b"])

    def fails(p: Any) -> Any:
        raise ZeroDivisionError(np.sum(p["a"] * 2.0).shape)

    def once() -> None:
        grad(loss)({"a": x, "b": x + 1.0})
        make_jvp(loss)({"a": x, "b": x})({"a": x, "b": x})
        jacobian(np.tanh)(x)
        with suppress(ZeroDivisionError):
            grad(fails)({"a": x})

    def held() -> tuple[int, int]:
        """Objects that may refer to others, and bytes of arrays, that are alive."""
        arrays_only = tracemalloc.DomainFilter(True, onp.lib.tracemalloc_domain)
        snapshot = tracemalloc.take_snapshot().filter_traces([arrays_only])
        return len(gc.get_objects()), sum(trace.size for trace in snapshot.traces)

    tracemalloc.start()
    try:
        for _ in range(10):
            once()
        objects, held_bytes = held()
        for _ in range(200):
            once()
        more_objects, more_bytes = held()
    finally:
        tracemalloc.stop()
    assert more_objects - objects < 50
    assert more_bytes - held_bytes < 200
    assert trace_stack.top == -1
