"""Tuples, lists and dicts as arguments, as values on the way, and as results."""

from __future__ import annotations

import sys
from collections import OrderedDict, defaultdict
from typing import Any, NamedTuple

import numpy as onp
import pytest

import autodiff as ad
import autodiff.numpy as np
from autodiff import grad, make_jvp, make_vjp
from autodiff.builtins import container_take, pack
from autodiff.core import Tape, defvjp, primitive_vjps
from autodiff.test_util import check_duality, check_equivalent, check_grads
from autodiff.vspace import vspace

TREE = {"w": onp.array([[1.0, 2.0], [3.0, 4.0]]), "b": [0.5, (1.5, onp.array([2.0]))]}


def tree_loss(p: Any) -> Any:
    scale, (shift, bias) = p["b"]
    return np.sum(np.tanh(p["w"] * scale + shift) * bias)


def test_gradients_have_the_nesting_of_the_argument() -> None:
    gradient = grad(tree_loss)(TREE)
    check_equivalent(gradient, gradient)
    assert vspace(gradient) == vspace(TREE)
    assert list(gradient) == ["w", "b"]
    assert type(gradient["b"]) is list
    assert type(gradient["b"][1]) is tuple


def test_containers_are_right_in_both_modes_at_order_two() -> None:
    check_grads(tree_loss)(TREE)
    check_duality(tree_loss, TREE)


def test_unused_entries_have_zero_gradients() -> None:
    gradient = grad(lambda p: p[0] * 2.0)([1.0, onp.ones((2, 2)), {"unused": 3.0}])
    assert gradient[0] == 2.0
    onp.testing.assert_array_equal(gradient[1], onp.zeros((2, 2)))
    assert gradient[2] == {"unused": 0.0}


def test_an_unused_container_warns() -> None:
    with pytest.warns(UserWarning, match="does not depend"):
        assert grad(lambda p: 1.0)((1.0, [2.0])) == (0.0, [0.0])


@pytest.mark.parametrize("kind", [tuple, list])
def test_sequences_behave_as_their_plain_kind(kind: Any) -> None:
    def fun(p: Any) -> Any:
        a, b, c = p
        assert len(p) == 3
        assert p[-1] is not None
        assert 2.0 in p
        assert p.index(3.0) == 2
        head = p[:2]
        assert ad.isinstance(head, kind)
        joined = head + kind((10.0,))
        front = kind((10.0,)) + head
        return a * b + c * c + head[1] * joined[2] + front[0] * joined[0] + sum(p[::-1])

    assert grad(fun)(kind((1.0, 2.0, 3.0))) == kind((13.0, 12.0, 7.0))


def test_dicts_behave_as_plain_dicts() -> None:
    def fun(d: Any) -> Any:
        assert len(d) == 2
        assert "a" in d
        assert "z" not in d
        assert list(d) == list(d.keys()) == ["a", "b"]
        assert d.get("z", 7.0) == 7.0
        keywords = (lambda a, b: a * b)(**d)
        return sum(v * v for v in d.values()) + sum(v for _, v in d.items()) + keywords

    assert grad(fun)({"a": 1.0, "b": 3.0}) == {"a": 6.0, "b": 8.0}


def test_entries_that_cannot_be_differentiated_are_refused_when_touched() -> None:
    with pytest.raises(TypeError, match="type int"):
        grad(lambda p: p[0] * p[1])([2.0, 3])
    with pytest.raises(TypeError, match="type str"):
        grad(lambda p: p["x"] * (p["name"] == "a"))({"x": 1.0, "name": "a"})


def test_containers_nest_with_traces() -> None:
    inner = grad(lambda p: p[0] * p[0] * p[1]["k"])

    def outer(x: Any) -> Any:
        gradient = inner([x, {"k": x * 2.0}])
        return gradient[0] * gradient[1]["k"]  # (2 x 2x) * x^2 = 4 x^4

    assert grad(outer)(3.0) == pytest.approx(16 * 27.0)
    assert make_jvp(outer)(3.0)(1.0)[1] == pytest.approx(16 * 27.0)


