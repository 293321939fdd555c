"""checkpoint: the same derivatives, with the intermediates not kept."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import checkpoint, grad, make_jvp, make_vjp
from autodiff.test_util import check_grads


def block(x: Any) -> Any:
    for _ in range(10):
        x = np.sin(x**2 + 1.0)
    return x


def peak_inputs(fun: Callable[[Any], Any]) -> float:
    """Most arrays of the input's size that are alive in the gradient of five such blocks."""
    x = onp.linspace(0.1, 1.0, 50_000)

    def loss(x: Any) -> Any:
        for _ in range(5):
            x = fun(x)
        return np.sum(x)

    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        grad(loss)(x)
        return tracemalloc.get_traced_memory()[1] / x.nbytes
    finally:
        tracemalloc.stop()
        gc.enable()


def test_intermediates_of_one_block_at_a_time_are_alive() -> None:
    assert peak_inputs(block) > 90
    # Five arguments, the twenty values of the block that is being pulled back, and what rules make.
    assert peak_inputs(checkpoint(block)) < 32


def test_checkpoints_nest_and_save_more() -> None:
    half = checkpoint(lambda x: [x := np.sin(x**2 + 1.0) for _ in range(5)][-1])
    assert peak_inputs(checkpoint(lambda x: half(half(x)))) < 22
    onp.testing.assert_array_equal(
        grad(lambda x: np.sum(checkpoint(lambda x: half(half(x)))(x)))(onp.ones(3)),
        grad(lambda x: np.sum(block(x)))(onp.ones(3)),
    )


def test_a_value_that_is_closed_over_gets_its_gradient() -> None:
    def loss(w: Any, x: Any, wrap: Any) -> Any:
        return np.sum(wrap(lambda y: np.tanh(w * y) * w)(x))

    x = onp.array([0.3, -0.8])
    for argnum in (0, 1):
        expected = grad(loss, argnum)(1.3, x, lambda f: f)
        onp.testing.assert_array_equal(grad(loss, argnum)(1.3, x, checkpoint), expected)
    check_grads(lambda w, x: loss(w, x, checkpoint), (0, 1))(1.3, x)


def test_several_arguments_keywords_and_nests_are_followed() -> None:
    @checkpoint
    def fun(a: Any, pair: Any, *, scale: Any, name: str = "x") -> Any:
        assert name == "y"
        return {"sum": a + pair[0] * scale, "product": [a * pair[1]], "name": name}

    def loss(a: Any, b: Any, c: Any, s: Any) -> Any:
        out = fun(a, (b, c), scale=s, name="y")
        assert out["name"] == "y"
        return out["sum"] * out["product"][0]

    point = (1.0, 2.0, 3.0, 4.0)
    assert grad(loss, (0, 1, 2, 3))(*point) == (30.0, 12.0, 9.0, 6.0)
    check_grads(loss, (0, 1, 2, 3))(*point)


def test_second_derivatives_by_every_pair_of_modes_agree() -> None:
    x, v = onp.array([0.3, 0.9]), onp.array([1.0, -2.0])

    def products(fun: Any) -> list[Any]:
        loss = lambda x: np.sum(fun(x) ** 2)  # noqa: E731
        return [
            make_vjp(grad(loss))(x)[0](v),
            make_jvp(grad(loss))(x)(v)[1],
            grad(lambda x: make_jvp(loss)(x)(v)[1])(x),
            make_jvp(lambda x: make_jvp(loss)(x)(v)[1])(x)(v)[1],
        ]

    for got, expected in zip(products(checkpoint(block)), products(block)):
        onp.testing.assert_allclose(got, expected, rtol=1e-12)


def test_without_a_trace_it_is_the_function() -> None:
    calls: list[int] = []
    fun = checkpoint(lambda *args: calls.append(1) or args)
    assert fun(1, "a", None) == (1, "a", None)
    assert calls == [1]


def test_an_unused_result_and_an_unused_argument_get_zero() -> None:
    two = checkpoint(lambda a, b: (a * a, a + 1.0))
    assert grad(lambda a: two(a, 5.0)[1])(3.0) == 1.0
    assert grad(lambda b: two(3.0, b)[0] + 2.0 * b)(3.0) == 2.0


def test_it_keeps_its_name_and_its_errors() -> None:
    @checkpoint
    def broken(x: Any) -> Any:
        """Divides by zero."""
        return x / 0 if isinstance(x, str) else {}[x]

    assert broken.__name__ == "broken"
    assert broken.__doc__ == "Divides by zero."
    with pytest.raises(TypeError):
        broken("x")
    with pytest.raises(TypeError):
        grad(broken)([1.0])


def test_a_function_that_fills_an_array_is_recomputed_so_too() -> None:
    def fill(x: Any) -> Any:
        y = np.zeros(3)
        for k in range(3):
            y[k] = x**k
        return y

    vjp, _ = make_vjp(checkpoint(fill))(2.0)
    assert vjp(onp.ones(3)) == 5.0
    assert grad(lambda x: np.sum(checkpoint(fill)(x)))(2.0) == 5.0


def test_results_may_be_more_or_fewer_than_arguments() -> None:
    onp.random.seed(0)  # noqa: NPY002  (check_grads draws its directions from it)

    def many(x: Any) -> Any:
        return np.sin(x), {"twice": 2 * x, "squares": [x * x, x**3]}

    def total(parts: Any) -> Any:
        rest = parts[1]
        return np.sum(parts[0]) + np.sum(rest["twice"] * rest["squares"][0] + rest["squares"][1])

    x = onp.array([0.3, -1.2])
    assert checkpoint(many)(x)[1]["squares"][1].shape == x.shape
    check_grads(lambda x: total(checkpoint(many)(x)))(x)
    check_grads(lambda x, y: np.sum(checkpoint(lambda a, b: a * np.sin(b))(x, y)))(x, x + 1)
