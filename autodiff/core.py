"""Reverse and forward mode: the tape, the backward pass, tangents pushed along.

| task | here |
|---|---|
| record a function for reverse mode | `Tape`, `record_tape`, `walk_tape`, from `tape` |
| pull a cotangent back through it | `backward_pass`, `make_vjp`, `pull_back_once` |
| push a tangent forward | `JVPTrace`, `make_jvp` |
| push several tangents along in one run | `make_jvps` |
| say what a primitive's derivatives are | `defvjp`, `defjvp` and their kin, from `rules` |
| the same on graphs of Node objects, in Autograd's form | `nodes` |
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from .cotangents import SparseBox, SparseObject, sparse_add
from .deprecated import primitive_with_deprecation_warnings
from .nodes import (
    JVPNode,
    VJPNode,
    add_outgrads,
    identity_jvp,
    identity_vjp,
    sum_outgrads,
    translate_jvp,
    translate_vjp,
    walk_nodes,
)
from .rules import (
    Pullback,
    def_elementwise,
    def_linear,
    defjvp,
    defjvp_argnum,
    defjvp_argnums,
    defvjp,
    defvjp_argnum,
    defvjp_argnums,
    direct_vjps,
    missing_rule,
    primitive_jvps,
    primitive_vjps,
)
from .running import run_traced
from .tape import Tape, TapeNode, record_tape, walk_tape
from .tracer import Box, Node, getval, isbox, new_box, next_level, primitive, toposort, trace
from .util import func, subval
from .vspace import VSpace, vspace

__all__ = [
    "Box",
    "JVPNode",
    "JVPTrace",
    "JVPsTrace",
    "Node",
    "Pullback",
    "SparseBox",
    "SparseObject",
    "Tape",
    "TapeNode",
    "VJPNode",
    "VSpace",
    "add_outgrads",
    "backward_pass",
    "def_elementwise",
    "def_linear",
    "defjvp",
    "defjvp_argnum",
    "defjvp_argnums",
    "defvjp",
    "defvjp_argnum",
    "defvjp_argnums",
    "direct_vjps",
    "func",
    "getval",
    "identity_jvp",
    "identity_vjp",
    "isbox",
    "make_jvp",
    "make_jvps",
    "make_vjp",
    "primitive",
    "primitive_jvps",
    "primitive_vjps",
    "primitive_with_deprecation_warnings",
    "pull_back_once",
    "record_tape",
    "sparse_add",
    "subval",
    "sum_outgrads",
    "toposort",
    "trace",
    "translate_jvp",
    "translate_vjp",
    "vspace",
    "walk_nodes",
    "walk_tape",
]

# -- reverse mode ----------------------------------------------------------------------------------


def make_vjp(fun: Callable[[Any], Any], x: Any) -> tuple[Callable[[Any], Any], Any]:
    """Run ``fun(x)``; give the function that pulls cotangents of the result back to `x`.

    Returns: ``(vjp, value)``. `vjp` may be called any number of times, also inside other traces.
    """
    tape, end, value = record_tape(fun, x)
    if end < 0:
        return lambda g: vspace(x).zeros(), value
    return lambda g: _or_zeros(walk_tape(g, tape, end), x), value


def pull_back_once(
    g_of: Callable[[Any], Any], fun: Callable[[Any], Any], x: Any
) -> tuple[Any, Any]:
    """Value and cotangent of ``fun`` at `x`, the tape freed entry by entry as it is walked.

    Args:
        g_of: gives the cotangent of the result from the result (and may refuse it).

    Returns: ``(value, x_bar)``; `x_bar` is None when the value does not depend on `x`.
    """
    tape, end, value = record_tape(fun, x)
    g = g_of(value)
    if end < 0:
        return value, None
    return value, _or_zeros(walk_tape(g, tape, end, free=True), x)


def _or_zeros(g: Any, x: Any) -> Any:
    return vspace(x).zeros() if g is None else g


def backward_pass(g: Any, end_node: Node) -> Any:
    """Pass the cotangent `g` of `end_node` back to the root: Autograd's form of the walk.

    Args:
        end_node: a node that ``trace(VJPNode.new_root(), fun, x)`` gave, or the `_node` of a box.
    """
    if isinstance(end_node, TapeNode):
        return walk_tape(g, end_node.tape, end_node.position)
    return walk_nodes(g, end_node)


# -- forward mode ----------------------------------------------------------------------------------


class JVPTrace:
    """A forward-mode trace: the key of a box is its tangent, and nothing is stored."""

    __slots__ = ("level",)
    notrace: ClassVar[set[Callable[..., Any]]] = JVPNode.notrace

    def __init__(self) -> None:
        self.level = next_level()

    def record(
        self,
        fun: Callable[..., Any],
        ans: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        argnums: Sequence[int],
        keys: Sequence[Any],
    ) -> Any:
        """Push tangents through an operation, by its registered rule."""
        try:
            rule = primitive_jvps[fun]
        except KeyError:
            raise missing_rule(fun, "JVP", argnums) from None
        return new_box(ans, self, rule(tuple(argnums), keys, ans, args, kwargs))

    def node(self, key: Any) -> Node:
        """The tangent, in a node."""
        return JVPNode.new_root(key)


def make_jvp(fun: Callable[[Any], Any], x: Any) -> Callable[[Any], tuple[Any, Any]]:
    """Give the function ``v -> (fun(x), directional derivative of fun at x along v)``.

    `fun` runs again for each `v`.
    """

    def jvp(v: Any) -> tuple[Any, Any]:
        owner = JVPTrace()
        end = run_traced(fun, new_box(x, owner, v))
        if isbox(end) and end._owner is owner:
            return end._value, end._key
        return end, vspace(end).zeros()

    return jvp


class JVPsTrace:
    """Forward mode in several directions at once: the key of a box is the list of its tangents.

    The function runs once, however many directions there are.
    """

    __slots__ = ("level",)
    notrace: ClassVar[set[Callable[..., Any]]] = JVPNode.notrace

    def __init__(self) -> None:
        self.level = next_level()

    def record(
        self,
        fun: Callable[..., Any],
        ans: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        argnums: Sequence[int],
        keys: Sequence[list[Any]],
    ) -> Any:
        """Push the tangents of each direction through an operation."""
        try:
            rule = primitive_jvps[fun]
        except KeyError:
            raise missing_rule(fun, "JVP", argnums) from None
        numbers = tuple(argnums)
        tangents = [rule(numbers, tangent, ans, args, kwargs) for tangent in zip(*keys)]
        return new_box(ans, self, tangents)

    def node(self, key: Any) -> Node:
        """The tangents, in a node."""
        return JVPNode.new_root(key)


def make_jvps(
    fun: Callable[[Any], Any], x: Any
) -> Callable[[Sequence[Any]], tuple[Any, list[Any]]]:
    """Give the function ``vs -> (fun(x), the derivatives of fun at x along each of vs)``."""

    def jvps(vs: Sequence[Any]) -> tuple[Any, list[Any]]:
        owner = JVPsTrace()
        end = run_traced(fun, new_box(x, owner, list(vs)))
        if isbox(end) and end._owner is owner:
            return end._value, end._key
        return end, [vspace(end).zeros() for _ in vs]

    return jvps
