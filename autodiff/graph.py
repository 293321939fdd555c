"""What a function does, operation by operation: as Node objects, a listing, or a graph in DOT.

>>> import autodiff.numpy as np
>>> from autodiff.graph import listing
>>> print(listing(lambda x: np.tanh(x * 2.0) + x, 0.5))
x: float64 () = 0.5
t1 = multiply(x, 2.0): float64 () = 1
t2 = tanh(t1): float64 () = 0.7616
t3 = add(t2, x): float64 () = 1.262
return t3
"""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as onp

from . import numpy as np  # noqa: F401  (registers the boxes of arrays)
from .builtins import pack
from .core import Tape
from .rules import name_of
from .running import run_traced
from .tracer import Node, getval, isbox, new_box, trace_stack
from .util import toposort

_MAX_ENTRIES = 4
"""Arrays of more entries than this are shown by dtype and shape only."""


@dataclass(frozen=True)
class Line:
    """One value of the computation.

    Attributes:
        name: of the value: t1, t2, ...; an argument's is that of its parameter.
        operation: the function's name, None for arguments.
        operands: names of values, or constants as text; keywords as ``name=text``.
        inputs: which values it was made of.
        value: the plain value.
    """

    name: str
    operation: str | None
    operands: tuple[str, ...]
    inputs: tuple[str, ...]
    value: Any

    @property
    def content(self) -> str:
        """Dtype, shape and, if it is short, the numbers."""
        return describe(self.value)

    def __str__(self) -> str:
        made = "" if self.operation is None else f" = {self.operation}({', '.join(self.operands)})"
        return f"{self.name}{made}: {self.content}"


def describe(value: Any) -> str:
    """Dtype, shape and, if it is short, content: ``float64 (3,) = [1, 2, 3]``."""
    if isinstance(value, (float, complex, onp.generic, onp.ndarray)):
        array = onp.asarray(value)
        text = f"{array.dtype} {array.shape}"
        if array.size <= _MAX_ENTRIES:
            content = onp.array2string(array, formatter={"all": "{:.4g}".format}, separator=", ")
            text += f" = {content}"
        return text
    if isinstance(value, (tuple, list, dict)):
        return f"{type(value).__name__} of {len(value)}"
    return type(value).__name__


class NamedNode(Node):
    """A recorded operation with a name: an argument's is that of its parameter, else t1, t2, ...

    Attributes: value, fun, args, kwargs, parent_argnums, parents (slide 10), and name; number, the
    place in the order in which the operations ran.
    """

    _count = itertools.count()

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
        self.name = ""
        self.number = next(self._count)

    def initialize_root(self, *args: Any) -> None:
        value, self.name = args
        super().initialize_root(value)
        self.number = next(self._count)


NamedNode.notrace = Tape.notrace  # comparisons and the like are not part of the computation


def nodes(fun: Callable[..., Any], *args: Any, **kwargs: Any) -> list[NamedNode]:
    """The graph of ``fun(*args, **kwargs)``: a node for each value, in the order of computation.

    Operations that the result does not need are left out; the last node is the result. Arguments
    that cannot be differentiated (integers, strings) are constants.

    Raises:
        ValueError: the result does not depend on the arguments.
    """
    roots: list[Any] = []
    with trace_stack.new_trace() as t:
        given = []
        for name, arg in zip(_parameters(fun, len(args)), args):
            root = NamedNode.new_root(arg, name)
            try:
                given.append(new_box(arg, t, root))
                roots.append(root)
            except TypeError:
                given.append(arg)
        call = partial(fun, *given, **kwargs)
        end = run_traced(lambda _: pack(call()), new_box(0.0, t, None))
    if not isbox(end) or end._owner is not t:
        raise ValueError(f"{name_of(fun)} does not depend on its arguments: there is no graph")
    used = {*toposort(end._node), *roots}
    ordered = sorted(used, key=lambda node: node.number)
    for k, node in enumerate((node for node in ordered if node not in roots), start=1):
        node.name = f"t{k}"
    return [*(node for node in ordered if node is not end._node), end._node]


def lines(fun: Callable[..., Any], *args: Any, **kwargs: Any) -> list[Line]:
    """What `nodes` gives, as text and plain values.

    Raises:
        ValueError: the result does not depend on the arguments.
    """
    return [_line(node) for node in nodes(fun, *args, **kwargs)]


def _parameters(fun: Callable[..., Any], count: int) -> list[str]:
    """Names for the first `count` positional arguments."""
    try:
        kinds = inspect.signature(fun).parameters.values()
    except (TypeError, ValueError):
        kinds = {}.values()
    names = [p.name for p in kinds if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    return [names[k] if k < len(names) else f"x{k}" for k in range(count)]


def _line(node: Any) -> Line:
    value = getval(node.value)
    if not node.parents:
        return Line(node.name, None, (), (), value)
    parents = dict(zip(node.parent_argnums, (parent.name for parent in node.parents)))
    operands = [parents.get(k) or _constant(arg) for k, arg in enumerate(node.args)]
    operands += [f"{key}={_constant(arg)}" for key, arg in node.kwargs.items()]
    inputs = tuple(dict.fromkeys(parents.values()))
    return Line(node.name, name_of(node.fun), tuple(operands), inputs, value)


def _constant(value: Any) -> str:
    value = getval(value)
    if isinstance(value, onp.ndarray) and value.size > _MAX_ENTRIES:
        return f"<{describe(value)}>"
    if isinstance(value, onp.generic):
        value = value.item()
    if isinstance(value, onp.ndarray):
        value = value.tolist()
    return name_of(value) if callable(value) else repr(value)


def listing(fun: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
    """What ``fun(*args, **kwargs)`` computes, a line for each operation; see the module."""
    listed = lines(fun, *args, **kwargs)
    return "\n".join([*map(str, listed), f"return {listed[-1].name}"])


def dot(fun: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
    """The graph of ``fun(*args, **kwargs)`` in the DOT language of Graphviz.

    Arguments are boxes, operations ellipses, the result has a double outline; edges go from
    operands to results.
    """
    listed = lines(fun, *args, **kwargs)
    text = [f"digraph {_quoted(name_of(fun))} {{", "  rankdir=TB;"]
    for line in listed:
        shape = "box" if line.operation is None else "ellipse"
        outline = ", peripheries=2" if line is listed[-1] else ""
        head = line.name if line.operation is None else f"{line.name} = {line.operation}"
        label = _quoted(f"{head}\n{describe(line.value)}")
        text.append(f"  {_quoted(line.name)} [shape={shape}{outline}, label={label}];")
        text += [f"  {_quoted(name)} -> {_quoted(line.name)};" for name in line.inputs]
    return "\n".join([*text, "}"]) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
