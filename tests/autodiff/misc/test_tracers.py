"""Recorded functions, run again."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, make_jvp
from autodiff.misc import const_graph
from autodiff.misc.fixed_points import fixed_point
from autodiff.misc.tracers import const_graph_unary, full_graph
from autodiff.util import toposort


def test_python_runs_once_and_the_operations_always() -> None:
    runs: list[int] = []

    def fun(scale: float, x: Any, y: Any) -> Any:
        """A sum."""
        runs.append(1)
        total = 0.0
        for _ in range(3):
            total = total + scale * np.sin(x) * y
        return total

    replay = const_graph(fun, 2.0)
    assert replay(0.3, 0.7) == fun(2.0, 0.3, 0.7)
    assert replay(1.3, -0.7) == fun(2.0, 1.3, -0.7)
    assert grad(replay, 0)(0.4, 0.5) == pytest.approx(6 * onp.cos(0.4) * 0.5)
    assert grad(grad(replay, 0), 1)(0.4, 0.5) == pytest.approx(6 * onp.cos(0.4))
    assert make_jvp(replay, 1)(0.4, 0.5)(1.0)[1] == pytest.approx(6 * onp.sin(0.4))
    assert len(runs) == 3
    assert replay.__name__ == "fun"
    assert replay.__doc__ == "A sum."


def test_results_may_be_containers() -> None:
    replay = const_graph_unary(lambda x: {"a": [x, x * x]})
    assert replay(2.0) == {"a": [2.0, 4.0]}
    assert replay(3.0) == {"a": [3.0, 9.0]}
    assert const_graph_unary(lambda x: x)(5.0) == 5.0


def test_the_first_call_may_be_inside_a_gradient() -> None:
    replay = const_graph(lambda x: np.sin(x) * x)
    assert grad(replay)(0.5) == grad(replay)(0.5) == grad(lambda x: np.sin(x) * x)(0.5)


def test_constants_are_refused() -> None:
    with pytest.raises(ValueError, match="does not depend"):
        const_graph(lambda x: 3.0)(1.0)


def test_a_full_graph_knows_every_call() -> None:
    end = full_graph(lambda x, y: np.sin(x) * y, 0.5, y=2.0)
    assert end is not None
    assert end.value == 2 * onp.sin(0.5)
    assert [node.fun.__name__ for node in toposort(end)][:2] == ["multiply", "sin"]
    fun, args, kwargs, parents = end.recipe
    assert fun(*args, **kwargs) == end.value
    assert parents[0][1] is end.parents[0]
    assert full_graph(lambda x: 1.0, 0.5) is None


def test_fixed_points_are_differentiated_at_the_solution() -> None:
    root = lambda a: fixed_point(  # noqa: E731
        lambda a: lambda x: 0.5 * (x + a / x), a, 1.0, lambda x, y: np.abs(x - y), 1e-12
    )
    assert root(2.0) == pytest.approx(2**0.5, rel=1e-12)
    assert grad(root)(2.0) == pytest.approx(0.5 / 2**0.5, rel=1e-10)
