"""The registry of vector spaces; the spaces of arrays are tested in numpy/test_vspaces.py."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, make_jvp, make_vjp
from autodiff.extend import VSpace, vspace
from autodiff.test_util import check_grads


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


class PairSpace(VSpace):
    """Pairs of numbers, by the underscored operations alone."""

    def __init__(self, value: Any) -> None:
        self.size = 2

    def zeros(self) -> Any:
        return onp.zeros(2)

    def _inner_prod(self, x: Any, y: Any) -> Any:
        return float(x @ y)

    def _covector(self, x: Any) -> Any:
        return x[::-1]


def test_the_underscored_operations_of_a_subclass_are_traced() -> None:
    space = PairSpace(None)
    x, y = onp.array([1.0, 2.0]), onp.array([3.0, -1.0])
    assert space.add(x, y).tolist() == [4, 1]
    assert space.scalar_mul(x, 2.0).tolist() == [2, 4]
    assert space.covector(x).tolist() == [2, 1]
    assert space.inner_prod(x, y) == 1.0
    assert grad(lambda x: space.add(x, x)[0] + space.scalar_mul(x, 3.0)[1])(x).tolist() == [2, 3]
    assert make_jvp(lambda x: space.inner_prod(x, y))(x)(x)[1] == 1.0
    assert make_jvp(lambda x: space.add(x, y))(x)(y)[1].tolist() == [3, -1]
    assert grad(lambda a: space.scalar_mul(x, a)[0])(2.0) == 2.0  # as the covector of x has it
    with pytest.raises(NotImplementedError, match="no inner product"):
        VSpace.__new__(VSpace).inner_prod(x, y)


def test_mut_add_adds_in_place_and_takes_none_for_zero() -> None:
    space = vspace(onp.zeros(2))
    total = space.mut_add(None, onp.ones(2))
    assert space.mut_add(total, onp.ones(2)) is total
    assert total.tolist() == [2, 2]
    assert grad(lambda x: np.sum(space.mut_add(None, x) * space.mut_add(x, x)))(
        onp.ones(2)
    ).tolist() == [4, 4]
    assert vspace([1.0]).mut_add(None, [2.0]) == [2.0]


class PlainSpace(PairSpace):
    """The same with the usual covector."""

    def _covector(self, x: Any) -> Any:
        return x * 1.0


def test_the_rules_of_the_underscored_operations_are_right_at_order_two() -> None:
    space = PlainSpace(None)
    x, y = onp.array([1.0, 2.0]), onp.array([3.0, -1.0])
    check_grads(lambda x, y: np.sin(space.add(x, y)), (0, 1))(x, y)
    check_grads(lambda x, a: np.sin(space.scalar_mul(x, a)), (0, 1))(x, 0.7)
    check_grads(lambda x, y: np.sin(space.inner_prod(x, y)), (0, 1))(x, y)
    check_grads(lambda x: np.sin(space.covector(x)))(x)
