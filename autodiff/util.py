"""Small functions that programs written for Autograd import from its `util`."""

from __future__ import annotations

import operator
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any


def subval(x: Iterable[Any], i: int, v: Any) -> tuple[Any, ...]:
    """`x` as a tuple, with entry i replaced by v."""
    return subvals(x, [(i, v)])


def subvals(x: Iterable[Any], ivs: Iterable[tuple[int, Any]]) -> tuple[Any, ...]:
    """`x` as a tuple, with the entries i of the pairs (i, v) replaced by v."""
    changed = list(x)
    for i, v in ivs:
        changed[i] = v
    return tuple(changed)


def func(f: Callable[..., Any]) -> Callable[..., Any]:
    """`f` itself: a method of a class already is a plain function."""
    return f


def toposort(
    end_node: Any, parents: Callable[[Any], Sequence[Any]] = operator.attrgetter("parents")
) -> Iterator[Any]:
    """What `end_node` depends on, itself first, each node before its parents."""
    children: dict[Any, int] = {}
    stack = [end_node]
    while stack:
        node = stack.pop()
        if node in children:
            children[node] += 1
        else:
            children[node] = 1
            stack.extend(parents(node))
    ready = [end_node]
    while ready:
        node = ready.pop()
        yield node
        for parent in parents(node):
            children[parent] -= 1
            if children[parent] == 0:
                ready.append(parent)


def quick_grad_check(
    fun: Callable[..., Any],
    arg0: Any,
    extra_args: Sequence[Any] = (),
    kwargs: dict[str, Any] | None = None,
    verbose: bool = True,
    eps: float = 1e-4,
    rtol: float = 1e-4,
    atol: float = 1e-6,
    rs: Any = None,
) -> None:
    """Deprecated: `test_util.check_grads(fun)(arg0)` checks both modes, and order 2.

    The options `verbose`, `eps`, `rtol`, `atol` and `rs` are accepted and not used.
    """
    from .test_util import check_grads

    warnings.warn(
        "quick_grad_check is deprecated: use autodiff.test_util.check_grads",
        DeprecationWarning,
        stacklevel=2,
    )
    check_grads(fun, modes=["rev"], order=1)(arg0, *extra_args, **(kwargs or {}))
