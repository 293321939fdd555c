"""unroll: right in every mode, the same on every schedule, clear about what it refuses."""

from __future__ import annotations

import gc
import tracemalloc
import weakref
from collections import namedtuple
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import (
    grad,
    hessian,
    jacobian,
    make_jvp,
    make_vjp,
    plan_unroll,
    unroll,
    value_and_grad,
)
from autodiff.test_util import check_grads
from autodiff.tracer import isbox

STATE_BYTES = 3 * 8 + 8 + 8
BUDGETS: list[dict[str, Any]] = [
    {},
    {"memory": 6 * STATE_BYTES},
    {"memory": STATE_BYTES},
    {"memory": 2 * STATE_BYTES},
    {"memory": 3 * STATE_BYTES},
    {"memory": 2 * STATE_BYTES, "disk": "1 MB"},
    {"memory": STATE_BYTES, "disk": 3 * STATE_BYTES},
]
Loop = Callable[..., Any]


def in_python(step: Any, state: Any, xs: Any, **budget: Any) -> Any:
    """The loop as one writes it, every operation recorded."""
    for x in xs:
        state = step(state, x)
    return state


def run(loop: Loop, w: Any, start: Any, xs: Any, **budget: Any) -> Any:
    """A little network: `w` is closed over, an integer is carried along."""

    def step(state: Any, x: Any) -> Any:
        hidden = np.tanh(w @ state["h"] + x * state["rate"])
        rate = 0.9 * state["rate"] + 0.1 * np.sum(hidden)
        return {"h": hidden, "rate": rate, "count": state["count"] + 1}

    end = loop(step, {"h": start, "rate": 0.5, "count": 0}, xs, **budget)
    assert end["count"] == len(xs)
    return np.sum(end["h"] ** 2) * end["rate"]


@pytest.fixture
def arguments() -> tuple[Any, Any, Any]:
    rng = onp.random.default_rng(3)
    return rng.normal(size=(3, 3)), rng.normal(size=3), rng.normal(size=(7, 3))


def gradient(argnum: Any, loop: Loop, arguments: Any, **budget: Any) -> Any:
    return grad(lambda *a: run(loop, *a, **budget), argnum)(*arguments)


@pytest.mark.parametrize("argnum", [0, 1, 2])
def test_gradients_are_those_of_the_loop(argnum: int, arguments: Any) -> None:
    got = gradient(argnum, unroll, arguments)
    expected = gradient(argnum, in_python, arguments)
    onp.testing.assert_allclose(got, expected, rtol=1e-13, atol=1e-15)


def test_several_arguments_are_differentiated_at_once(arguments: Any) -> None:
    together = gradient((0, 1, 2), unroll, arguments, memory=2 * STATE_BYTES)
    for argnum in range(3):
        onp.testing.assert_array_equal(together[argnum], gradient(argnum, unroll, arguments))


@pytest.mark.parametrize("budget", BUDGETS[1:], ids=str)
@pytest.mark.parametrize("argnum", [0, 1, 2])
def test_every_schedule_gives_the_same_bits(argnum: int, budget: Any, arguments: Any) -> None:
    got = gradient(argnum, unroll, arguments, **budget)
    onp.testing.assert_array_equal(got, gradient(argnum, unroll, arguments))


@pytest.mark.parametrize("budget", [{}, {"memory": 10 * STATE_BYTES}], ids=str)
@pytest.mark.parametrize("argnum", [0, 1, 2])
def test_both_modes_and_their_nestings_are_right(argnum: int, budget: Any, arguments: Any) -> None:
    onp.random.seed(0)  # noqa: NPY002  (check_grads draws its directions from it)
    check_grads(lambda *a: run(unroll, *a, **budget), argnum)(*arguments)


