"""Primitives with their derivatives in one call; a mode left out is the other's transpose."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import custom_jvp, custom_vjp, grad, jacobian, make_jvp, primitive_with
from autodiff.test_util import check_grads


def reverse_rule(ans: Any, x: Any, y: Any) -> Any:
    return lambda g: g * np.cos(x) * y


def raw(x: Any, y: Any) -> Any:
    return onp.sin(x) * y


POINT = (onp.array([0.3, 1.2]), onp.array([2.0, -1.0]))


def test_reverse_rules_give_forward_mode_too() -> None:
    fun = custom_vjp(raw, reverse_rule, lambda ans, x, y: lambda g: g * np.sin(x))
    check_grads(fun, (0, 1))(*POINT)


def test_forward_rules_give_reverse_mode_too() -> None:
    fun = custom_jvp(
        raw, lambda g, ans, x, y: g * np.cos(x) * y, lambda g, ans, x, y: g * np.sin(x)
    )
    check_grads(fun, (0, 1))(*POINT)


def test_a_rule_that_mixes_entries_is_transposed() -> None:
    mix = onp.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    fun = custom_vjp(lambda x: onp.dot(mix, x), lambda ans, x: lambda g: np.dot(mix.T, g))
    onp.testing.assert_array_equal(make_jvp(fun)(POINT[0])(onp.array([1.0, 0.0]))[1], mix[:, 0])
    forward = custom_jvp(lambda x: onp.dot(mix, x), lambda g, ans, x: np.dot(mix, g))
    onp.testing.assert_array_equal(jacobian(forward)(POINT[0]), mix)


def test_both_are_used_as_given() -> None:
    @primitive_with(vjps=[lambda ans, x: lambda g: 2.0 * g], jvps=[lambda g, ans, x: 3.0 * g])
    def odd(x: Any) -> Any:
        """Its rules disagree, on purpose."""
        return x

    assert odd.__name__ == "odd"
    assert grad(odd)(1.0) == 2.0
    assert make_jvp(odd)(1.0)(1.0)[1] == 3.0


def test_none_is_a_derivative_of_zero_in_both_modes() -> None:
    for fun in (
        custom_vjp(raw, None, lambda ans, x, y: lambda g: g * np.sin(x)),
        custom_jvp(raw, None, lambda g, ans, x, y: g * np.sin(x)),
    ):
        assert grad(lambda x, fun=fun: np.sum(fun(x, POINT[1])) + np.sum(x))(POINT[0]).tolist() == [
            1.0,
            1.0,
        ]
        assert make_jvp(fun, 0)(*POINT)(POINT[0])[1].tolist() == [0.0, 0.0]
        assert grad(lambda y, fun=fun: np.sum(fun(POINT[0], y)))(POINT[1]) == pytest.approx(
            onp.sin(POINT[0])
        )


def test_keywords_reach_the_rules() -> None:
    fun = custom_vjp(
        lambda x, *, power=2: x**power,
        lambda ans, x, power=2: lambda g: g * power * x ** (power - 1),
    )
    assert grad(lambda x: fun(x, power=3))(2.0) == 12.0
    assert make_jvp(lambda x: fun(x, power=3))(2.0)(1.0)[1] == 12.0


def test_rules_of_the_wrong_kind_are_refused_at_once() -> None:
    with pytest.raises(TypeError, match="needs rules"):
        primitive_with()
    with pytest.raises(TypeError, match="must be a function"):
        custom_vjp(raw, 3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="must be a function"):
        custom_jvp(raw, "linear")
    with pytest.raises(TypeError, match="can't be transposed"):
        custom_jvp(raw, "same")
