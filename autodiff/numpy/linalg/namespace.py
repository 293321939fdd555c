"""numpy.linalg's namespace as primitives, and how functions of ours take a place in it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from types import ModuleType
from typing import Any, TypeVar

import numpy as onp

from ..composed import holds_box
from ..wrapper import replace, wrap_namespace

Function = TypeVar("Function", bound=Callable[..., Any])


def in_place_of(
    source: ModuleType, namespace: dict[str, Any], name: str
) -> Callable[[Function], Function]:
    """Let the decorated function stand for ``source.name`` wherever an argument is traced.

    Calls without a traced argument go to NumPy itself. Where this NumPy lacks the name, so do we.
    """

    def decorate(ours: Function) -> Function:
        raw = getattr(source, name, None)
        if raw is None:
            return ours

        @wraps(raw)
        def fun(*args: Any, **kwargs: Any) -> Any:
            if holds_box(args) or (kwargs and holds_box(tuple(kwargs.values()))):
                return ours(*args, **kwargs)
            return raw(*args, **kwargs)

        fun.fun = raw  # type: ignore[attr-defined]
        namespace[name] = replace(raw, fun)
        return ours

    return decorate


linalg: dict[str, Any] = {}
wrap_namespace(onp.linalg, linalg)


def composed(name: str) -> Callable[[Function], Function]:
    """Let the decorated function stand for numpy.linalg's function of this name."""
    return in_place_of(onp.linalg, linalg, name)
