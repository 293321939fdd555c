"""The door for authors of primitives."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import extend, grad, make_jvp
from autodiff.test_util import check_duality, check_grads


@pytest.mark.parametrize("name", extend.__all__)
def test_every_name_of_the_door_is_documented(name: str) -> None:
    assert getattr(extend, name).__doc__


def test_a_primitive_with_both_rules_is_like_a_built_in_one() -> None:
    @extend.primitive
    def logsumexp(x: Any) -> Any:
        """log(sum(exp(x))) of a vector, shifted by max(x) so that exp cannot overflow."""
        shift = onp.max(x)
        return shift + onp.log(onp.sum(onp.exp(x - shift)))

    extend.defvjp(logsumexp, lambda ans, x: lambda g: g * np.exp(x - ans))
    extend.defjvp(logsumexp, lambda x_dot, ans, x: np.dot(np.exp(x - ans), x_dot))
    x = onp.array([0.1, -2.0, 3.0])
    check_grads(logsumexp)(x)
    check_duality(logsumexp, x)
    onp.testing.assert_allclose(grad(logsumexp)(x + 1000.0).sum(), 1.0)


def test_an_elementwise_function_needs_one_formula() -> None:
    softplus = extend.primitive(lambda x: onp.logaddexp(0.0, x))
    extend.def_elementwise(softplus, lambda g, x: g / (1 + np.exp(-x)))
    x = onp.array([-1.0, 0.5, 2.0])
    check_grads(softplus)(x)
    answer_based = extend.primitive(lambda x: onp.exp(2 * x))
    extend.def_elementwise(answer_based, lambda g, ans: 2 * g * ans, keeps_answer=True)
    check_grads(answer_based)(x)


def test_a_linear_function_is_its_own_tangent() -> None:
    mix = extend.primitive(lambda a, b: a * b[::-1])
    extend.def_linear(mix)
    a, b = onp.array([1.0, 2.0]), onp.array([3.0, 5.0])
    value, tangent = make_jvp(mix, (0, 1))(a, b)((b, a))
    onp.testing.assert_array_equal(value, a * b[::-1])
    onp.testing.assert_array_equal(tangent, b * b[::-1] + a * a[::-1])


def test_a_rule_of_none_is_a_derivative_of_zero() -> None:
    steps = extend.primitive(lambda x, y: onp.floor(x) * y)
    extend.defvjp(steps, None, lambda ans, x, y: lambda g: g * np.floor(x))
    extend.defjvp(steps, None, lambda g, ans, x, y: g * np.floor(x))
    assert grad(steps, (0, 1))(2.5, 3.0) == (0.0, 2.0)
    assert make_jvp(steps, 0)(2.5, 3.0)(1.0) == (6.0, 0.0)
    assert make_jvp(steps, (0, 1))(2.5, 3.0)((1.0, 1.0)) == (6.0, 2.0)


def test_forward_rules_for_all_arguments_at_once() -> None:
    product = extend.primitive(lambda x, y: x * y)
    extend.defjvp_argnums(
        product,
        lambda argnums, gs, ans, args, kwargs: sum(g * args[1 - k] for k, g in zip(argnums, gs)),
    )
    assert make_jvp(product, (0, 1))(2.0, 3.0)((1.0, 10.0)) == (6.0, 23.0)
    extend.defjvp_argnum(product, lambda argnum, g, ans, args, kwargs: g * args[1 - argnum])
    assert make_jvp(product, (0, 1))(2.0, 3.0)((1.0, 10.0)) == (6.0, 23.0)


def test_rules_for_chosen_argument_numbers() -> None:
    power = extend.primitive(lambda kind, x, n: x**n)
    extend.defvjp(power, lambda ans, kind, x, n: lambda g: g * n * x ** (n - 1), argnums=[1])
    extend.defjvp(power, lambda g, ans, kind, x, n: g * n * x ** (n - 1), argnums=[1])
    assert grad(power, 1)("real", 2.0, 3.0) == 12.0
    assert make_jvp(power, 1)("real", 2.0, 3.0)(1.0) == (8.0, 12.0)
    with pytest.raises(NotImplementedError, match=r"argument\(s\) 2"):
        grad(power, 2)("real", 2.0, 3.0)