def test_second_derivatives_by_every_pair_of_modes_are_those_of_the_loop(arguments: Any) -> None:
    v = arguments[1]

    def second(loop: Loop, **budget: Any) -> list[Any]:
        def loss(start: Any) -> Any:
            return run(loop, arguments[0], start, arguments[2], **budget)

        return [
            make_jvp(grad(loss))(v)(v)[1],
            grad(lambda x: make_jvp(loss)(x)(v)[1])(v),
            make_vjp(grad(loss))(v)[0](v),
            make_jvp(lambda x: make_jvp(loss)(x)(v)[1])(v)(v)[1],
        ]

    expected = second(in_python)
    for budget in ({}, {"memory": 4 * STATE_BYTES}):
        for got, wanted in zip(second(unroll, **budget), expected):
            onp.testing.assert_allclose(got, wanted, rtol=1e-12)


def test_forward_mode_over_reverse_mode_keeps_to_the_budget() -> None:
    x = onp.linspace(0.1, 1.0, 5000)

    def loss(x: Any, **budget: Any) -> Any:
        return np.sum(unroll(lambda s, _: np.sin(s + 0.1 * s * s), x, length=60, **budget))

    def peak(product: Callable[[], Any]) -> float:
        product()
        tracemalloc.start()
        try:
            product()
            return tracemalloc.get_traced_memory()[1] / x.nbytes
        finally:
            tracemalloc.stop()

    budget = {"memory": 10 * x.nbytes}
    # A state is a value and its tangent here, and so five of them fit.
    forward_over = peak(lambda: make_jvp(grad(loss))(x, **budget)(x))
    over_forward = peak(lambda: grad(lambda y: make_jvp(lambda z: loss(z, **budget))(y)(x)[1])(x))
    assert 10 < forward_over < 10 + 30
    assert 10 < over_forward < 10 + 30
    assert peak(lambda: make_jvp(grad(loss))(x)(x)) > 100


def test_hessians_of_every_kind_are_those_of_the_loop(arguments: Any) -> None:
    w, start, xs = arguments

    def loss(loop: Loop, **budget: Any) -> Any:
        return lambda s: run(loop, w, s, xs, **budget)

    expected = hessian(loss(in_python))(start)
    for budget in ({}, {"memory": 6 * STATE_BYTES}):
        got = hessian(loss(unroll, **budget))(start)
        onp.testing.assert_allclose(got, expected, rtol=1e-12)
        onp.testing.assert_allclose(
            jacobian(grad(loss(unroll, **budget)))(start), expected, rtol=1e-12
        )


def test_a_mixed_derivative_of_a_closure_and_a_start_is_right(arguments: Any) -> None:
    w, start, xs = arguments

    def mixed(loop: Loop) -> Any:
        inner = grad(lambda s, w: run(loop, w, s, xs))
        return jacobian(lambda w: inner(start, w))(w)

    onp.testing.assert_allclose(mixed(unroll), mixed(in_python), rtol=1e-12)


def test_a_vjp_can_be_called_again_whatever_the_schedule(arguments: Any) -> None:
    for budget in BUDGETS:
        vjp, _ = make_vjp(lambda w, b=budget: run(unroll, w, *arguments[1:], **b))(arguments[0])
        first = vjp(1.0)
        onp.testing.assert_array_equal(vjp(2.0), 2.0 * first)
        onp.testing.assert_array_equal(vjp(1.0), first)


def test_a_vjp_can_be_called_by_several_threads(arguments: Any) -> None:
    vjp, _ = make_vjp(lambda w: run(unroll, w, *arguments[1:], memory=2 * STATE_BYTES))(
        arguments[0]
    )
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(vjp, [1.0] * 20))
    for result in results:
        onp.testing.assert_array_equal(result, results[0])


# -- what a step may do ----------------------------------------------------------------------------


def test_a_step_may_close_over_values_of_two_traces() -> None:
    def outer(loop: Loop) -> Any:
        def of_a(a: Any) -> Any:
            def of_b(b: Any) -> Any:
                return loop(lambda s, x: np.sin(a * s + b) * x, 0.3, onp.array([1.0, 2.0, 0.5]))

            return grad(of_b)(0.7) * a

        return grad(of_a)(1.1)

    assert outer(unroll) == pytest.approx(outer(in_python), rel=1e-13)


