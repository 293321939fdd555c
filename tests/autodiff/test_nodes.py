"""Derivatives on graphs of Node objects, and the names that Autograd's internal modules have."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import extend as ext
from autodiff import grad, primitive
from autodiff.core import (
    JVPNode,
    SparseBox,
    SparseObject,
    TapeNode,
    VJPNode,
    add_outgrads,
    backward_pass,
    identity_jvp,
    identity_vjp,
    sparse_add,
    sum_outgrads,
    translate_jvp,
    translate_vjp,
    vspace,
)
from autodiff.test_util import check_grads
from autodiff.tracer import (
    find_top_boxed_args,
    isbox,
    new_box,
    notrace_primitives,
    register_notrace,
    toposort,
    trace,
    trace_primitives_map,
    trace_stack,
)

X = onp.array([0.4, 1.1, -0.6])


def fun(x: Any) -> Any:
    return np.sum(np.sin(x) * x[::-1] + x[0] * x[1]) + x[2] + np.floor(x[0])


def test_the_walk_over_nodes_agrees_with_the_tape() -> None:
    value, end = trace(VJPNode.new_root(), fun, X)
    assert value == fun(X)
    onp.testing.assert_allclose(backward_pass(1.0, end), grad(fun)(X), rtol=1e-14)
    onp.testing.assert_allclose(backward_pass(2.0, end), 2 * grad(fun)(X), rtol=1e-14)


def test_the_walk_over_nodes_can_be_differentiated() -> None:
    def gradient(x: Any) -> Any:
        _, end = trace(VJPNode.new_root(), fun, x)
        return backward_pass(1.0, end)

    check_grads(gradient)(X)


def test_a_position_of_a_tape_is_a_node() -> None:
    seen: list[Any] = []

    def noted(x: Any) -> Any:
        y = np.sin(x) * x
        assert isinstance(y._node, VJPNode)
        assert [type(node) for node in toposort(y._node)] == [TapeNode] * 3
        seen.append(backward_pass(1.0, y._node))
        (sine, root) = y._node.parents
        assert sine.parents == [root]
        assert sine.vjp(1.0) == (onp.cos(0.7),)
        assert root.vjp(1.0) == ()
        seen.append(np.concatenate([np.reshape(x, (1,)), np.ones(1)])._node.vjp(onp.ones(2)))
        return y

    result = grad(noted)(0.7)
    assert seen[0] == pytest.approx(result, rel=1e-14)
    assert len(seen[1]) == 1


def test_forward_nodes_carry_tangents() -> None:
    value, end = trace(JVPNode.new_root(onp.ones(3)), fun, X)
    assert value == fun(X)
    assert end is not None
    assert end.g == pytest.approx(onp.sum(grad(fun)(X)))


@pytest.mark.parametrize(("node", "kind"), [(VJPNode, "VJP"), (JVPNode, "JVP")])
def test_missing_rules_are_named_in_the_forward_pass(node: Any, kind: str) -> None:
    with pytest.raises(NotImplementedError, match=f"the {kind} of lost"):
        trace(node.new_root(1.0), ext.primitive(lost), 1.0)


def lost(x: Any) -> Any:
    return x


def test_what_is_registered_for_node_classes_holds_for_tapes() -> None:
    step = ext.primitive(lambda x: onp.round(x))
    register_notrace(VJPNode, step)
    register_notrace(JVPNode, step)
    assert grad(lambda x: x * step(x))(1.6) == 2.0
    assert step in notrace_primitives[VJPNode]
    assert np.floor in notrace_primitives[JVPNode]


def test_boxes_are_made_by_hand_on_an_open_trace() -> None:
    assert trace_stack.top == -1
    with pytest.raises(ZeroDivisionError), trace_stack.new_trace():
        1 / (trace_stack.top * 0)
    assert trace_stack.top == -1
    with trace_stack.new_trace() as outer, trace_stack.new_trace() as t:
        assert outer < t
        assert trace_stack.top == t
        x, y = (new_box(v, t, VJPNode.new_root()) for v in (2.0, 3.0))
        low = new_box(5.0, outer, VJPNode.new_root())
        end = x * y + low
        assert isbox(end)
        assert end._trace == t
        boxes, top, kind = find_top_boxed_args((1.0, low, x, y))
        assert [argnum for argnum, _ in boxes] == [2, 3]
        assert (top, kind) == (t, VJPNode)
        assert not isbox(np.floor(x))
    assert find_top_boxed_args((1.0, "a")) == ([], -1, None)
    assert {node.vjp(1.0) for node in toposort(end._node) if not node.parents} == {()}


def test_raw_functions_lead_to_their_primitives() -> None:
    assert trace_primitives_map[onp.sin] is np.sin
    assert trace_primitives_map[onp.dot] is np.dot


def test_sums_know_what_they_own() -> None:
    g = onp.ones(2)
    first = add_outgrads(None, g)
    assert first[0] is g
    assert not first[1]
    second = add_outgrads(first, g)
    assert second[1]
    third = add_outgrads(second, g)
    assert third[0] is second[0]
    assert g.tolist() == [1, 1]
    assert third[0].tolist() == [3, 3]
    assert sum_outgrads([1.0, 2.0]) == 3.0
    assert sum_outgrads(iter([g, g])).tolist() == [2, 2]
    with pytest.raises(ValueError, match="nothing"):
        sum_outgrads([])
    assert identity_vjp((0, 1))(5.0) == (5.0, 5.0)
    assert identity_jvp((0, 1), [5.0, 6.0]) == 11.0


def test_a_sparse_cotangent_may_be_a_primitives_result() -> None:
    @ext.primitive
    def pick(x: Any, k: int) -> Any:
        return x[k]

    @ext.primitive
    def put(g: Any, k: int, space: Any) -> Any:
        def mut_add(dense: Any) -> Any:
            dense[k] += g
            return dense

        return SparseObject(space, mut_add)

    ext.defvjp(pick, lambda ans, x, k: lambda g: put(g, k, vspace(x)), argnums=(0,))
    ext.defvjp(put, lambda ans, g, k, space: lambda h: pick(h, k), argnums=(0,))
    ext.defjvp(pick, lambda g, ans, x, k: pick(g, k), argnums=(0,))
    ext.defjvp(put, lambda h, ans, g, k, space: put(h, k, space), argnums=(0,))

    def product(x: Any) -> Any:
        return pick(x, 0) * pick(x, 1) ** 2 * pick(x, 0)

    check_grads(product, order=3)(X)
    with trace_stack.new_trace() as t:
        sparse = put(new_box(1.0, t, VJPNode.new_root()), 1, vspace(X))
        assert type(sparse) is SparseBox
        assert vspace(sparse) == vspace(X)
        assert isbox(sparse_add(vspace(X), None, sparse))
    dense = sparse_add(vspace(X), onp.ones(3), put(2.0, 1, vspace(X)))
    assert dense.tolist() == [1, 3, 1]


def test_rules_are_translated() -> None:
    double = ext.primitive(lambda x: 2 * x)
    assert translate_vjp(None, double, 0)(2.0, 1.0)(1.0) == 0.0
    assert translate_vjp(abs, double, 0) is abs
    assert translate_jvp(None, double, 0)(1.0, 2.0, 1.0) == 0.0
    assert translate_jvp("same", double, 0)(3.0, 2.0, 1.0) == 6.0
    assert translate_jvp(abs, double, 0) is abs
    for translate in (translate_vjp, translate_jvp):
        with pytest.raises(TypeError, match="neither callable"):
            translate("other", double, 0)


def test_the_methods_of_old_primitives_warn_and_work() -> None:
    double = primitive(lambda x, y, z: 2.0 * x * y + z)
    with pytest.warns(DeprecationWarning, match="defvjp"):
        double.defvjp(lambda g, ans, space, g_space, x, y, z: 2.0 * g * y)
    with pytest.warns(DeprecationWarning, match="defvjp"):
        double.defgrad(lambda ans, x, y, z: lambda g: 2.0 * g * x, argnum=1)
    with pytest.warns(DeprecationWarning, match="defvjp"):
        double.defvjp_is_zero(argnums=(2,))
    assert grad(double, (0, 1, 2))(3.0, 5.0, 7.0) == (10.0, 6.0, 0.0)
