"""unroll with outputs of each step: stacked, differentiable in every mode, the same within budgets;
and with every operation recorded."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, make_jvp, make_vjp, plan_unroll, unroll
from autodiff.test_util import check_grads

W = onp.array([[0.3, -0.2, 0.1], [0.5, 0.2, -0.4], [-0.1, 0.6, 0.2]])
START = onp.array([0.2, -0.5, 0.9])
XS = onp.linspace(-1.0, 1.0, 7)
STATE_BYTES = START.nbytes + 8
BUDGETS: list[dict[str, Any]] = [
    {"memory": STATE_BYTES},
    {"memory": 3 * STATE_BYTES},
    {"memory": STATE_BYTES, "disk": 3 * STATE_BYTES},
]
ARGUMENTS = ["weights", "start", "inputs"]


def outputs(w: Any, start: Any, xs: Any, **budget: Any) -> Any:
    """A vector and a number that does not enter the state, and one that is not traced."""

    def step(state: Any, x: Any) -> Any:
        h, rate = state
        h = np.tanh(w @ h + rate * x)
        return (h, 0.9 * rate + 0.1 * x), {"h": h, "energy": (np.sum(h**2) * x, 3)}

    return unroll(step, (start, 0.4), xs, stacked=True, **budget)


def by_hand(w: Any, start: Any, xs: Any) -> Any:
    h, rate, hs, energies = start, 0.4, [], []
    for x in xs:
        h, rate = np.tanh(w @ h + rate * x), 0.9 * rate + 0.1 * x
        hs.append(h)
        energies.append(np.sum(h**2) * x)
    return (h, rate), {"h": np.stack(hs), "energy": (np.stack(energies), onp.full(len(xs), 3))}


def total(result: Any) -> Any:
    (h, rate), ys = result
    weights = onp.linspace(1.0, 2.0, 21).reshape(7, 3)
    return np.sum(h) * rate + np.sum(np.sin(ys["h"]) * weights) + np.sum(ys["energy"][0] ** 2)


def gradient(argnum: int, program: Any, **budget: Any) -> Any:
    return grad(lambda *a: total(program(*a, **budget)), argnum)(W, START, XS)


def test_outputs_are_stacked_along_axis_0() -> None:
    (h, rate), ys = outputs(W, START, XS)
    (expected_h, expected_rate), expected = by_hand(W, START, XS)
    onp.testing.assert_array_equal(h, expected_h)
    assert rate == expected_rate
    onp.testing.assert_array_equal(ys["h"], expected["h"])
    for got, wanted in zip(ys["energy"], expected["energy"]):
        onp.testing.assert_array_equal(got, wanted)
        assert got.dtype == wanted.dtype


@pytest.mark.parametrize("argnum", [0, 1, 2], ids=ARGUMENTS)
def test_gradients_are_those_of_the_loop_on_every_schedule(argnum: int) -> None:
    stored = gradient(argnum, outputs)
    # Sums over steps are added up in another order than on one tape.
    onp.testing.assert_allclose(stored, gradient(argnum, by_hand), rtol=1e-13, atol=1e-15)
    for budget in BUDGETS:
        onp.testing.assert_array_equal(gradient(argnum, outputs, **budget), stored)
    recorded = gradient(argnum, outputs, memory="operations")
    onp.testing.assert_allclose(recorded, stored, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("memory", [None, "operations", 4 * STATE_BYTES], ids=str)
@pytest.mark.parametrize("argnum", [0, 1, 2], ids=ARGUMENTS)
def test_both_modes_and_their_nestings_are_right(argnum: int, memory: Any) -> None:
    onp.random.seed(0)  # noqa: NPY002  (check_grads draws its directions from it)
    check_grads(lambda *a: total(outputs(*a, memory=memory)), argnum)(W, START, XS)


def test_every_pair_of_modes_gives_the_same_second_derivative() -> None:
    v = onp.array([1.0, -2.0, 0.5])

    def loss(start: Any) -> Any:
        return total(outputs(W, start, XS, memory=4 * STATE_BYTES))

    expected = make_jvp(grad(lambda s: total(by_hand(W, s, XS))))(START)(v)[1]
    for got in (
        make_jvp(grad(loss))(START)(v)[1],
        grad(lambda x: make_jvp(loss)(x)(v)[1])(START),
        make_vjp(grad(loss))(START)[0](v),
    ):
        onp.testing.assert_allclose(got, expected, rtol=1e-12)


def test_an_output_that_nothing_uses_costs_no_cotangent() -> None:
    g = grad(lambda s: np.sum(outputs(W, s, XS)[0][0]))(START)
    onp.testing.assert_array_equal(g, grad(lambda s: np.sum(by_hand(W, s, XS)[0][0]))(START))
    only = grad(lambda s: outputs(W, s, XS)[1]["energy"][0][2])(START)
    expected = grad(lambda s: by_hand(W, s, XS)[1]["energy"][0][2])(START)
    onp.testing.assert_allclose(only, expected, rtol=1e-13)


def test_a_buffer_handed_out_again_and_again_is_copied() -> None:
    buffer = onp.zeros(2)

    def step(s: Any, x: Any) -> Any:
        buffer[:] = x
        return s * x, buffer

    def loss(s: Any) -> Any:
        end, ys = unroll(step, s, onp.array([1.0, 2.0, 3.0]), stacked=True)
        return end * np.sum(ys)

    assert loss(1.0) == 72.0
    assert grad(loss)(1.0) == 72.0


def test_an_output_may_become_traced_at_a_later_step() -> None:
    def loss(a: Any, memory: Any) -> Any:
        def step(s: Any, x: Any) -> Any:
            return s + 1.0, a * a if x > 1 else onp.float64(x)

        return np.sum(unroll(step, 0.0, onp.arange(4.0), stacked=True, memory=memory)[1])

    for memory in (None, 16, "operations"):
        assert grad(loss)(3.0, memory) == 12.0
        assert make_jvp(loss)(3.0, memory)(1.0) == (19.0, 12.0)


def test_what_can_not_be_an_output_is_refused() -> None:
    with pytest.raises(TypeError, match=r"output\[1\] must be an array or a number, got type str"):
        unroll(lambda s, _: (s, (s, "a")), 1.0, length=2, stacked=True)
    with pytest.raises(ValueError, match=r"step 1 changed output from shape \(0,\)"):
        unroll(lambda s, x: (s, onp.zeros(x)), 1.0, onp.arange(3), stacked=True)
    with pytest.raises(ValueError, match="step 1 changed the structure of the output"):
        unroll(lambda s, x: (s, s if x else (s,)), 1.0, onp.arange(3), stacked=True)
    with pytest.raises(ValueError, match="without a step"):
        unroll(lambda s, x: (s, s), 1.0, length=0, stacked=True)


def test_recorded_operations_run_each_step_once() -> None:
    calls = []

    def step(s: Any, x: Any) -> Any:
        calls.append(x)
        return np.sin(s) * x

    assert plan_unroll(1.0, XS, memory="operations").forward_steps == len(XS)
    grad(lambda s: unroll(step, s, XS, memory="operations"))(1.0)
    assert len(calls) == len(XS)
    with pytest.raises(ValueError, match="leave out disk="):
        unroll(step, 1.0, XS, memory="operations", disk="1 MB")