def test_a_value_that_only_a_late_step_closes_over_is_found() -> None:
    def loss(a: Any, loop: Loop, **budget: Any) -> Any:
        def step(state: Any, x: Any) -> Any:
            s, n = state
            return (s * x + a if n == 3 else s * x), n + 1

        return loop(step, (0.5, 0), onp.arange(1.0, 7.0), **budget)[0]

    assert grad(loss)(2.0, in_python) == grad(loss)(2.0, unroll) == 30.0
    assert grad(loss)(2.0, unroll, memory=32) == 30.0


def test_a_step_may_return_what_it_closes_over_or_a_constant() -> None:
    assert grad(lambda a: unroll(lambda s, x: a, 1.0, length=3))(2.0) == 1.0
    assert grad(lambda s: unroll(lambda s, x: s, s, length=3))(2.0) == 1.0
    assert grad(lambda s: unroll(lambda s, x: 4.0, s, length=3))(2.0) == 0.0


def test_a_step_may_take_a_gradient_itself() -> None:
    """Gradient descent, differentiated with respect to its learning rates."""

    def trained(rates: Any, loop: Loop, **budget: Any) -> Any:
        inner = grad(lambda w: np.sum(np.cosh(w)) + w[0] * w[1])
        end = loop(lambda w, rate: w - rate * inner(w), onp.array([1.0, -0.5]), rates, **budget)
        return np.sum(end**2)

    rates = onp.full(6, 0.1)
    expected = grad(trained)(rates, in_python)
    onp.testing.assert_allclose(grad(trained)(rates, unroll), expected, rtol=1e-13)
    onp.testing.assert_allclose(grad(trained)(rates, unroll, memory=40), expected, rtol=1e-13)


def test_loops_nest() -> None:
    def loss(a: Any, loop: Loop) -> Any:
        def outer(s: Any, x: Any) -> Any:
            return loop(lambda t, y: np.sin(a * t) + x * y, s, onp.array([0.1, 0.2]))

        return loop(outer, a, onp.array([1.0, 2.0, 3.0]))

    assert grad(loss)(0.8, unroll) == pytest.approx(grad(loss)(0.8, in_python), rel=1e-13)
    check_grads(lambda a: loss(a, unroll))(0.8)


def test_a_step_may_fill_an_array() -> None:
    def loss(start: Any, **budget: Any) -> Any:
        def step(s: Any, x: Any) -> Any:
            y = np.zeros(3)
            for k in range(3):
                y[k] = s[k - 1] * x
            return y

        return np.sum(unroll(step, start, onp.array([1.0, 2.0, 3.0]), **budget) * onp.arange(3.0))

    for budget in ({}, {"memory": 24}):
        onp.testing.assert_allclose(grad(loss)(onp.ones(3), **budget), [0.0, 6.0, 12.0])


def test_a_step_may_write_into_what_it_computed_from_a_closure() -> None:
    def loss(w: Any, **budget: Any) -> Any:
        def step(s: Any, x: Any) -> Any:
            h = (w * s).copy()
            h[0] = 1.0
            return h + x

        return np.sum(unroll(step, onp.ones(2), onp.array([1.0, 2.0, 3.0]), **budget))

    # (1, 1) -> (2, w + 1) -> (3, w^2 + w + 2) -> (4, w^3 + w^2 + 2 w + 3)
    for budget in ({}, {"memory": 16}):
        assert grad(loss)(2.0, **budget) == 3 * 4 + 2 * 2 + 2
        vjp, value = make_vjp(loss)(2.0, **budget)
        assert value == 23.0
        grad(lambda v: v * v)(1.0)
        assert vjp(1.0) == 18.0


