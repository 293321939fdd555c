"""unroll with compiled steps: equal to eager sweeps, on every schedule, in every mode."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest
from agreement import assert_agrees

import autodiff.numpy as np
from autodiff import grad, hessian, make_jvp, unroll
from autodiff.compile import steps

pytestmark = pytest.mark.usefixtures("backend")
STATE_BYTES = 3 * 8 + 8 + 8
BUDGETS: list[dict[str, Any]] = [
    {},
    {"memory": STATE_BYTES},
    {"memory": 3 * STATE_BYTES},
    {"memory": 2 * STATE_BYTES, "disk": "1 MB"},
    {"memory": "operations"},
]
RNG = onp.random.default_rng(3)
W, START, XS = RNG.normal(size=(3, 3)), RNG.normal(size=3), RNG.normal(size=(7, 3))


def _run(w: Any, start: Any, xs: Any, **options: Any) -> Any:
    """A little network: `w` is closed over, an integer is carried along."""

    def step(state: Any, x: Any) -> Any:
        hidden = np.tanh(w @ state["h"] + x * state["rate"])
        rate = 0.9 * state["rate"] + 0.1 * np.sum(hidden)
        return {"h": hidden, "rate": rate, "count": state["count"] + 1}

    end = unroll(step, {"h": start, "rate": 0.5, "count": 0}, xs, **options)
    assert end["count"] == len(xs)
    return np.sum(end["h"] ** 2) * end["rate"]


def _compiled_and_eager(derivative: Callable[[Any], Any], **options: Any) -> tuple[Any, Any]:
    return (
        derivative(lambda *args: _run(*args, compiled=True, **options)),
        derivative(lambda *args: _run(*args, **options)),
    )


@pytest.mark.parametrize("budget", BUDGETS, ids=str)
def test_gradients_are_those_of_eager_sweeps(budget: Any) -> None:
    got, wanted = _compiled_and_eager(lambda f: grad(f, (0, 1, 2))(W, START, XS), **budget)
    assert_agrees(got, wanted)


DERIVATIVES: dict[str, Callable[[Any], Any]] = {
    "value": lambda f: f(W),
    "jvp": lambda f: make_jvp(f)(W)(W)[1],
    "hessian": lambda f: hessian(f)(W),
    "jvp of grad": lambda f: make_jvp(grad(f))(W)(W)[1],
    "grad of jvp": lambda f: grad(lambda w: make_jvp(f)(w)(w)[1])(W),
}


@pytest.mark.parametrize("name", DERIVATIVES)
@pytest.mark.parametrize("budget", [{}, {"memory": 10 * STATE_BYTES}], ids=str)
def test_derivatives_of_every_order(name: str, budget: Any) -> None:
    got, wanted = _compiled_and_eager(
        lambda f: DERIVATIVES[name](lambda w: f(w, START, XS)), **budget
    )
    # Cotangents of values that are used twice are added in another order.
    onp.testing.assert_allclose(got, wanted, rtol=1e-12, atol=1e-14)


def test_the_step_is_recorded_once_though_it_is_made_anew() -> None:
    class Seen:
        calls = 0

    def loss(w: Any) -> Any:
        def step(state: Any, x: Any) -> Any:
            Seen.calls += 1
            return np.tanh(w @ state) + x

        return np.sum(unroll(step, START, XS, compiled=True))

    first = grad(loss)(W)
    calls = Seen.calls
    assert calls <= 2
    onp.testing.assert_array_equal(grad(loss)(W), first)
    assert not onp.array_equal(grad(loss)(W + 1), first)
    assert Seen.calls == calls


def test_outputs_are_stacked() -> None:
    def loss(xs: Any, compiled: bool) -> Any:
        end, ys = unroll(
            lambda s, x: (np.sin(s) * x, {"s": s, "n": x[0]}),
            START,
            xs,
            stacked=True,
            compiled=compiled,
        )
        return np.sum(end) + np.sum(ys["s"] ** 2) + np.sum(ys["n"])

    assert_agrees(grad(loss)(XS, True), grad(loss)(XS, False))


def test_rows_of_data_are_read_at_recorded_places() -> None:
    data = RNG.normal(size=(20, 3))
    rows = RNG.integers(20, size=(5, 4))

    def loss(w: Any, compiled: bool) -> Any:
        def step(w: Any, x: Any) -> Any:
            inner = lambda w: np.mean(np.tanh(data[x["rows"]] @ w) ** 2)  # noqa: E731
            return w - 0.1 * (x["step"] + 1) * grad(inner)(w)

        return np.sum(unroll(step, w, {"rows": rows, "step": onp.arange(5)}, compiled=compiled))

    assert_agrees(grad(loss)(W, True), grad(loss)(W, False))


def test_a_step_that_looks_at_values_runs_as_before_and_says_why() -> None:
    def loss(w: Any, compiled: bool) -> Any:
        def step(state: Any, x: Any) -> Any:
            return w * state if int(x) % 2 else state + w

        return np.sum(unroll(step, START, onp.arange(4), compiled=compiled))

    with pytest.warns(RuntimeWarning, match=r"not compiled: int\(\) of a recorded array .*steps"):
        got = grad(loss)(START, True)
    onp.testing.assert_array_equal(got, grad(loss)(START, False))


def test_a_state_that_changes_is_refused_as_before() -> None:
    with pytest.raises(ValueError, match="changed state from shape"):
        unroll(lambda s, x: np.concatenate([s, s]), START, XS, compiled=True)
    with pytest.raises(ValueError, match="structure of the state"):
        unroll(lambda s, x: (s, s), START, XS, compiled=True)


def test_static_entries_of_the_state_are_kept() -> None:
    end = unroll(
        lambda s, x: {"x": s["x"] + x, "name": s["name"]},
        {"x": START, "name": "tanh"},
        XS,
        compiled=True,
    )
    assert end["name"] == "tanh"
    onp.testing.assert_allclose(end["x"], START + XS.sum(0), rtol=1e-14)  # another order


def test_programs_of_steps_do_not_pile_up() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for k in range(70):
            unroll(lambda s, x, k=k: s + k, 1.0, length=1, compiled=True)
    gc.collect()
    assert len(steps._families) <= 64
