"""NumPy's functions as primitives, under NumPy's names.

Every function of the namespace is wrapped once (two names of one function share a wrapper); types,
constants and exceptions pass through. Wrapping gives no derivatives: those are in the modules
beside this one, by family.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

import numpy as onp

from ..core import JVPTrace, Tape, direct_vjps
from ..tracer import (
    apply_primitive,
    box_types,
    isbox,
    new_box,
    primitive,
    register_notrace,
    trace_primitives_map,
)

_FUNCTION_TYPES = (
    FunctionType,
    BuiltinFunctionType,
    onp.ufunc,
    type(onp.sum),  # NumPy's array-function dispatchers
)

# Piecewise constant, or of values that have no derivative: traces let them pass.
_NOTRACE = [
    "floor",
    "ceil",
    "round",
    "rint",
    "around",
    "fix",
    "trunc",
    "sign",
    "floor_divide",
    "searchsorted",
    "all",
    "any",
    "argmax",
    "argmin",
    "argpartition",
    "argsort",
    "argwhere",
    "nonzero",
    "flatnonzero",
    "count_nonzero",
    "ndim",
    "shape",
    "size",
    "result_type",
    "iscomplexobj",
    "iscomplex",
    "isreal",
    "isrealobj",
    "isscalar",
    "logical_and",
    "logical_or",
    "logical_not",
    "logical_xor",
    "isfinite",
    "isinf",
    "isnan",
    "isneginf",
    "isposinf",
    "allclose",
    "isclose",
    "array_equal",
    "array_equiv",
    "signbit",
    "greater",
    "greater_equal",
    "less",
    "less_equal",
    "equal",
    "not_equal",
    "zeros_like",
    "ones_like",
    "empty_like",
    "full_like",
]

_METHODS_WITH_KEYWORDS = {
    "amax": "max",
    "amin": "min",
    "max": "max",
    "min": "min",
    "prod": "prod",
    "sum": "sum",
    "mean": "mean",
    "cumsum": "cumsum",
    "cumprod": "cumprod",
}
_METHODS = _METHODS_WITH_KEYWORDS | {
    "ravel": "ravel",
    "repeat": "repeat",
    "reshape": "reshape",
    "squeeze": "squeeze",
    "swapaxes": "swapaxes",
    "transpose": "transpose",
}
"""NumPy's function -> the method of arrays with the same positional arguments (and keywords)."""

_wrapped: dict[int, Callable[..., Any]] = {}
"""id of NumPy's function -> its primitive."""
by_position: set[Callable[..., Any]] = set()
"""Those that see traced arguments only in positions of their own, as `primitive` makes them."""


def wrap_namespace(source: ModuleType, target: dict[str, Any]) -> None:
    """Put everything public in the module `source` into the namespace `target`, wrapped."""
    for name, value in vars(source).items():
        if name.startswith("_") or isinstance(value, ModuleType):
            continue
        target[name] = wrap(value) if isinstance(value, _FUNCTION_TYPES) else value


def wrap(fun: Callable[..., Any]) -> Callable[..., Any]:
    """The primitive of one of NumPy's functions, always the same one."""
    known = _wrapped.get(id(fun))
    if known is None:
        one_argument = isinstance(fun, onp.ufunc) and fun.nin == fun.nout == 1
        known = (_unary_primitive if one_argument else primitive)(by_method(fun))
        _wrapped[id(fun)] = trace_primitives_map[fun] = known
        by_position.add(known)
    return known


def by_method(fun: Callable[..., Any]) -> Callable[..., Any]:
    """NumPy's function, by the array method that does the same, where that takes half the time."""
    name = getattr(fun, "__name__", "")
    if name not in _METHODS or vars(onp).get(name) is not fun:
        return fun
    method, keywords = getattr(onp.ndarray, _METHODS[name]), name in _METHODS_WITH_KEYWORDS
    most = 2 if name == "reshape" else 7  # the method's third argument is no order but a length

    @wraps(fun)
    def f_raw(*args: Any, **kwargs: Any) -> Any:
        if kwargs and isbox(kwargs.get("initial")):  # NumPy would take its plain value
            raise TypeError(f"{name}: initial must be a plain number; combine a traced one with it")
        plain = 0 < len(args) <= most and args[0].__class__ is onp.ndarray
        if plain and (keywords or not kwargs):
            return method(*args, **kwargs)
        return fun(*args, **kwargs)

    return f_raw


def wrapper_of(fun: Callable[..., Any]) -> Callable[..., Any] | None:
    """The primitive of one of NumPy's functions, if that function was wrapped."""
    return _wrapped.get(id(fun))


def replace(raw: Callable[..., Any], fun: Callable[..., Any]) -> Callable[..., Any]:
    """Let `fun` stand for NumPy's `raw` from now on; returns it."""
    _wrapped[id(raw)] = trace_primitives_map[raw] = fun
    return fun


def _unary_primitive(f_raw: Callable[..., Any]) -> Callable[..., Any]:
    """A primitive of one array, with a short cut for the common case: one box of a tape."""

    @wraps(f_raw)
    def f_wrapped(x: Any, *args: Any, **kwargs: Any) -> Any:
        if not args and not kwargs:
            kind: Any = x.__class__
            if kind not in box_types:
                return f_raw(x)
            tape = x._owner
            if tape.__class__ is Tape and f_wrapped in direct_vjps:
                pull, keeps_answer = direct_vjps[f_wrapped]
                value = x._value
                ans = f_wrapped(value) if value.__class__ in box_types else f_raw(value)
                box = new_box(ans, tape, len(tape))
                tape.append((pull, x._key, -1, ans if keeps_answer else value))
                return box
        return apply_primitive(f_wrapped, f_raw, (x, *args), kwargs)

    f_wrapped.fun = f_raw  # type: ignore[attr-defined]
    return f_wrapped


def _astype(x: Any, dtype: Any, /, **kwargs: Any) -> Any:
    """As numpy.astype, of numbers too."""
    cast = onp.asarray(x).astype(dtype, **kwargs)
    return cast if cast.shape else cast[()]


wrapped_namespace: dict[str, Any] = {}
wrap_namespace(onp, wrapped_namespace)
wrapped_namespace["astype"] = primitive(_astype)

for _name in _NOTRACE:
    for _kind in (Tape, JVPTrace):
        register_notrace(_kind, wrapped_namespace[_name])