def test_functions_may_return_containers_to_make_vjp_and_make_jvp() -> None:
    fun = lambda x: {"a": x * x, "b": [x, (3.0, np.sin(x))]}  # noqa: E731
    vjp, value = make_vjp(fun)(2.0)
    assert value["b"][1] == (3.0, onp.sin(2.0))
    assert vjp({"a": 1.0, "b": [10.0, (5.0, 0.0)]}) == 14.0
    value, tangent = make_jvp(fun)(2.0)(1.0)
    assert tangent["a"] == 4.0
    assert tangent["b"][1] == (0.0, onp.cos(2.0))
    check_grads(fun)(2.0)
    check_duality(lambda x: pack(fun(x)), 2.0)


def test_grad_refuses_functions_that_return_containers() -> None:
    for fun in (lambda x: [x, x], lambda x: (x,), lambda x: {"a": x}):
        with pytest.raises(
            TypeError, match="one real number as their result, got a result of type"
        ):
            grad(fun)(2.0)


def test_made_containers_are_traced() -> None:
    assert grad(lambda x: ad.tuple((x, 2 * x))[1] * 3)(1.0) == 6.0
    assert grad(lambda x: ad.list([x, 2.0])[0] * 3)(1.0) == 3.0
    assert grad(lambda x: ad.dict(a=x, b=1.0)["a"] * 5)(1.0) == 5.0
    assert grad(lambda x: ad.dict([("a", x)])["a"] * 5)(1.0) == 5.0
    assert ad.dict() == {}
    assert ad.tuple() == ()
    assert ad.list((1, 2)) == [1, 2]


def test_type_and_isinstance_see_through_boxes() -> None:
    def fun(p: Any) -> Any:
        assert ad.isinstance(p, list)
        assert ad.type(p) is list
        assert ad.isinstance(p[0], float)
        assert not isinstance(p[0], float)
        assert ad.type(p[1]) is onp.ndarray
        return p[0]

    assert grad(fun)([1.0, onp.zeros(2)])[0] == 1.0


def test_reading_entries_and_slices_is_right_at_order_two() -> None:
    check_grads(lambda p: container_take(p, 1))((1.0, onp.ones(2)))
    check_grads(lambda p: p[0:1])((1.0, onp.ones(2)))


def test_the_space_of_a_container_is_the_product_of_its_entries(rng: Any) -> None:
    space = vspace(TREE)
    assert space.size == 7
    basis = list(space.standard_basis())
    gram = onp.array([[space.inner_prod(a, b) for a in basis] for b in basis])
    onp.testing.assert_array_equal(gram, onp.eye(7))
    x, y = space.randn(), space.randn()
    assert space.inner_prod(space.add(x, y), y) == pytest.approx(
        space.inner_prod(x, y) + space.inner_prod(y, y)
    )
    assert space.inner_prod(space.scalar_mul(x, 3.0), y) == pytest.approx(
        3 * space.inner_prod(x, y)
    )
    assert space.inner_prod(space.ones(), space.ones()) == 7
    assert space.inner_prod(space.zeros(), x) == 0
    complex_space = vspace([1j])
    assert complex_space.covector([2 + 1j]) == [2 - 1j]
    assert vspace(()).size == 0


def test_a_container_of_parameters_is_trained_as_one_value() -> None:
    x = onp.linspace(-1, 1, 5)
    params: Any = [onp.full(3, 0.1), {"v": onp.array([0.5, -0.5, 0.2])}]

    def loss(p: Any) -> Any:
        hidden = np.tanh(np.outer(x, p[0]))
        return np.mean((np.dot(hidden, p[1]["v"]) - np.sin(x)) ** 2)

    start = loss(params)
    for _ in range(50):
        g = grad(loss)(params)
        params = [params[0] - 0.3 * g[0], {"v": params[1]["v"] - 0.3 * g[1]["v"]}]
    assert loss(params) < 0.2 * start


class Point(NamedTuple):
    x: Any
    y: Any


