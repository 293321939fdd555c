"""odeint and solve_ivp: values against SciPy, derivatives against Autograd and differences."""

from __future__ import annotations

from typing import Any

import autograd
import autograd.numpy as anp
import autograd.scipy.integrate as theirs
import numpy as onp
import pytest
import scipy.integrate
from autograd.builtins import tuple as autograd_tuple

import autodiff.numpy as np
from autodiff import grad, jacobian, make_jvp
from autodiff.scipy import integrate
from autodiff.scipy.integrate import odeint, solve_ivp
from autodiff.test_util import check_grads

T = onp.linspace(0.1, 2.0, 5)
Y0 = onp.array([1.0, 0.3])
WEIGHTS = onp.random.default_rng(0).normal(size=(5, 2))
TIGHT = {"rtol": 1e-10, "atol": 1e-10}


def pendulum(y: Any, t: Any, a: Any, b: Any) -> Any:
    return np.array([y[1], -a * np.sin(y[0]) - b * y[1] * t])


def autograd_pendulum(y: Any, t: Any, a: Any, b: Any) -> Any:
    return anp.array([y[1], -a * anp.sin(y[0]) - b * y[1] * t])


def loss(y0: Any, t: Any, a: Any, b: Any) -> Any:
    return np.sum(WEIGHTS * odeint(pendulum, y0, t, (a, b), **TIGHT))


def autograd_loss(y0: Any, t: Any, a: Any, b: Any) -> Any:
    solution = theirs.odeint(autograd_pendulum, y0, t, autograd_tuple((a, b)), **TIGHT)
    return anp.sum(WEIGHTS * solution)


ARGS = (Y0, T, 1.3, 0.2)


@pytest.mark.parametrize("argnum", range(4))
def test_odeints_gradients_equal_autograds_and_forward_mode(argnum: int) -> None:
    gradient = grad(loss, argnum)(*ARGS)
    expected = autograd.grad(autograd_loss, argnum)(*ARGS)
    onp.testing.assert_allclose(gradient, expected, rtol=1e-7, atol=1e-8)
    direction = onp.ones_like(ARGS[argnum])
    _, tangent = make_jvp(loss, argnum)(*ARGS)(direction)
    assert tangent == pytest.approx(onp.sum(gradient), rel=1e-6, abs=1e-8)


def test_the_derivative_of_the_derivative_goes_through_the_adjoint_equation() -> None:
    ours = grad(grad(loss, 2), 3)(*ARGS)
    h = 1e-4
    ahead, behind = (grad(loss, 2)(*ARGS[:3], ARGS[3] + s * h) for s in (1, -1))
    assert ours == pytest.approx((ahead - behind) / (2 * h), rel=1e-5)
    _, mixed = make_jvp(grad(loss, 2), 3)(*ARGS)(1.0)
    assert mixed == pytest.approx(ours, rel=1e-6)


def test_decay_has_the_gradient_of_the_exponential() -> None:
    fun = lambda rate: odeint(lambda y, t, k: -k * y, 2.0, [0.0, 1.0], rate, **TIGHT)[-1, 0]  # noqa: E731
    assert grad(fun)(0.7) == pytest.approx(-2 * onp.exp(-0.7), rel=1e-7)


def test_arguments_may_be_nests_and_hold_constants_of_any_type() -> None:
    def rate(y: Any, t: Any, params: Any, sign: int, name: str) -> Any:
        assert name == "decay"
        return sign * params["k"][0] * y

    fun = lambda k: odeint(rate, 2.0, [0.0, 1.0], ({"k": [k, 3.0]}, -1, "decay"), **TIGHT)[-1, 0]  # noqa: E731
    assert grad(fun)(0.7) == pytest.approx(-2 * onp.exp(-0.7), rel=1e-7)
    traced_nest = lambda p: odeint(rate, 2.0, [0.0, 1.0], (p, -1, "decay"), **TIGHT)[-1, 0]  # noqa: E731
    gradient = grad(traced_nest)({"k": [0.7, 3.0]})
    assert gradient["k"][0] == pytest.approx(-2 * onp.exp(-0.7), rel=1e-7)
    assert gradient["k"][1] == 0


def test_tfirst_swaps_the_arguments_and_plain_calls_are_scipys() -> None:
    swapped = lambda t, y, a, b: pendulum(y, t, a, b)  # noqa: E731
    expected = scipy.integrate.odeint(pendulum, Y0, T, (1.3, 0.2))
    onp.testing.assert_array_equal(odeint(pendulum, Y0, T, (1.3, 0.2)), expected)
    got = grad(lambda a: np.sum(odeint(swapped, Y0, T, (a, 0.2), tfirst=True)))(1.3)
    assert got == pytest.approx(grad(lambda a: np.sum(odeint(pendulum, Y0, T, (a, 0.2))))(1.3))


