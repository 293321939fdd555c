"""Computations as listings and DOT."""

from __future__ import annotations

import doctest
from typing import Any

import numpy as onp
import pytest

import autodiff.graph
import autodiff.numpy as np
from autodiff import graph


def logistic(w: Any, x: Any) -> Any:
    unused = np.cos(w)
    assert unused.shape == (2,)
    return 1.0 / (1.0 + np.exp(-np.dot(w, x)))


def test_the_example_of_the_docstring_holds() -> None:
    assert doctest.testmod(autodiff.graph).failed == 0


def test_a_listing_names_arguments_operations_constants_and_shapes() -> None:
    w, x = onp.array([1.0, 2.0]), onp.ones((2, 5))
    listed = graph.listing(logistic, w, x).splitlines()
    assert listed[0] == "w: float64 (2,) = [1, 2]"
    assert listed[1] == "x: float64 (2, 5)"
    assert [line.split(":")[0] for line in listed[2:-1]] == [
        "t1 = dot(w, x)",
        "t2 = negative(t1)",
        "t3 = exp(t2)",
        "t4 = add(1.0, t3)",
        "t5 = divide(1.0, t4)",
    ]
    assert listed[-1] == "return t5"


def test_lines_hold_values_and_inputs() -> None:
    *_, last = graph.lines(logistic, onp.array([1.0, 2.0]), onp.array([0.5, 0.0]))
    assert last.value == pytest.approx(1 / (1 + onp.exp(-0.5)))
    assert last.operation == "divide"
    assert last.inputs == ("t4",)


def test_keywords_containers_branches_and_integers_are_shown() -> None:
    def fun(p: Any, n: int, y: Any = 2.0) -> Any:
        total = np.sum(p["w"], axis=0) * onp.ones(7)
        return [total * n if y > 1 else total, y]

    text = graph.listing(fun, {"w": onp.ones((3, 1))}, 4, 2.0)
    assert "p: dict of 1" in text
    assert "t2 = sum(t1, axis=0): float64 (1,) = [3]" in text
    assert "t3 = multiply(t2, <float64 (7,)>): float64 (7,)" in text
    assert "t4 = multiply(t3, 4): float64 (7,)" in text
    assert "t5 = sequence_from_args(list, t4, y): list of 2" in text
    assert text.endswith("return t5")


def test_a_gradient_has_a_graph_too() -> None:
    from autodiff import grad

    names = [line.operation for line in graph.lines(grad(lambda x: np.sin(x) * x), 0.3)]
    assert names[0] is None
    assert "cos" in names


def test_dot_has_a_node_for_each_value_and_an_edge_for_each_input() -> None:
    text = graph.dot(logistic, onp.array([1.0, 2.0]), onp.array([0.5, 0.0]))
    assert text.startswith('digraph "logistic" {\n')
    assert text.endswith("}\n")
    assert text.count("->") == 2 + 4
    assert text.count("shape=box") == 2
    assert text.count("peripheries=2") == 1
    assert '"t1" [shape=ellipse, label="t1 = dot\\nfloat64 () = 0.5"];' in text
    assert '"w" -> "t1";' in text


def test_an_argument_may_be_the_result() -> None:
    assert graph.listing(lambda x: x, 1.0) == "x: float64 () = 1\nreturn x"


def test_no_graph_is_an_error() -> None:
    with pytest.raises(ValueError, match="constant does not depend on its arguments"):
        graph.listing(constant, 1.0)


def constant(x: Any) -> float:
    return 1.0


def test_nodes_have_values_functions_arguments_and_parents() -> None:
    w, x, *operations = graph.nodes(logistic, onp.array([1.0, 2.0]), onp.array([0.5, 0.0]))
    product, minus, exponential, total, quotient = operations
    assert [node.name for node in (w, x, *operations)] == ["w", "x", "t1", "t2", "t3", "t4", "t5"]
    assert product.fun is np.dot
    assert product.parents == [w, x]
    assert product.parent_argnums == (0, 1)
    assert total.args == (1.0, exponential.value)
    assert total.parent_argnums == (1,)
    assert minus.kwargs == {}
    assert quotient.value == pytest.approx(1 / (1 + onp.exp(-0.5)))
    assert (w.parents, x.parents) == ([], [])