def test_named_tuples_and_ordered_dicts_keep_their_class() -> None:
    gradient = grad(lambda p: p.x * p[1] + p.x)(Point(2.0, 3.0))
    assert gradient == Point(4.0, 2.0)
    assert type(gradient) is Point
    ordered = grad(lambda d: d["a"] * d["b"])(OrderedDict(b=2.0, a=3.0))
    assert type(ordered) is OrderedDict
    assert list(ordered.items()) == [("b", 3.0), ("a", 2.0)]
    check_grads(lambda p: Point(p.x * p.y, {"k": p.y}))(Point(2.0, onp.ones(2)))
    check_grads(lambda d: OrderedDict(a=d["a"] ** 2))(OrderedDict(a=2.0, b=3.0))
    with pytest.raises(AttributeError, match="no attribute 'z'"):
        grad(lambda p: p.z)(Point(1.0, 2.0))
    with pytest.raises(TypeError, match="defaultdict"):
        grad(lambda d: d["a"])(defaultdict(float, a=1.0))


def test_plain_containers_are_instances_of_the_traced_kinds() -> None:
    def fun(p: Any) -> Any:
        assert ad.isinstance(p, ad.tuple)
        assert not ad.isinstance(p, ad.list)
        assert ad.isinstance(p[0], ad.dict)
        assert ad.dict(p[0])["a"] is not None
        return p[0]["a"]

    assert grad(fun)(({"a": 1.0},)) == ({"a": 1.0},)
    assert isinstance((), ad.tuple)
    assert isinstance({}, ad.dict)
    assert not isinstance([], ad.dict)
    assert type(ad.dict()) is dict


def test_every_reader_of_a_dict_is_traced() -> None:
    def fun(d: Any) -> Any:
        assert list(d.iterkeys()) == ["a", "b"]
        return sum(v * v for v in d.itervalues()) + sum(v for _, v in d.iteritems())

    assert grad(fun)({"a": 1.0, "b": 3.0}) == {"a": 3.0, "b": 7.0}


def test_slices_of_every_kind_add_up() -> None:
    def fun(p: Any) -> Any:
        parts = [p[1:], p[::-2], p[-2:], p[:0], p[5:1]]
        return sum(v * (k + 1) for k, part in enumerate(parts) for v in part) + p[-1] * p[-1]

    check_grads(fun)([1.0, 2.0, 3.0, 4.0])
    check_grads(fun)((1.0, 2.0, 3.0, 4.0))


def test_reading_a_long_list_takes_linear_time() -> None:
    def operations(n: int) -> int:
        """Function calls made by a gradient: independent of the machine's load."""
        calls = 0

        def count(frame: Any, event: str, arg: Any) -> None:
            nonlocal calls
            calls += 1

        sys.setprofile(count)
        try:
            grad(lambda p: sum(p[k] * p[k] for k in range(n)))([1.0] * n)
        finally:
            sys.setprofile(None)
        return calls

    operations(10)
    assert operations(800) < 2.5 * operations(400)


def test_cotangents_of_reads_and_of_the_whole_meet() -> None:
    def fun(p: Any) -> Any:
        whole = ad.list([p, p[0]])
        return p[1] * whole[0][0] + whole[1] ** 2 + p[0]

    check_grads(fun)([2.0, 3.0])
    assert grad(fun)([2.0, 3.0]) == [8.0, 2.0]


def test_a_changed_rule_for_reading_entries_is_used() -> None:
    known = primitive_vjps[container_take]
    try:
        defvjp(container_take, lambda ans, x, key: lambda g: (7.0, 8.0))
        assert grad(lambda x: x[0] * 2.0)((1.0, 2.0)) == (7.0, 8.0)
    finally:
        primitive_vjps[container_take] = known
    assert grad(lambda x: x[0] * 2.0)((1.0, 2.0)) == (2.0, 0.0)


def test_entries_of_a_joined_container_are_read_without_recording() -> None:
    def fun(x: Any) -> Any:
        y = np.sin(x)
        pair = ad.builtins.tuple((y, 2.0, ad.builtins.dict(a=y * x)))
        if type(getattr(pair, "_owner", None)) is Tape:
            assert pair[0] is y
        assert pair[-1]["a"] * 1.0 is not None
        assert pair[1] == 2.0
        return pair[0] * pair[1] + pair[2]["a"] + sum(pair[:2])

    check_grads(fun)(0.7)
    inner = lambda x: grad(lambda p: p[0] * p[1] ** 2)((x, np.sin(x)))[1]  # noqa: E731
    check_grads(inner)(0.7)
