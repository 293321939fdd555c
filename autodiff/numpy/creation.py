"""NumPy's functions that make new arrays: writable ones where this thread is tracing.

Outside of a traced function they return what NumPy returns, as they do for arrays of integers and
truth values, into which no derivative can be written.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from ..running import running
from ..tracer import box_types
from .array_box import ArrayBox
from .wrapper import wrapped_namespace as anp
from .writable import copied, made

CREATING = [
    "zeros",
    "ones",
    "empty",
    "full",
    "zeros_like",
    "ones_like",
    "empty_like",
    "full_like",
    "eye",
    "identity",
    "arange",
    "linspace",
    "logspace",
    "geomspace",
    "array",
    "copy",
    "tri",
    "vander",
    "fromfunction",
    "fromiter",
    "loadtxt",
    "diagflat",
]
"""Names of functions whose result is always a new array."""
copy_entries = anp["copy"]
"""The primitive under `copy`, which has rules."""


def _creating(fun: Callable[..., Any]) -> Callable[..., Any]:
    """`fun`, with a new plain array made writable while this thread is tracing."""

    @wraps(fun)
    def create(*args: Any, **kwargs: Any) -> Any:
        return made(fun(*args, **kwargs)) if running.depth else fun(*args, **kwargs)

    create.fun = fun  # type: ignore[attr-defined]
    return create


def _copying(fun: Callable[..., Any]) -> Callable[..., Any]:
    """`fun`, numpy.array or copy, whose copy of a traced array can be written to."""

    @wraps(fun)
    def create(x: Any, *args: Any, **kwargs: Any) -> Any:
        if not running.depth:
            return fun(x, *args, **kwargs)
        if isinstance(x, ArrayBox) and not args and not kwargs and type(x) in box_types and x.shape:
            return copied(x, "K")
        array = fun(x, *args, **kwargs)
        return array if kwargs.get("copy", True) is not True else made(array)

    create.fun = fun  # type: ignore[attr-defined]
    return create


def creation_functions() -> dict[str, Callable[..., Any]]:
    """The functions by name, to put over those of the wrapped namespace."""
    functions = {name: _creating(anp[name]) for name in CREATING if name in anp}
    for name in ("array", "copy"):
        functions[name] = _copying(anp[name])
    return functions