def test_states_of_every_structure_come_back_as_they_went_in() -> None:
    Pair = namedtuple("Pair", "a b")
    state = Pair([onp.ones(2), None], {"k": (1.5, 3, "text", True), "i": onp.arange(3)})

    def step(s: Any, x: Any) -> Any:
        k = s.b["k"]
        return Pair([s.a[0] * 2.0, None], {"k": (k[0] * 2.0, k[1] + 1, *k[2:]), "i": s.b["i"]})

    end = unroll(step, state, length=3)
    assert type(end) is Pair
    assert end.b["k"] == (12.0, 6, "text", True)
    assert end.a[1] is None
    onp.testing.assert_array_equal(end.b["i"], [0, 1, 2])
    assert grad(lambda x: np.sum(unroll(step, Pair([x, None], state.b), length=3).a[0]))(
        onp.ones(2)
    ).tolist() == [8.0, 8.0]


def test_a_traced_dict_can_be_the_state() -> None:
    def loss(state: Any) -> Any:
        end = unroll(lambda s, x: {"u": s["v"] * x, "v": s["u"]}, state, onp.array([2.0, 3.0]))
        return end["u"] + 10.0 * end["v"]

    assert grad(loss)({"u": 1.0, "v": 1.0}) == {"u": 3.0, "v": 20.0}


def test_float32_is_kept() -> None:
    x = onp.linspace(0.5, 1.0, 4, dtype=onp.float32)
    rates = onp.full(5, 0.5, dtype=onp.float32)

    def loss(x: Any, rates: Any) -> Any:
        return np.sum(unroll(lambda s, r: np.sin(s) * r, x, rates, memory=32))

    value, (g, g_rates) = value_and_grad(loss, (0, 1))(x, rates)
    assert value.dtype == g.dtype == g_rates.dtype == onp.float32


def test_complex_states_work() -> None:
    def loss(z: Any, loop: Loop) -> Any:
        return np.abs(loop(lambda s, x: s * s + z * x, z, onp.array([0.5, 0.25]))) ** 2

    z = 0.3 + 0.4j
    assert grad(loss)(z, unroll) == pytest.approx(grad(loss)(z, in_python), rel=1e-13)


# -- lengths ---------------------------------------------------------------------------------------


def test_no_steps_give_the_state_back() -> None:
    for xs, length in ((onp.zeros((0, 2)), None), (None, 0)):
        assert grad(lambda s, xs=xs, n=length: 3.0 * unroll(None, s, xs, n))(2.0) == 3.0  # type: ignore[arg-type]


@pytest.mark.parametrize("memory", [None, 8])
def test_one_step_is_that_step(memory: Any) -> None:
    assert grad(lambda s: unroll(lambda s, x: s * s * x, s, [onp.array([3.0])][0], memory=memory))(
        2.0
    ) == pytest.approx(12.0)


def test_lengths_that_disagree_are_refused() -> None:
    xs = {"rate": onp.zeros(3), "batch": (onp.zeros((4, 2)),)}
    with pytest.raises(ValueError, match=r"xs\['rate'\] 3, xs\['batch'\]\[0\] 4"):
        unroll(lambda s, x: s, 1.0, xs)
    with pytest.raises(ValueError, match="length 5, xs 3"):
        unroll(lambda s, x: s, 1.0, onp.zeros(3), 5)
    with pytest.raises(ValueError, match="give length="):
        unroll(lambda s, x: s, 1.0)
    with pytest.raises(ValueError, match="xs has no axis 0"):
        unroll(lambda s, x: s, 1.0, 3.0)
    for length in (-1, 2.5, True):
        with pytest.raises(ValueError, match="whole number, at least 0"):
            unroll(lambda s, x: s, 1.0, length=length)  # type: ignore[arg-type]


