"""Traces that a program opens by hand: Autograd's `trace_stack`, `find_top_boxed_args` and kin.

`tracer.trace` needs none of this. Programs that make boxes themselves write::

    with trace_stack.new_trace() as t:
        box = new_box(x, t, MyNode.new_root())
        end = fun(box)

and compare ``box._trace`` with t. Here t is an integer that records.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from .boxes import Box, box_types, new_box, next_level


class OpenTrace(int):
    """The level of a trace, which makes nodes of whatever class its boxes' nodes are."""

    notrace: frozenset[Any] = frozenset()

    @property
    def level(self) -> OpenTrace:
        """This trace: it is its own level."""
        return self

    def record(
        self,
        fun: Callable[..., Any],
        ans: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        argnums: Sequence[int],
        keys: Sequence[Any],
    ) -> Any:
        """Make the node of an operation, of its first parent's class."""
        node_class = type(keys[0])
        if fun in node_class.notrace:
            return ans
        return new_box(ans, self, node_class(ans, fun, args, kwargs, argnums, keys))

    def node(self, key: Any) -> Any:
        """The node itself is the key."""
        return key


class TraceStack(threading.local):
    """The traces that this thread has opened and not closed."""

    def __init__(self) -> None:
        self._open: list[OpenTrace] = []

    @property
    def top(self) -> int:
        """The level of the innermost open trace, -1 if there is none."""
        return self._open[-1] if self._open else -1

    @contextmanager
    def new_trace(self) -> Iterator[OpenTrace]:
        """Open a trace above all others, and close it, whatever happens."""
        self._open.append(OpenTrace(next_level()))
        try:
            yield self._open[-1]
        finally:
            self._open.pop()


trace_stack = TraceStack()


def find_top_boxed_args(args: Sequence[Any]) -> tuple[list[tuple[int, Box]], int, Any]:
    """The boxes of the highest level among `args`.

    Returns: pairs of a position and a box, their level (-1 without boxes), their nodes' class.
    """
    boxes = [(argnum, arg) for argnum, arg in enumerate(args) if type(arg) in box_types]
    if not boxes:
        return [], -1, None
    top = max(box._trace for _, box in boxes)
    chosen = [(argnum, box) for argnum, box in boxes if box._trace == top]
    return chosen, top, type(chosen[0][1]._node)


class NotraceByClass:
    """``notrace_primitives[NodeClass]``: the primitives that traces of a class let pass."""

    def __getitem__(self, kind: Any) -> Any:
        return kind.notrace


notrace_primitives = NotraceByClass()
trace_primitives_map: dict[Any, Callable[..., Any]] = {}
"""NumPy's own function -> its primitive."""
