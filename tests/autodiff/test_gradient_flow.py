"""Values, stopped gradients and hooks."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff
import autodiff.numpy as np
from autodiff import grad, make_jvp, on_gradient, stop_gradient, value_of
from autodiff.tracer import isbox

X = onp.array([0.5, 1.0, 2.0])


def test_the_plain_value_is_inside_any_number_of_traces() -> None:
    seen: list[Any] = []

    def fun(x: Any) -> Any:
        seen.append(value_of(x))
        seen.append(value_of({"a": [x, (x * 2, 3)]}))
        return np.sum(x * x)

    grad(lambda x: np.sum(grad(fun)(x)))(X)
    assert type(seen[0]) is onp.ndarray
    onp.testing.assert_array_equal(seen[1]["a"][1][0], 2 * X)
    assert value_of(3) == 3


def test_the_value_of_a_traced_container_has_no_boxes_in_it() -> None:
    def fun(x: Any) -> Any:
        pair = value_of(autodiff.tuple((x, x * 2)))
        assert type(pair) is tuple
        assert not any(map(isbox, pair))
        return np.sum(x * pair[1])

    onp.testing.assert_array_equal(grad(fun)(X), 2 * X)
    grad(lambda x: np.sum(grad(fun)(x) * x))(X)


def test_stopped_gradients_are_zero_in_both_modes_and_all_levels() -> None:
    fun = lambda x: np.sum(x * stop_gradient(x * x))  # noqa: E731
    onp.testing.assert_array_equal(grad(fun)(X), X * X)
    assert make_jvp(fun)(X)(onp.ones(3))[1] == onp.sum(X * X)
    with pytest.warns(UserWarning, match="does not depend"):
        grad(lambda x: np.sum(stop_gradient(x)))(X)
    nested = lambda x: np.sum(x * stop_gradient([x, (x,)])[1][0])  # noqa: E731
    onp.testing.assert_array_equal(grad(nested)(X), X)


def test_a_hook_sees_the_gradient_and_may_replace_it() -> None:
    seen: list[Any] = []
    watched = lambda x: np.sum(on_gradient(x * x, seen.append) * 3.0)  # noqa: E731
    onp.testing.assert_array_equal(grad(watched)(X), 6 * X)
    onp.testing.assert_array_equal(seen[0], onp.full(3, 3.0))
    clipped = lambda x: np.sum(on_gradient(x, lambda g: np.clip(g, -2, 2)) ** 2)  # noqa: E731
    onp.testing.assert_array_equal(grad(clipped)(X), [1.0, 2.0, 2.0])
    assert make_jvp(clipped)(X)(onp.ones(3))[1] == 7.0
    doubled = lambda x: on_gradient(x, lambda g: 2 * g) ** 3  # noqa: E731
    assert grad(grad(doubled))(1.0) == pytest.approx(24.0)
    assert on_gradient(2.0, seen.append) == 2.0


def test_a_replacement_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="in place of a gradient of 3 numbers"):
        grad(lambda x: np.sum(on_gradient(x, lambda g: g[:2]) * 1.0))(X)
