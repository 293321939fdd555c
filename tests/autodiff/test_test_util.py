"""The checker is checked: right rules pass, rules that are wrong by 0.05 % fail."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff.extend import defjvp, defvjp, primitive
from autodiff.test_util import (
    check_duality,
    check_equivalent,
    check_grads,
    check_jvp,
    check_vjp,
    combo_check,
    make_numerical_jvp,
    scalar_close,
    taylor_order,
)

X = onp.array([0.3, -1.2, 2.0])


def cubed(reverse: float = 1.0, forward: float = 1.0, second: float = 1.0) -> Any:
    """x**3 with rules that are wrong by these factors."""
    square = primitive(lambda x: x**2)
    defvjp(square, lambda ans, x: lambda g: g * 2 * x * second)
    defjvp(square, lambda g, ans, x: g * 2 * x * second)
    fun = primitive(lambda x: x**3)
    defvjp(fun, lambda ans, x: lambda g: g * 3 * square(x) * reverse)
    defjvp(fun, lambda g, ans, x: g * 3 * square(x) * forward)
    return fun


@pytest.mark.parametrize("modes", [["fwd"], ["rev"], ["fwd", "rev"]])
def test_right_rules_pass(modes: list[str]) -> None:
    check_grads(cubed(), modes=modes)(X)
    check_grads(cubed(), modes=modes, order=3)(X)
    check_duality(cubed(), X)


@pytest.mark.parametrize("wrong", [1.0005, 0.9995, -1.0])
def test_a_wrong_reverse_rule_is_found(wrong: float) -> None:
    with pytest.raises(AssertionError, match=r"VJP.* is wrong: analytic .*, numeric "):
        check_grads(cubed(reverse=wrong), modes=["rev"])(X)
    with pytest.raises(AssertionError, match="VJP"):
        check_vjp(cubed(reverse=wrong), X)
    check_grads(cubed(reverse=wrong), modes=["fwd"])(X)
    with pytest.raises(AssertionError, match="forward and reverse mode disagree"):
        check_duality(cubed(reverse=wrong), X)


@pytest.mark.parametrize("wrong", [1.0005, 0.9995, -1.0])
def test_a_wrong_forward_rule_is_found(wrong: float) -> None:
    with pytest.raises(AssertionError, match="JVP"):
        check_grads(cubed(forward=wrong), modes=["fwd"])(X)
    with pytest.raises(AssertionError, match="JVP"):
        check_jvp(cubed(forward=wrong), X)
    check_grads(cubed(forward=wrong), modes=["rev"], order=1)(X)


@pytest.mark.parametrize("modes", [["fwd"], ["rev"]])
def test_a_wrong_second_derivative_is_found_at_order_two(modes: list[str]) -> None:
    check_grads(cubed(second=1.0005), modes=modes, order=1)(X)
    with pytest.raises(AssertionError, match="is wrong"):
        check_grads(cubed(second=1.0005), modes=modes)(X)


@pytest.mark.parametrize("mode", ["fwd", "rev"])
def test_a_rule_that_gives_nan_is_found(mode: str) -> None:
    with pytest.raises(AssertionError, match="nan"):
        check_grads(cubed(reverse=onp.nan, forward=onp.nan), modes=[mode], order=1)(X)


def test_messages_show_plain_numbers() -> None:
    number = r"-?\d+\.\d+(e-\d+)?"
    message = rf"is wrong: analytic {number}, numeric {number}$"
    for x in (0.5, X):
        with pytest.raises(AssertionError, match=message):
            check_grads(cubed(reverse=-1.0), modes=["rev"])(x)
    with pytest.raises(AssertionError, match=rf"mode disagree: {number} and {number} \(diff"):
        check_duality(cubed(reverse=-1.0), X)


def test_a_cotangent_of_another_shape_or_dtype_is_found() -> None:
    fun = primitive(lambda x: x * 1.0)
    for wrong in (lambda g: onp.ones((2, 3)), lambda g: onp.ones(3, onp.float32)):
        defvjp(fun, lambda ans, x, wrong=wrong: wrong)
        with pytest.raises(AssertionError, match="not in the argument's vector space"):
            check_grads(fun, modes=["rev"])(X)
    defjvp(fun, lambda g, ans, x: g[:1])
    with pytest.raises(AssertionError, match="not in the value's vector space"):
        check_grads(fun, modes=["fwd"])(X)


def test_modes_are_named() -> None:
    for modes in ([], ["forward"], ["fwd", "reverse"]):
        with pytest.raises(ValueError, match='modes must be of "fwd" and "rev"'):
            check_grads(np.sin, modes=modes)(1.0)


def test_equivalence_is_of_space_and_of_value() -> None:
    check_equivalent(X, X + 1e-9)
    with pytest.raises(AssertionError, match="value is wrong"):
        check_equivalent(X, X + 1e-3)
    with pytest.raises(AssertionError, match="vector space"):
        check_equivalent(X, X.astype(onp.float32))


def test_combo_check_tries_all_combinations() -> None:
    seen = []

    def fun(x: Any, y: Any, power: int = 1) -> Any:
        seen.append((float(onp.sum(_plain(y))), power))
        return np.sin(x) * y**power

    combo_check(fun, (0, 1), order=1)([X, 0.5], [2.0, 3.0], power=[1, 2])
    assert {power for _, power in seen} == {1, 2}
    assert {round(y) for y, _ in seen} == {2, 3}
    with pytest.raises(AssertionError):
        combo_check(lambda x, y: cubed(reverse=1.001)(x) * y, (0, 1), order=1)([X], [1.0])


def _plain(x: Any) -> Any:
    while hasattr(x, "_value"):
        x = x._value
    return x


def test_taylor_order_is_two_for_right_gradients_only(rng: Any) -> None:
    direction = rng.standard_normal(3)
    right = taylor_order(lambda x: np.sum(np.exp(cubed()(x) / 3)), X, direction, largest=1e-3)
    wrong = taylor_order(
        lambda x: np.sum(np.exp(cubed(reverse=1.01)(x) / 3)), X, direction, largest=1e-3
    )
    assert right == pytest.approx(2, abs=0.05)
    assert wrong < 1.5


def test_numerical_jvp_and_closeness() -> None:
    assert make_numerical_jvp(np.sin, 0.5)(2.0) == pytest.approx(2 * onp.cos(0.5), rel=1e-9)
    assert scalar_close(1.0, 1.0 + 1e-7)
    assert not scalar_close(1.0, 1.0 + 1e-5)
    assert not scalar_close(1.0, onp.nan)
    assert scalar_close(0.0, 0.0)
