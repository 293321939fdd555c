"""Recordings of functions as graphs of Node objects, to look at or to run again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from ..builtins import pack
from ..tracer import Node, trace
from ..util import subvals, toposort
from ..wrap_util import get_name


class ConstGraphNode(Node):
    """An operation that can be run again: ``run(values of the parents)``."""

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
        self._call = (fun, tuple(args), dict(kwargs), tuple(parent_argnums))

    def initialize_root(self, *args: Any) -> None:
        """Fill in the node of the input."""
        self.parents = []

    def run(self, values: Sequence[Any]) -> Any:
        """The operation on other values of its traced operands."""
        fun, args, kwargs, argnums = self._call
        return fun(*subvals(args, zip(argnums, values)), **kwargs)


def const_graph_unary(fun: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """`fun`, recorded at its first call; later calls run the recorded operations.

    What Python decided while recording (branches, loops, shapes) stays as it was.

    Raises:
        ValueError: the result does not depend on the input.
    """
    recorded: list[list[ConstGraphNode]] = []

    def replay(x: Any) -> Any:
        if not recorded:
            _, end = trace(ConstGraphNode.new_root(), lambda y: pack(fun(y)), x)
            if end is None:
                raise ValueError(f"const_graph: {get_name(fun)} does not depend on its input")
            recorded.append(list(toposort(end))[::-1])
        root, *operations = recorded[0]
        values: dict[Node, Any] = {root: x}
        for node in operations:
            values[node] = node.run([values[parent] for parent in node.parents])
        return values[recorded[0][-1]]

    return replay


def const_graph(fun: Callable[..., Any], *args: Any, **kwargs: Any) -> Callable[..., Any]:
    """`fun` with some arguments fixed, recorded once and run again from the recording.

    ``const_graph(fun, *args, **kwargs)(*rest)`` is ``fun(*args, *rest, **kwargs)``.
    """

    @const_graph_unary
    def of_rest(rest: Any) -> Any:
        return fun(*args, *rest, **kwargs)

    @wraps(fun)
    def replay(*rest: Any) -> Any:
        return of_rest(pack(rest))

    return replay


class FullGraphNode(Node):
    """An operation with everything known about it: value, and the call (function, arguments)."""

    def __init__(
        self,
        value: Any,
        fun: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        parent_argnums: Sequence[int],
        parents: Sequence[Node],
    ) -> None:
        super().__init__(value, fun, args, kwargs, parent_argnums, parents)
        self.recipe = (fun, args, kwargs, list(zip(self.parent_argnums, self.parents)))

    def initialize_root(self, *args: Any) -> None:
        """Fill in the node of the input."""
        super().initialize_root(*args)
        self.recipe = (self.fun, (), {}, [])


def full_graph(fun: Callable[..., Any], *args: Any, **kwargs: Any) -> Node | None:
    """The node of ``fun(*args, **kwargs)``, whose `parents` lead back to the arguments.

    Returns: None where the result does not depend on the arguments.
    """
    _, end = trace(FullGraphNode.new_root(args), lambda xs: fun(*xs, **kwargs), args)
    return end
