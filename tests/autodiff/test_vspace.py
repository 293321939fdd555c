"""The registry of vector spaces; the spaces of arrays are tested in numpy/test_vspaces.py."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

from autodiff import grad, make_vjp
from autodiff.extend import VSpace, vspace


@pytest.mark.parametrize("value", [1, "s", None, {1}, object()])
def test_types_without_a_space_are_refused_by_name(value: Any) -> None:
    with pytest.raises(TypeError, match=f"type {type(value).__name__}"):
        vspace(value)


def test_the_space_of_a_box_is_that_of_its_value() -> None:
    spaces = []

    def fun(x: Any) -> Any:
        spaces.append(vspace(x))
        return x

    grad(lambda x: grad(fun)(x) * x)(2.0)
    assert spaces == [vspace(2.0)]


def test_equality_compares_class_and_attributes() -> None:
    assert vspace(1.0) == vspace(onp.float64(3)) == vspace(onp.zeros(()))
    assert vspace(1.0) != vspace(1j)
    assert vspace(onp.zeros(2)) != vspace(onp.zeros(3))
    assert vspace(onp.zeros(2)) != vspace(onp.zeros(2, onp.float32))
    assert vspace([1.0]) != vspace((1.0,))
    assert vspace(1.0) != 1.0


def test_a_type_of_ones_own_needs_a_box_and_a_space() -> None:
    from autodiff.extend import Box, defvjp, primitive

    class Point:
        def __init__(self, x: float, y: float) -> None:
            self.x, self.y = x, y

    class PointBox(Box):
        __slots__ = ()

    class PointSpace(VSpace):
        size = 2

        def __init__(self, value: Any) -> None:
            pass

        def zeros(self) -> Any:
            return Point(0.0, 0.0)

        def add(self, x: Any, y: Any) -> Any:
            return Point(x.x + y.x, x.y + y.y)

    x_of = primitive(lambda p: p.x)
    y_of = primitive(lambda p: p.y)
    defvjp(x_of, lambda ans, p: lambda g: Point(g, 0.0))
    defvjp(y_of, lambda ans, p: lambda g: Point(0.0, g))
    try:
        PointBox.register(Point)
        PointSpace.register(Point)
        gradient = grad(lambda p: x_of(p) * y_of(p) * y_of(p))(Point(3.0, 5.0))
        assert (gradient.x, gradient.y) == (25.0, 30.0)
        vjp, _ = make_vjp(lambda p: 2.0)(Point(3.0, 5.0))
        assert vjp(1.0).x == 0.0
    finally:
        VSpace.mappings.pop(Point)
        Box.types.discard(PointBox)
        for kind in (Point, PointBox):
            Box.type_mappings.pop(kind, None)


def test_an_unfinished_space_says_so() -> None:
    with pytest.raises(NotImplementedError):
        VSpace(1.0)
