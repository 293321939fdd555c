"""Boxes, primitives and the Node graph, without NumPy's rules."""

from __future__ import annotations

import operator
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad
from autodiff.builtins import DictBox, SequenceBox
from autodiff.numpy.array_box import ArrayBox
from autodiff.tracer import (
    Box,
    Node,
    getval,
    isbox,
    new_box,
    notrace_primitive,
    primitive,
    register_notrace,
    toposort,
    trace,
)


class Graph(Node):
    """A plain Node class of this module."""


def graph_of(fun: Any, x: Any) -> tuple[Any, Any]:
    return trace(Graph.new_root(x), fun, x)


def test_trace_builds_the_graph_of_slide_12() -> None:
    value, end = graph_of(lambda z: 1.0 / (1.0 + np.exp(-z)), 1.5)
    assert value == pytest.approx(1 / (1 + onp.exp(-1.5)))
    names = []
    node = end
    while node.parents:
        names.append(node.fun.__name__)
        (node,) = node.parents
    assert names == ["divide", "add", "exp", "negative"]
    assert end.args == (1.0, pytest.approx(1 + onp.exp(-1.5)))
    assert end.parent_argnums == (1,)
    assert end.kwargs == {}
    assert node.value == 1.5
    assert node.args == ()


def test_toposort_visits_each_node_once_and_before_its_parents() -> None:
    def fun(x: Any) -> Any:
        y = np.sin(x)
        return np.multiply(np.add(y, x), np.add(y, y))

    _, end = graph_of(fun, 2.0)
    order = list(toposort(end))
    assert order[0] is end
    assert len(set(order)) == len(order) == 5
    for k, node in enumerate(order):
        assert all(order.index(parent) > k for parent in node.parents)


def test_a_result_that_does_not_depend_on_the_input_has_no_node() -> None:
    assert graph_of(lambda x: 3.0, 1.0) == (3.0, None)


def test_roots_may_have_data_of_their_own() -> None:
    class Depth(Node):
        depth: int

        def __init__(self, value: Any, fun: Any, args: Any, kwargs: Any, nums: Any, parents: Any):
            super().__init__(value, fun, args, kwargs, nums, parents)
            self.depth = 1 + max(parent.depth for parent in parents)

        def initialize_root(self, depth: int = 0) -> None:
            self.depth = depth

    _, end = trace(Depth.new_root(10), lambda x: np.sin(np.sin(x)) * x, 1.0)
    assert isinstance(end, Depth)
    assert end.depth == 13


def test_notrace_is_per_node_class() -> None:
    class Lenient(Node):
        pass

    double = primitive(lambda x: 2 * x)
    register_notrace(Lenient, double)
    assert trace(Lenient.new_root(1.0), double, 1.0) == (2.0, None)
    value, node = graph_of(double, 1.0)
    assert value == 2.0
    assert node is not None


def test_a_primitive_keeps_its_name_and_documentation() -> None:
    @primitive
    def halve(x: Any) -> Any:
        """Half of x."""
        return x / 2

    assert halve.__name__ == "halve"
    assert halve.__doc__ == "Half of x."
    assert halve(3.0) == 1.5


def test_a_primitive_sees_plain_values_only() -> None:
    seen: list[Any] = []

    @primitive
    def spy(x: Any, y: Any, *, scale: Any = 1.0) -> Any:
        seen.extend((x, y, scale))
        return x * y * scale

    graph_of(lambda x: graph_of(lambda y: spy(x, y, scale=2.0), 3.0)[0], 5.0)
    assert seen == [5.0, 3.0, 2.0]


def test_each_trace_records_what_belongs_to_it() -> None:
    inner_nodes: list[Any] = []

    def outer(x: Any) -> Any:
        value, node = graph_of(lambda y: np.multiply(x, y), 3.0)
        inner_nodes.append(node)
        return value

    value, outer_node = graph_of(outer, 5.0)
    assert value == 15.0
    (inner_node,) = inner_nodes
    assert inner_node.parent_argnums == (1,)
    assert isbox(inner_node.args[0])
    assert inner_node.args[1] == 3.0
    assert outer_node.parent_argnums == (0,)
    assert outer_node.args == (5.0, 3.0)


def test_notrace_primitive_strips_all_levels() -> None:
    seen: list[Any] = []

    @notrace_primitive
    def peek(x: Any) -> float:
        seen.append(x)
        return 1.0

    grad(lambda x: grad(lambda y: x * y * peek(y + x))(2.0))(3.0)
    assert seen == [5.0]
    assert type(seen[0]) is float


def test_getval_and_isbox_see_every_level() -> None:
    def outer(x: Any) -> Any:
        def inner(y: Any) -> Any:
            assert isbox(y)
            assert isbox(y._value)
            assert getval(y) == 2.0
            assert not isbox(getval(y))
            return y * y

        return grad(inner)(x)

    assert grad(outer)(2.0) == 2.0
    assert getval(3.0) == 3.0
    assert not isbox(3.0)


def test_boxes_show_their_value_level_and_node() -> None:
    def fun(x: Any) -> Any:
        assert repr(x) == "Autodiff ArrayBox with value 2.5"
        assert str(x) == "Autodiff ArrayBox with value 2.5"
        assert x._trace == x._owner.level
        assert x._node.value == 2.5
        assert bool(x)
        assert not bool(x * 0)
        return x

    graph_of(fun, 2.5)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (1.0, ArrayBox),
        (1j, ArrayBox),
        (onp.float32(1), ArrayBox),
        (onp.complex128(1), ArrayBox),
        (onp.zeros(2), ArrayBox),
        ((1.0,), SequenceBox),
        ([1.0], SequenceBox),
        ({"a": 1.0}, DictBox),
    ],
)
def test_each_type_has_its_box(value: Any, kind: type[Box]) -> None:
    assert type(new_box(value, None, 0)) is kind


@pytest.mark.parametrize("value", [1, True, "s", None, {1}, onp.int64(1), object()])
def test_other_types_are_refused_by_name(value: Any) -> None:
    with pytest.raises(TypeError, match=f"value of type {type(value).__name__} .floats, complex"):
        new_box(value, None, 0)


def test_a_registered_type_gets_its_box() -> None:
    class Length:
        def __init__(self, metres: float) -> None:
            self.metres = metres

    class LengthBox(Box):
        __slots__ = ()

    try:
        LengthBox.register(Length)
        box = new_box(Length(2.0), None, 0)
        assert type(box) is LengthBox
        assert isbox(box)
        assert type(new_box(box, None, 0)) is LengthBox
    finally:
        Box.types.discard(LengthBox)
        for kind in (Length, LengthBox):
            Box.type_mappings.pop(kind, None)


@pytest.mark.parametrize("compare", [operator.lt, operator.le, operator.gt, operator.ge])
def test_comparisons_are_plain_under_grad(compare: Any) -> None:
    def fun(x: Any) -> Any:
        assert not isbox(compare(x, 1.0))
        assert not isbox(compare(1.0, x))
        return x * compare(x, 1.0) + (2 * x if compare(x, 1.0) else 5 * x)

    for x in (0.5, 1.0, 2.0):
        assert grad(fun)(x) == (3.0 if compare(x, 1.0) else 5.0)