def test_odeint_refuses_what_the_adjoint_cannot_have() -> None:
    with pytest.raises(NotImplementedError, match="full_output"):
        grad(lambda a: odeint(pendulum, Y0, T, (a, 0.2), full_output=True)[0])(1.3)


def test_a_captured_traced_value_is_refused() -> None:
    def captures(a: Any) -> Any:
        return np.sum(odeint(lambda y, t, b: -a * b * y, Y0, T, (a,)))

    with pytest.raises(TypeError, match="args"):
        grad(captures)(1.3)


@pytest.mark.parametrize("method", ["RK45", "DOP853", "LSODA"])
def test_solve_ivps_gradients_agree_with_differences(method: str) -> None:
    def ends(y0: Any, start: Any, end: Any, a: Any) -> Any:
        rate = lambda t, y, p: pendulum(y, t, p["a"], 0.2)  # noqa: E731
        options: dict[str, Any] = {"method": method, "rtol": 1e-9, "atol": 1e-9}
        at_steps = solve_ivp(rate, (start, end), y0, args=({"a": a},), **options)
        inside = solve_ivp(rate, (start, end), y0, t_eval=[0.5, 1.0], args=({"a": a},), **options)
        return at_steps.y[0, -1] + np.sum(WEIGHTS[:2].T * inside.y)

    args = (Y0, 0.1, 2.0, 1.3)
    h = 1e-4
    for k, x in enumerate(args):
        gradient = grad(ends, k)(*args)
        moved = [ends(*args[:k], x + s * h * onp.ones_like(x), *args[k + 1 :]) for s in (1, -1)]
        assert onp.sum(gradient) == pytest.approx((moved[0] - moved[1]) / (2 * h), rel=2e-5)
        _, tangent = make_jvp(ends, k)(*args)(onp.ones_like(x))
        assert tangent == pytest.approx(onp.sum(gradient), rel=1e-5)


def test_solve_ivp_gives_scipys_result() -> None:
    rate = lambda t, y, a: pendulum(y, t, a, 0.2)  # noqa: E731
    expected = scipy.integrate.solve_ivp(rate, (0.1, 2.0), Y0, args=(1.3,))
    got = solve_ivp(rate, (0.1, 2.0), Y0, args=1.3)
    onp.testing.assert_array_equal(got.t, expected.t)
    onp.testing.assert_array_equal(got.y, expected.y)
    assert got.success
    shapes = jacobian(lambda y0: solve_ivp(rate, (0.1, 2.0), y0, t_eval=T, args=1.3).y)(Y0)
    assert shapes.shape == (2, 5, 2)


def test_solve_ivp_refuses_events_and_complex_states() -> None:
    rate = lambda t, y: -y  # noqa: E731
    with pytest.raises(NotImplementedError, match="dense_output"):
        grad(lambda y: solve_ivp(rate, (0, 1), y, dense_output=True).y[0, -1])(onp.ones(1))
    with pytest.raises(NotImplementedError, match="events"):
        grad(lambda y: solve_ivp(rate, (0, 1), y, events=rate).y[0, -1])(onp.ones(1))
    with pytest.raises(NotImplementedError, match="complex"):
        grad(lambda y: np.real(solve_ivp(rate, (0, 1), y + 1j).y[0, -1]))(onp.ones(1))


@pytest.mark.parametrize("name", ["trapezoid", "cumulative_trapezoid"])
def test_integrals_of_samples(name: str, rng: Any) -> None:
    fun, scipys = getattr(integrate, name), getattr(scipy.integrate, name)
    y, x = rng.standard_normal((3, 4)), onp.cumsum(rng.uniform(0.1, 1.0, 4))
    for options in ({"dx": 0.3}, {"dx": 0.3, "axis": 0}, {"x": x}, {"x": x[:3], "axis": 0}):
        onp.testing.assert_allclose(fun(y, **options), scipys(y, **options), rtol=1e-13)
        check_grads(lambda y, o=options: fun(y, **o))(y)
    check_grads(lambda y, x: fun(y, x), (0, 1))(y, x)
    check_grads(lambda dx: fun(y, dx=dx))(0.4)


def test_a_cumulative_integral_begins_at_zero() -> None:
    y = onp.array([1.0, 3.0, 2.0])
    got = integrate.cumulative_trapezoid(y, initial=0)
    onp.testing.assert_array_equal(got, [0.0, 2.0, 4.5])
    with pytest.raises(ValueError, match="initial"):
        integrate.cumulative_trapezoid(y, initial=1)
