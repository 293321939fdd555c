"""Writing entries of arrays at places that arrays give: compiled, in NumPy's order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest
from agreement import tolerances

import autodiff.numpy as np
from autodiff import compiled, grad, make_jvp, unroll
from autodiff.compile import record
from autodiff.compile.lowering import lower
from autodiff.compile.replay import Replay
from autodiff.numpy.assignment import index_set

RNG = onp.random.default_rng(4)
X = RNG.normal(size=(5, 4))
PLACES = onp.array([2, 0, 2, -1, 2])
OTHERS = onp.array([3, 1, 3, 3, 3])
GRID = RNG.integers(-5, 5, size=(6, 7))


def _written(index: Callable[[Any], Any]) -> Callable[[Any, Any, Any], Any]:
    """(x, value, places) -> tanh(x) with the value written at an index that is made of places."""

    return lambda x, value, places: index_set(np.tanh(x), index(places), value)


CASES: dict[str, tuple[Callable[[Any], Any], Any, Any]] = {
    "rows, the last one stays": (lambda i: i, PLACES, RNG.normal(size=(5, 4))),
    "one row for all": (lambda i: i, PLACES, RNG.normal(size=4)),
    "a number": (lambda i: i, PLACES, 1.5),
    "a column": (lambda i: i, PLACES, RNG.normal(size=(5, 1))),
    "pairs": (lambda i: (i, OTHERS), PLACES, RNG.normal(size=5)),
    "rows and a slice": (lambda i: (i, slice(3, 0, -1)), PLACES, RNG.normal(size=(5, 3))),
    "columns": (lambda i: (slice(None), i), OTHERS, RNG.normal(size=(5, 5))),
    "apart": (lambda i: (i, None, OTHERS), PLACES, RNG.normal(size=(5, 1))),
    "all pairs": (lambda i: (i[:, None], OTHERS), PLACES, RNG.normal(size=(5, 5))),
    "a number and an array": (lambda i: (1, i), OTHERS, RNG.normal(size=5)),
    "two axes of places": (lambda i: i, GRID, RNG.normal(size=(6, 7, 4))),
    "places in another order": (lambda i: i, GRID.T[::-1], RNG.normal(size=(7, 6, 4))),
    "backwards": (lambda i: i[::-1], PLACES, RNG.normal(size=(5, 4))),
    "small integers": (lambda i: i, PLACES.astype("int8"), RNG.normal(size=(5, 4))),
    "values with a superfluous axis": (lambda i: i, PLACES, RNG.normal(size=(1, 5, 4))),
    "a slice and superfluous axes": (lambda _: slice(1, 3), PLACES, RNG.normal(size=(1, 1, 1, 4))),
    "a known mask": (lambda _: onp.arange(20).reshape(5, 4) % 3 == 2, PLACES, 0.5),
    "no places": (lambda i: i, PLACES[:0], RNG.normal(size=4)),
}


@pytest.mark.parametrize("name", CASES)
def test_arrays_as_indices(name: str, backend: str) -> None:
    index, places, value = CASES[name]
    fun = _written(index)
    total = lambda x, v, i: np.sum(np.sin(fun(x, v, i)))  # noqa: E731
    curved = lambda x, v, i: np.sum(grad(total)(x, v, i) ** 2)  # noqa: E731
    forms: list[Callable[..., Any]] = [
        fun, grad(total), grad(total, 1), grad(curved), grad(curved, 1),
        lambda x, v, i: make_jvp(lambda x: fun(x, v, i))(x)(X)[1],
        lambda x, v, i: make_jvp(lambda v: fun(x, v, i))(v)(v)[1],
    ]  # fmt: skip
    for form in forms:
        fast = compiled(form)
        for x in (X, X[::-1] * 2):
            wanted = form(x, value, places)
            onp.testing.assert_allclose(fast(x, value, places), wanted, **tolerances(wanted))
        assert fast.explain(X, value, places).startswith("all ")


def test_values_become_entries_of_the_arrays_dtype(backend: str) -> None:
    x = X.astype("float32")
    for value in (X * 5, onp.arange(20).reshape(5, 4), X > 0, 2):
        fun = _written(lambda i: i)
        wanted = fun(x, value, PLACES)
        assert wanted.dtype == x.dtype
        onp.testing.assert_allclose(compiled(fun)(x, value, PLACES), wanted, **tolerances(wanted))


def test_many_writes_run_in_order_on_threads_too(backend: str) -> None:
    """Enough for several threads and for vectors, of which most are written over."""
    places, values = RNG.integers(50, size=40_000), RNG.normal(size=(40_000, 3))
    wanted = onp.zeros((50, 3))
    for place, value in zip(places, values):
        wanted[place] = value

    def fun(values: Any, places: Any) -> Any:
        y = np.zeros((50, 3))
        y[places] = values
        return y

    onp.testing.assert_array_equal(compiled(fun)(values, places), wanted)


def test_joined_values_are_written_in_order(backend: str) -> None:
    """Where a loop over all of them would be cut in pieces, across the order of the places."""
    places = RNG.integers(3, size=(4, 6))

    def fun(a: Any, b: Any, places: Any) -> Any:
        y = np.zeros(3)
        y[places] = np.concatenate([a * 2, b * 3], axis=1)
        return y

    a, b = RNG.normal(size=(2, 4, 3))
    onp.testing.assert_array_equal(compiled(fun)(a, b, places), fun(a, b, places))


def test_a_place_that_is_not_there(backend: str) -> None:
    fun = compiled(_written(lambda i: i))
    fun(X, 1.0, PLACES)
    with pytest.raises(IndexError, match="index 5 is out of bounds for axis 0 with size 5"):
        fun(X, 1.0, PLACES + 3)


@pytest.mark.parametrize("value", [0.0, onp.arange(4.0)])
def test_masks_are_choices(value: Any, backend: str) -> None:
    def fun(x: Any) -> Any:
        y = np.exp(x)
        y = y.copy()
        y[x[:, 0] > 0] = value
        y[y > 2] = 2.0
        return y

    for form in (fun, grad(lambda x: np.sum(fun(x) ** 2))):
        wanted = form(X)
        onp.testing.assert_allclose(compiled(form)(X), wanted, **tolerances(wanted))
        assert compiled(form).explain(X).startswith("all ")


@pytest.mark.parametrize("count", [1, 3, 70])
def test_arrays_that_a_loop_fills(count: int, backend: str) -> None:
    def fun(x: Any) -> Any:
        y = np.ones((count, 4))
        for k in range(count):
            y[k] = x[k % 5] * k
        return y[::-1] * y

    total = lambda x: np.sum(np.sin(fun(x)))  # noqa: E731
    for form in (fun, grad(total)):
        wanted = form(X)
        onp.testing.assert_allclose(compiled(form)(X), wanted, **tolerances(wanted))
        assert compiled(form).explain(X).startswith("all ")


def test_replay_writes_as_numpy() -> None:
    program = lower(record(_written(lambda i: (i, OTHERS)), X, X[:, 0], PLACES))
    assert [value.op for value in program.values if value.kind == "move"] == ["put"]
    changed = onp.array([0, 1, 1, 1, -2])
    y = onp.tanh(X)
    y[changed, OTHERS] = X[:, 1]
    onp.testing.assert_array_equal(Replay(program)(X, X[:, 1], changed)[0], y)


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_loops_with_assignments(backend: str) -> None:
    """Steps that write at the places of their batch."""
    rows = RNG.integers(5, size=(9, 3))

    def last(x: Any, fast: bool) -> Any:
        def step(state: Any, places: Any) -> Any:
            return index_set(state, places, np.tanh(state[places] * x[:3]))

        return np.sum(unroll(step, x * 1.0, rows, compiled=fast) ** 2)

    onp.testing.assert_allclose(
        grad(last)(X, True), grad(last)(X, False), rtol=1e-12, atol=1e-14
    )  # nine steps
