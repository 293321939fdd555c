"""Derivatives on a graph of Node objects: what `core` does on a tape, in Autograd's own form.

Programs that use Autograd's internals record with ``trace(VJPNode.new_root(), fun, x)`` and walk
back with ``backward_pass(g, end_node)``. This is that form: slower than the tape, and a graph that
can be looked at, operation by operation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from .cotangents import accumulate, densified, sparse_add
from .rules import def_linear, defjvp, defvjp, missing_rule, primitive_jvps, primitive_vjps
from .tracer import Node, toposort
from .vspace import add_in, covector_in, inner_in, scale_in, vspace


class VJPNode(Node):
    """An operation that remembers how cotangents go back through it.

    Attributes: vjp (g -> one cotangent per parent), parents.
    """

    def __init__(
        self,
        value: Any,
        fun: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        parent_argnums: Sequence[int],
        parents: Sequence[Node],
    ) -> None:
        self.parents = list(parents)
        try:
            maker = primitive_vjps[fun]
        except KeyError:
            raise missing_rule(fun, "VJP", parent_argnums) from None
        self.vjp = maker(tuple(parent_argnums), value, args, kwargs)

    def initialize_root(self, *args: Any) -> None:
        """Fill in the node of the input: nothing is before it."""
        self.parents = []
        self.vjp = lambda g: ()


class JVPNode(Node):
    """An operation in forward mode: `g` is the tangent of its value."""

    def __init__(
        self,
        value: Any,
        fun: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        parent_argnums: Sequence[int],
        parents: Sequence[Any],
    ) -> None:
        try:
            rule = primitive_jvps[fun]
        except KeyError:
            raise missing_rule(fun, "JVP", parent_argnums) from None
        self.g = rule(tuple(parent_argnums), [node.g for node in parents], value, args, kwargs)

    def initialize_root(self, *args: Any) -> None:
        """Fill in the node of the input: ``JVPNode.new_root(tangent)``."""
        (self.g,) = args


def walk_nodes(g: Any, end_node: Node) -> Any:
    """Pass the cotangent `g` of `end_node` back to the root that it was traced from."""
    order = list(toposort(end_node))
    position = {node: k for k, node in enumerate(order)}
    cotangents: list[Any] = [None] * len(order)
    cotangents[0] = g
    owned: set[int] = set()
    for k, node in enumerate(order):
        g = cotangents[k] = densified(cotangents[k])
        if g is not None:
            for parent, parent_g in zip(node.parents, node.vjp(g)):
                accumulate(cotangents, owned, position[parent], parent_g)
    return g


# -- sums ------------------------------------------------------------------------------------------


def add_outgrads(previous_flagged: tuple[Any, bool] | None, g: Any) -> tuple[Any, bool]:
    """A sum that is made step by step, beginning with None.

    Args:
        previous_flagged: the sum so far, and whether this function allocated it (in which case it
            may be written to).
        g: what comes in addition, a SparseObject included.

    Returns: the new sum, and whether it was allocated here.
    """
    cotangents: list[Any] = [None]
    owned: set[int] = set()
    if previous_flagged is not None:
        cotangents[0] = previous_flagged[0]
        if previous_flagged[1]:
            owned.add(0)
    accumulate(cotangents, owned, 0, g)
    return densified(cotangents[0]), 0 in owned


def sum_outgrads(gs: Iterable[Any]) -> Any:
    """The sum of one or more cotangents."""
    total: tuple[Any, bool] | None = None
    for g in gs:
        total = add_outgrads(total, g)
    if total is None:
        raise ValueError("sum_outgrads: nothing to add up")
    return total[0]


def identity_vjp(argnums: Sequence[int], *args: Any) -> Callable[[Any], Any]:
    """The reverse rule of a sum: every argument gets the cotangent as it is."""
    return lambda g: (g,) * len(argnums)


def identity_jvp(argnums: Sequence[int], gs: Sequence[Any], *args: Any, **kwargs: Any) -> Any:
    """The forward rule of a sum: the sum of the tangents."""
    return sum_outgrads(gs)


def translate_vjp(maker: Any, fun: Callable[..., Any], argnum: int) -> Callable[..., Any]:
    """The maker that an argument of `defvjp` stands for: None is a cotangent of zero."""
    if maker is None:
        return lambda ans, *args, **kwargs: lambda g: vspace(args[argnum]).zeros()
    if callable(maker):
        return maker
    raise TypeError(f"VJP {maker!r} for {fun} is neither callable nor None")


def translate_jvp(rule: Any, fun: Callable[..., Any], argnum: int) -> Callable[..., Any]:
    """The rule that an argument of `defjvp` stands for: None is zero, "same" is linear."""
    if rule is None:
        return lambda g, ans, *args, **kwargs: vspace(ans).zeros()
    if rule == "same":
        return lambda g, ans, *args, **kwargs: fun(*args[:argnum], g, *args[argnum + 1 :], **kwargs)
    if callable(rule):
        return rule
    raise TypeError(f'JVP {rule!r} for {fun} is neither callable, "same" nor None')


defvjp(
    sparse_add,
    lambda ans, space, dense, sparse: lambda g: g,
    lambda ans, space, dense, sparse: lambda g: g,
    argnums=(1, 2),
)
defjvp(
    sparse_add,
    lambda g, ans, space, dense, sparse: g,
    lambda g, ans, space, dense, sparse: sparse_add(space, None, g),
    argnums=(1, 2),
)

# -- the operations of vector spaces that are not written in traced operations --------------------

defvjp(
    add_in,
    lambda ans, space, x, y: lambda g: g,
    lambda ans, space, x, y: lambda g: g,
    argnums=(1, 2),
)
defjvp(
    add_in,
    lambda g, ans, space, x, y: g,
    lambda g, ans, space, x, y: g,
    argnums=(1, 2),
)
defvjp(
    scale_in,
    lambda ans, space, x, a: lambda g: space.covector(space.scalar_mul(space.covector(g), a)),
    lambda ans, space, x, a: lambda g: space.inner_prod(g, space.covector(x)),
    argnums=(1, 2),
)
defvjp(
    inner_in,
    lambda ans, space, x, y: lambda g: space.covector(space.scalar_mul(y, g)),
    lambda ans, space, x, y: lambda g: space.covector(space.scalar_mul(x, g)),
    argnums=(1, 2),
)
defvjp(covector_in, lambda ans, space, x: lambda g: space.covector(g), argnums=(1,))
for _fun in (scale_in, inner_in, covector_in):
    def_linear(_fun)