# -- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize("differentiated", [False, True])
def test_a_state_that_changes_is_refused_by_leaf_and_step(differentiated: bool) -> None:
    def attempt(step: Any, state: Any) -> None:
        def loss(a: Any) -> Any:
            return unroll(lambda s, x: step(s, a), state, length=3)[0]

        (grad(loss) if differentiated else loss)(1.0)

    x = onp.ones(2)
    with pytest.raises(ValueError, match=r"step 0 changed state\[1\] from shape \(2,\).*\(1,\)"):
        attempt(lambda s, a: (s[0] * a, s[1][:1]), (1.0, x))
    with pytest.raises(TypeError, match=r"step 0 changed state\[0\].*float32 to .*float64"):
        attempt(lambda s, a: (s[0] * onp.float64(2.0) * a, s[1]), (onp.float32(1), x))
    with pytest.raises(TypeError, match=r"state\[1\] from shape \(\) and dtype int64 to .*float64"):
        attempt(lambda s, a: (s[0] * a, s[1] + a), (1.0, 0))
    with pytest.raises(TypeError, match=r"state\[1\] from type NoneType to shape"):
        attempt(lambda s, a: (s[0] * a, 1.0), (1.0, None))
    with pytest.raises(ValueError, match="structure of the state, from a tuple of 2 to a tuple of"):
        attempt(lambda s, a: (s[0] * a,), (1.0, x))
    with pytest.raises(ValueError, match="a dict with keys"):
        attempt(lambda s, a: {"u": s[0] * a}, (1.0, x))


def test_a_late_change_names_its_step() -> None:
    with pytest.raises(ValueError, match=r"step 3 changed state\[0\]"):
        unroll(lambda s, x: (s[0][: 5 - x], x), (onp.ones(3), 0), onp.arange(6))


def test_a_budget_of_less_than_a_state_is_refused_whether_or_not_anything_is_traced() -> None:
    def loss(x: Any) -> Any:
        return np.sum(unroll(lambda s, _: s, x, length=5, memory=79))

    for attempt in (loss, grad(loss)):
        with pytest.raises(ValueError, match="one takes 80 bytes"):
            attempt(onp.ones(10))


def test_a_step_can_not_write_into_stored_states() -> None:
    def step(s: Any, x: Any) -> Any:
        s += 1.0
        return s

    start = onp.zeros(2)
    with pytest.raises(ValueError, match="read-only"):
        unroll(step, start, length=2)
    assert start.flags.writeable
    assert (start == 0.0).all()


def test_a_step_that_changes_its_mind_is_found_out() -> None:
    def loss(pair: Any) -> Any:
        a, b = pair
        runs = iter(range(100))
        return unroll(lambda s, _: s * (a if next(runs) < 5 else b), 1.0, length=4)

    with pytest.raises(RuntimeError, match="must do the same each time"):
        grad(loss)((2.0, 3.0))


def test_one_buffer_handed_out_again_and_again_does_no_harm() -> None:
    buffer = onp.empty(3)

    def loss(a: Any, **budget: Any) -> Any:
        def step(s: Any, x: Any) -> Any:
            t, u = s
            u = np.sin(u * np.sum(t)) * a
            return (t * 1.1, u) if isbox(t) else (onp.multiply(t, 1.1, out=buffer), u)

        return np.sum(unroll(step, (onp.ones(3), onp.ones(2)), length=6, **budget)[1])

    for budget in ({}, {"memory": 80}):
        assert grad(loss)(0.7, **budget) == pytest.approx(
            (loss(0.7 + 1e-6) - loss(0.7 - 1e-6)) / 2e-6, rel=1e-6
        )


def test_the_result_can_be_written_to() -> None:
    x = onp.ones(2)
    end = unroll(lambda s, _: s, x, length=2)
    end[0] = 5.0
    assert x[0] == 1.0


# -- nothing is left behind ------------------------------------------------------------------------


@pytest.mark.parametrize("when", [2, 9])
def test_an_error_inside_a_step_leaves_nothing_behind(when: int, tmp_path: Path) -> None:
    """Raised in the forward run (call 2) and in the backward pass (call 9, of 6 steps)."""
    calls = iter(range(100))

    def step(s: Any, x: Any) -> Any:
        if next(calls) == when:
            raise ZeroDivisionError
        return s * a_box

    def loss(a: Any) -> Any:
        nonlocal a_box
        a_box = a
        budget = {"memory": 16, "disk": 1000, "folder": tmp_path}
        return np.sum(unroll(step, onp.ones(2), length=6, **budget))

    a_box: Any = None
    with pytest.raises(ZeroDivisionError):
        grad(loss)(2.0)
    assert not list(tmp_path.iterdir())
    calls = iter(range(1000, 2000))
    assert grad(loss)(2.0) == 2 * 6 * 2.0**5
    assert not list(tmp_path.iterdir())


