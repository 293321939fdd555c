"""The engine: nesting, closures, what functions may return, vjps called again."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, make_jvp, make_vjp
from autodiff.core import (
    pull_back_once,
    record_tape,
    walk_tape,
)
from autodiff.extend import defvjp, primitive
from autodiff.tracer import Node, isbox, trace


def test_derivatives_nest_to_any_order() -> None:
    derivative = np.sin
    for order in range(1, 7):
        derivative = grad(derivative)
        assert derivative(0.7) == pytest.approx(math.sin(0.7 + order * math.pi / 2), abs=1e-14)


def forward(fun: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda x: make_jvp(fun)(x)(onp.ones_like(x) if onp.ndim(x) else 1.0)[1]


def reverse(fun: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda x: make_vjp(fun)(x)[0](1.0)


@pytest.mark.parametrize("outer", [grad, forward, reverse])
@pytest.mark.parametrize("inner", [grad, forward, reverse])
def test_perturbations_of_nested_derivatives_are_not_confused(outer: Any, inner: Any) -> None:
    # d/dx [x * d/dy (x + y)] = d/dx [x * 1] = 1; confusing the two variables gives 2.
    assert outer(lambda x: x * inner(lambda y: x + y)(1.0))(1.0) == 1.0
    assert outer(lambda x: x * inner(lambda y: x * y)(2.0))(3.0) == 6.0


@pytest.mark.parametrize("outer", [grad, forward])
@pytest.mark.parametrize("inner", [grad, forward])
def test_an_outer_variable_captured_by_the_inner_function_counts(outer: Any, inner: Any) -> None:
    assert outer(lambda a: inner(lambda y: a * a * y**3)(2.0))(5.0) == pytest.approx(120.0)
    assert outer(lambda a: inner(lambda y: y * np.exp(a * y))(a))(0.5) == pytest.approx(
        # d/da [(1 + a y) exp(a y)] at y = a
        (2 * 0.5) * math.exp(0.25) * (2 + 0.25),
        rel=1e-14,
    )


def test_three_levels_see_each_other() -> None:
    fun = lambda a: grad(lambda b: grad(lambda c: a * b**2 * c**3)(b))(a)  # noqa: E731
    # 3 a b^4 -> 12 a b^3 at b = a -> 12 a^4 -> 48 a^3
    assert grad(fun)(0.5) == pytest.approx(48 * 0.5**3)


def test_a_node_tracer_runs_over_and_under_grad() -> None:
    class Names(Node):
        seen: list[str]

        def __init__(self, value: Any, fun: Any, args: Any, kwargs: Any, *rest: Any) -> None:
            super().__init__(value, fun, args, kwargs, *rest)
            Names.seen.append(fun.__name__)

    Names.seen = []
    value, node = trace(Names.new_root(2.0), grad(lambda x: np.sin(x) * x), 2.0)
    assert value == pytest.approx(math.cos(2.0) * 2 + math.sin(2.0))
    assert isinstance(node, Names)
    assert {"sin", "cos", "multiply"} <= set(Names.seen)

    def traced_inside(x: Any) -> Any:
        return trace(Names.new_root(x), lambda y: np.sin(y) * x, x)[0]

    assert grad(traced_inside)(2.0) == pytest.approx(math.cos(2.0) * 2 + math.sin(2.0))


@pytest.mark.parametrize("shape", [(1, 3), (4, 1), (), (4, 3), (3,)])
def test_nested_boxes_are_unbroadcast(shape: tuple[int, ...], rng: Any) -> None:
    """Neither of two nested boxes has a plain shape: they must not be taken for equal."""
    y = rng.standard_normal((4, 3))

    def inner(x: Any) -> Any:
        return grad(lambda u: np.sum(u * y * u / (y * y + u * u)))(x)

    x = onp.asarray(rng.standard_normal(shape))
    direction = onp.asarray(rng.standard_normal(shape))
    step = 1e-6
    numeric = (inner(x + step * direction) - inner(x - step * direction)) / (2 * step)
    _, tangent = make_jvp(inner)(x)(direction)
    onp.testing.assert_allclose(tangent, numeric, rtol=1e-6, atol=1e-8)
    pulled = make_vjp(inner)(x)[0](direction)  # Hessians are symmetric
    onp.testing.assert_allclose(pulled, tangent, rtol=1e-12)


def test_a_function_may_return_its_input() -> None:
    assert grad(lambda x: x)(3.0) == 1.0
    g = onp.arange(3.0)
    vjp, value = make_vjp(lambda x: x)(onp.ones(3))
    assert not isbox(value)
    onp.testing.assert_array_equal(vjp(g), [0, 1, 2])
    assert make_jvp(lambda x: x)(2.0)(5.0) == (2.0, 5.0)


def test_a_constant_result_warns_and_has_zero_gradient() -> None:
    x = onp.ones((2, 3), onp.float32)
    with pytest.warns(UserWarning, match="does not depend on the input"):
        gradient = grad(lambda x: 3.0)(x)
    assert gradient.shape == (2, 3)
    assert gradient.dtype == onp.float32
    assert not gradient.any()
    vjp, value = make_vjp(lambda x: 3.0)(x)
    assert value == 3.0
    assert not vjp(1.0).any()
    assert make_jvp(lambda x: 3.0)(x)(x) == (3.0, 0.0)


def test_a_box_of_an_outer_trace_is_a_constant_to_the_inner_one() -> None:
    def outer(x: Any) -> Any:
        with pytest.warns(UserWarning, match="does not depend"):
            inner = grad(lambda y: x)(1.0)
        return x * x + inner

    assert grad(outer)(3.0) == 6.0
    assert make_jvp(lambda x: make_jvp(lambda y: x)(1.0)(1.0)[0])(2.0)(1.0) == (2.0, 1.0)


def test_results_of_no_vector_space_are_refused() -> None:
    with pytest.raises(TypeError, match="type int"):
        grad(lambda x: 3)(1.0)
    with pytest.raises(TypeError, match="type NoneType"):
        grad(lambda x: None)(1.0)


def test_a_dead_branch_costs_no_gradient() -> None:
    def fun(x: Any) -> Any:
        np.log(x - 1.0) * np.sqrt(x)
        return x * x

    with onp.errstate(divide="ignore"):
        assert grad(fun)(1.0) == 2.0


def test_a_vjp_may_be_called_many_times() -> None:
    x = onp.array([1.0, 2.0, 3.0])
    vjp, value = make_vjp(lambda x: np.sin(x) * x[0] + np.sum(x))(x)
    first = vjp(onp.array([1.0, 0.0, 0.0]))
    assert vjp(onp.array([0.0, 2.0, 1.0])) == pytest.approx(
        2 * vjp(onp.array([0.0, 1.0, 0.0])) + vjp(onp.array([0.0, 0.0, 1.0]))
    )
    onp.testing.assert_array_equal(vjp(onp.array([1.0, 0.0, 0.0])), first)
    assert value.shape == (3,)


def test_a_vjp_may_be_called_inside_other_traces() -> None:
    x = onp.array([1.0, 2.0])
    vjp, _ = make_vjp(lambda x: x**3)(x)
    onp.testing.assert_allclose(grad(lambda g: np.sum(vjp(g) * g))(x), 2 * 3 * x**2 * x)
    _, tangent = make_jvp(vjp)(x)(x)
    onp.testing.assert_allclose(tangent, 3 * x**2 * x)
    nested = make_vjp(vjp)(x)[0]
    onp.testing.assert_allclose(nested(x), 3 * x**2 * x)


def test_walk_tape_is_none_where_nothing_arrives() -> None:
    tape, end, value = record_tape(lambda x: np.floor(x) + x * 0.0, 1.5)
    assert value == 1.0
    assert walk_tape(1.0, tape, end) == 0.0
    only_steps = primitive(lambda x: x * 1.0)
    defvjp(only_steps, None)
    tape, end, _ = record_tape(only_steps, 1.5)
    assert walk_tape(1.0, tape, end) is None
    assert grad(only_steps)(1.5) == 0.0


def test_pull_back_once_empties_the_tape() -> None:
    kept = []

    def fun(x: Any) -> Any:
        kept.append(x._owner)
        np.sin(x)
        return np.exp(x) * x

    value, x_bar = pull_back_once(lambda value: 1.0, fun, 1.0)
    assert value == pytest.approx(math.e)
    assert x_bar == pytest.approx(2 * math.e)
    assert len(kept[0]) == 1
