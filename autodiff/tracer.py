"""Recording what a function does: boxes, traces and primitives.

A *box* wraps a value and stands in for it while a function runs. A *primitive* that meets a box
runs on the value inside, and hands the result to the trace that owns the box, which records the
operation and boxes the result. Nothing else in the program notices.

What "records" means is the trace's own business. `core.Tape` appends one tuple to a list (reverse
mode), `core.JVPTrace` pushes a tangent along (forward mode), and `NodeTrace` below builds the Node
objects of the lecture (slides 10 to 12), from which graphs are drawn.

Nested differentiation needs no more than this: every trace has a level, drawn from one counter, so
that a trace begun later has a higher level. A primitive peels only the boxes of the highest level
among its arguments and then calls itself: the boxes of outer traces that appear inside are met by
that second call, and recorded there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, ClassVar

from .boxes import (
    Box,
    Trace,
    box_type_mappings,
    box_types,
    getval,
    isbox,
    new_box,
    next_level,
    undifferentiated,
)
from .running import run_traced
from .trace_stack import (
    TraceStack,
    find_top_boxed_args,
    notrace_primitives,
    trace_primitives_map,
    trace_stack,
)
from .util import subvals, toposort

__all__ = [
    "Box",
    "Node",
    "NodeTrace",
    "Trace",
    "TraceStack",
    "apply_primitive",
    "box_type_mappings",
    "box_types",
    "find_top_boxed_args",
    "getval",
    "isbox",
    "new_box",
    "next_level",
    "notrace_primitive",
    "notrace_primitives",
    "primitive",
    "register_notrace",
    "subvals",
    "toposort",
    "trace",
    "trace_primitives_map",
    "trace_stack",
    "undifferentiated",
]

# -- primitives ------------------------------------------------------------------------------------


def primitive(f_raw: Callable[..., Any]) -> Callable[..., Any]:
    """Make `f_raw` an operation that traces see as one step.

    Only positional arguments are looked at. Give it derivatives with `extend.defvjp` and
    `extend.defjvp`; without them it still runs, and a trace that needs them raises
    NotImplementedError.
    """

    @wraps(f_raw)
    def f_wrapped(*args: Any, **kwargs: Any) -> Any:
        for arg in args:
            if arg.__class__ in box_types:
                return apply_primitive(f_wrapped, f_raw, args, kwargs)
        return f_raw(*args, **kwargs)

    f_wrapped.fun = f_raw  # type: ignore[attr-defined]
    return f_wrapped


def apply_primitive(
    f_wrapped: Callable[..., Any],
    f_raw: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> Any:
    """Run a primitive: on plain values directly, on boxes through the highest trace among them."""
    top: Any = None
    for arg in args:
        if arg.__class__ in box_types:
            owner = arg._owner
            if top is None or (owner is not top and owner.level > top.level):
                top = owner
    if top is None:
        return f_raw(*args, **kwargs)
    notrace = top.notrace
    if notrace is None:  # a recording: it runs everything itself
        return top.run(f_wrapped, f_raw, args, kwargs)
    values: list[Any] = []
    argnums, keys, nested = [], [], False
    for arg in args:
        if arg.__class__ in box_types:
            if arg._owner is top:
                argnums.append(len(values))
                keys.append(arg._key)
                arg = arg._value
            nested = nested or arg.__class__ in box_types
        values.append(arg)
    peeled = tuple(values)
    ans = f_wrapped(*peeled, **kwargs) if nested else f_raw(*peeled, **kwargs)
    if f_wrapped in notrace:
        return ans
    return top.record(f_wrapped, ans, peeled, kwargs, argnums, keys)


def notrace_primitive(f_raw: Callable[..., Any]) -> Callable[..., Any]:
    """Make `f_raw` run on the plain values inside boxes: no trace ever sees it."""

    @wraps(f_raw)
    def f_wrapped(*args: Any, **kwargs: Any) -> Any:
        return f_raw(*map(getval, args), **kwargs)

    return f_wrapped


def register_notrace(kind: Any, fun: Callable[..., Any]) -> None:
    """Let the primitive `fun` pass through traces of a kind (a trace or Node class) unrecorded."""
    kind.notrace.add(fun)


# -- the computation graph as Node objects ---------------------------------------------------------


class Node:
    """One operation of a computation graph, with everything that the lecture lists (slide 10).

    Subclass it to write a tracer of your own: `__init__` is called for every recorded operation,
    `initialize_root` for the input.

    Attributes: value, fun, args, kwargs, parent_argnums (which args are nodes), parents.
    """

    notrace: ClassVar[set[Callable[..., Any]]] = set()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.notrace = set()

    def __init__(
        self,
        value: Any,
        fun: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        parent_argnums: Sequence[int],
        parents: Sequence[Node],
    ) -> None:
        self.value = value
        self.fun = fun
        self.args = args
        self.kwargs = kwargs
        self.parent_argnums = tuple(parent_argnums)
        self.parents = list(parents)

    def initialize_root(self, *args: Any) -> None:
        """Fill in a node that has no parents."""
        self.value = args[0] if args else None
        self.fun = lambda x: x
        self.args, self.kwargs, self.parent_argnums, self.parents = (), {}, (), []

    @classmethod
    def new_root(cls, *args: Any) -> Node:
        """A node for the input of a traced function."""
        root = cls.__new__(cls)
        root.initialize_root(*args)
        return root


class NodeTrace:
    """A trace that makes one object of a Node class per operation."""

    def __init__(self, node_class: type[Node]) -> None:
        self.level = next_level()
        self.node_class = node_class
        self.notrace = node_class.notrace

    def record(
        self,
        fun: Callable[..., Any],
        ans: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        argnums: Sequence[int],
        keys: Sequence[Node],
    ) -> Any:
        """Make the node of an operation."""
        return new_box(ans, self, self.node_class(ans, fun, args, kwargs, argnums, keys))

    def node(self, key: Node) -> Node:
        """The node itself is the key."""
        return key


def trace(start_node: Node, fun: Callable[[Any], Any], x: Any) -> tuple[Any, Node | None]:
    """Run ``fun(x)``, recording nodes of `start_node`'s class from `start_node` on.

    Returns: the plain result and its node, or None where the result does not depend on `x`.
    """
    owner = NodeTrace(type(start_node))
    end = run_traced(fun, new_box(x, owner, start_node))
    if isbox(end) and end._owner is owner:
        return end._value, end._key
    return end, None
