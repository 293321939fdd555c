"""Functions that need no rules of their own, because they are written in terms of traced ones.

Each takes the place of NumPy's function of its name. It has NumPy's signature, so that arguments
may be traced in whichever way they are passed: by position, by keyword, inside a list. A call
without a traced value goes to NumPy itself: nothing changes for plain arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from types import ModuleType
from typing import Any, TypeVar

import numpy as onp

from ..core import JVPTrace, Tape
from ..tracer import box_types, register_notrace
from .wrapper import replace, wrapped_namespace

Function = TypeVar("Function", bound=Callable[..., Any])


def holds_box(x: Any) -> bool:
    """Whether `x` is traced, or is a nest of lists and tuples in which something is."""
    kind = x.__class__
    if kind in box_types:
        return True
    if kind is onp.ndarray or not isinstance(x, (list, tuple)):
        return False
    for entry in x:
        kind = entry.__class__
        if kind in box_types or (
            kind is not onp.ndarray and kind is not float and holds_box(entry)
        ):
            return True
    return False


def composed(*names: str) -> Callable[[Function], Function]:
    """Put the decorated function in the place of NumPy's functions of these names."""
    return in_place_of(onp, wrapped_namespace, *names)


def in_place_of(
    source: ModuleType, namespace: dict[str, Any], *names: str
) -> Callable[[Function], Function]:
    """Let the decorated function stand in `namespace` for the functions of `source` of these names.

    A name that `source` does not have is left out: it stays undefined, as there.
    """

    def decorate(ours: Function) -> Function:
        dispatched: dict[int, Callable[..., Any]] = {}
        for name in names:
            raw = vars(source).get(name)
            if raw is not None:
                # Two names of one function stay one function.
                fun = dispatched.setdefault(id(raw), _dispatched(ours, raw))
                namespace[name] = replace(raw, fun)
        return ours

    return decorate


def _dispatched(ours: Callable[..., Any], raw: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(raw)
    def fun(*args: Any, **kwargs: Any) -> Any:
        if holds_box(args) or (kwargs and holds_box(tuple(kwargs.values()))):
            return ours(*args, **kwargs)
        return raw(*args, **kwargs)

    fun.fun = raw  # type: ignore[attr-defined]
    return fun


def untraced(names: Iterable[str]) -> None:
    """Let traces pass through NumPy's functions of these names: nothing flows through them."""
    for name in names:
        if name in wrapped_namespace:
            for kind in (Tape, JVPTrace):
                register_notrace(kind, wrapped_namespace[name])


def refuse(name: str, **options: Any) -> None:
    """Raise for options (those that are not None) with which `name` cannot be differentiated."""
    for option, value in options.items():
        if value is not None:
            raise NotImplementedError(f"{name} of a traced value cannot take {option}=")