def test_no_reference_cycle_keeps_states_alive() -> None:
    kept: list[weakref.ref[Any]] = []

    def loss(x: Any, **budget: Any) -> Any:
        def step(s: Any, _: Any) -> Any:
            if not isbox(s):
                kept.append(weakref.ref(s))
            return np.sin(s)

        return np.sum(unroll(step, x, length=5, **budget))

    gc.disable()
    try:
        for budget in ({}, {"memory": 48}):
            grad(loss)(onp.ones(3), **budget)
            vjp, _ = make_vjp(loss)(onp.ones(3), **budget)
            vjp(1.0)
            del vjp
        assert len(kept) > 10
        assert [reference() for reference in kept] == [None] * len(kept)
    finally:
        gc.enable()


# -- memory ----------------------------------------------------------------------------------------


@pytest.fixture
def no_collection() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def peak_states(length: int, **budget: Any) -> float:
    """Most states alive at once in the gradient of a loop of nonlinear steps in three fields."""
    fields = tuple(onp.full((50, 50), v) for v in (0.5, 0.2, 0.1))

    def step(state: Any, x: Any) -> Any:
        u, v, w = state
        return np.sin(u) + 0.1 * v, np.cos(v) * 0.5, w * np.tanh(u)

    def loss(u: Any) -> Any:
        return sum(
            np.sum(field) for field in unroll(step, (u, *fields[1:]), length=length, **budget)
        )

    gradient = grad(loss)
    gradient(fields[0])  # imports, caches
    tracemalloc.start()
    try:
        gradient(fields[0])
        return tracemalloc.get_traced_memory()[1] / sum(field.nbytes for field in fields)
    finally:
        tracemalloc.stop()


ONE_STEP = 8
"""States' worth of memory that recording and reversing one such step takes, cotangents included."""


@pytest.mark.parametrize("states", [2, 5, 10, 20])
def test_memory_stays_within_the_budget_and_one_step(states: int, no_collection: None) -> None:
    state_bytes = 3 * 50 * 50 * 8
    assert peak_states(40, memory=states * state_bytes) < states + ONE_STEP
    assert peak_states(40, memory=states * state_bytes, disk="1 GB") < states + ONE_STEP


def test_memory_falls_with_the_budget_and_does_not_grow_with_the_length(
    no_collection: None,
) -> None:
    state_bytes = 3 * 50 * 50 * 8
    assert peak_states(60) > 55
    assert peak_states(60, memory=10 * state_bytes) < 10 + ONE_STEP
    assert peak_states(120, memory=10 * state_bytes) < 10 + ONE_STEP


def test_forward_mode_stores_nothing(no_collection: None) -> None:
    x = onp.linspace(0.0, 1.0, 10_000)

    def loss(s: Any) -> Any:
        return np.sum(unroll(lambda s, _: np.sin(s), s, length=50))

    push = make_jvp(loss)(x)
    tracemalloc.start()
    try:
        push(x)
        assert tracemalloc.get_traced_memory()[1] < 8 * x.nbytes
    finally:
        tracemalloc.stop()


def test_the_plan_is_what_happens() -> None:
    state = (onp.ones(4), 1.0)
    plan = plan_unroll(state, None, 30, memory=200)
    count = iter(range(10_000))

    def step(s: Any, x: Any) -> Any:
        next(count)
        return s[0] * s[1], np.cos(s[1])

    grad(lambda a: np.sum(unroll(step, (a, 1.0), length=30, memory=200)[0]))(state[0])
    assert next(count) == plan.forward_steps
    assert plan.states_stored == 5
