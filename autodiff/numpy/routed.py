"""Primitives whose traced operands may come by keyword, or inside a list.

A primitive sees only its positional arguments. A routed one brings its arguments into one form
first, with every traced operand in a position of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as onp

from ..tracer import apply_primitive
from .composed import holds_box
from .joining import asarray
from .wrapper import by_method, by_position, replace, wrapped_namespace

Route = Callable[..., Any]


def routed(name: str) -> Callable[[Route], Callable[..., Any]]:
    """Decorate ``route(record, *args, **kwargs)``, which runs where a value is traced.

    `record` is the primitive itself: it takes the arguments in the form that its rules know. The
    route may also leave it alone and compose the answer. Returned is the primitive, to define rules
    for; it takes the place of NumPy's function `name`.
    """

    def install(route: Route) -> Callable[..., Any]:
        raw = getattr(onp, name)
        quick = by_method(raw)

        @wraps(raw)
        def f_wrapped(*args: Any, **kwargs: Any) -> Any:
            if holds_box(args) or (kwargs and holds_box(tuple(kwargs.values()))):
                return route(record, *args, **kwargs)
            return quick(*args, **kwargs)

        def record(*args: Any, **kwargs: Any) -> Any:
            return apply_primitive(f_wrapped, quick, args, kwargs)

        f_wrapped.fun = raw  # type: ignore[attr-defined]
        wrapped_namespace[name] = replace(raw, f_wrapped)
        return f_wrapped

    return install


def accept_lists(*names: str) -> None:
    """Let these primitives also take a list of traced numbers, as NumPy takes a list of numbers.

    To be called before their rules are defined: they become new primitives.
    """
    for name in names:
        raw = getattr(onp, name)
        wrapped_namespace[name] = fun = replace(raw, _accepting_lists(raw))
        by_position.add(fun)


def _accepting_lists(raw: Callable[..., Any]) -> Callable[..., Any]:
    quick = by_method(raw)

    @wraps(raw)
    def f_wrapped(*args: Any, **kwargs: Any) -> Any:
        if args and args[0].__class__ in (list, tuple) and holds_box(args[0]):
            args = (asarray(args[0]), *args[1:])
        return apply_primitive(f_wrapped, quick, args, kwargs)

    f_wrapped.fun = raw  # type: ignore[attr-defined]
    return f_wrapped
