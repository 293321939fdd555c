"""What raw NumPy does with traced arrays: its functions and ufuncs ask here, and are traced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp

from ..tracer import box_types
from .array_box import ArrayBox, has_a_say
from .assignment import index_add
from .wrapper import by_position, wrapper_of
from .wrapper import wrapped_namespace as anp

_REFLECTED: dict[onp.ufunc, str] = {
    onp.add: "__radd__",
    onp.subtract: "__rsub__",
    onp.multiply: "__rmul__",
    onp.true_divide: "__rtruediv__",
}
"""What ``array + box`` does: NumPy asks `__array_ufunc__`, which asks the operator."""
_REDUCTIONS = {
    onp.add: "sum",
    onp.multiply: "prod",
    onp.maximum: "max",
    onp.minimum: "min",
    onp.logical_and: "all",
    onp.logical_or: "any",
}
_ACCUMULATIONS = {onp.add: "cumsum", onp.multiply: "cumprod"}


def _array_ufunc(self: ArrayBox, ufunc: onp.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
    """Trace raw NumPy: ``numpy.sin(box)``, ``array * box``, ``numpy.add.reduce(box)``.

    Raises:
        TypeError: the ufunc, its method, an option, or writing into a plain array cannot be traced.
    """
    if any(map(has_a_say, inputs)):
        return NotImplemented
    out = kwargs.pop("out", (None,))
    if method == "__call__":
        reflected = _REFLECTED.get(ufunc)
        if reflected is not None and inputs[1] is self and not kwargs and out[0] is None:
            return getattr(self, reflected)(inputs[0])
        result = _call(ufunc, inputs, out, kwargs)
    elif method == "at":
        return _add_at(ufunc, *inputs)
    else:
        result = _UFUNC_METHODS[method](ufunc, *inputs, **kwargs)
    return result if out[0] is None else _into(ufunc, result, out)


def _call(ufunc: onp.ufunc, inputs: Any, out: Any, options: dict[str, Any]) -> Any:
    wrapped = wrapper_of(ufunc)
    if wrapped is None:
        raise _refusal(ufunc, "")
    where = options.pop("where", True)
    if options:
        raise _refusal(ufunc, f" with {', '.join(options)}=")
    result = wrapped(*inputs)
    if where is True:
        return result
    if out[0] is None:
        raise _refusal(ufunc, " with where= but without out=: entries would be undefined")
    return anp["where"](where, result, out[0])


def _into(ufunc: onp.ufunc, result: Any, out: Any) -> Any:
    if len(out) != 1:
        raise _refusal(ufunc, " with several out=")
    if type(out[0]) not in box_types:
        raise TypeError(
            f"numpy.{ufunc.__name__}: a traced result cannot be written into a plain NumPy array;"
            " make the array inside the differentiated function with autodiff.numpy, or write"
            " `y = y + x` where it says `y += x`"
        )
    out[0][...] = result
    return out[0]


def _refusal(ufunc: Any, how: str) -> TypeError:
    return TypeError(f"numpy.{ufunc.__name__}{how} cannot be traced")


def _reduce(ufunc: onp.ufunc, array: Any, axis: Any = 0, dtype: Any = None, **options: Any) -> Any:
    if ufunc not in _REDUCTIONS:
        raise _refusal(ufunc, ".reduce")
    options = {name: value for name, value in options.items() if not _is_default(name, value)}
    if dtype is not None:
        array = anp["astype"](array, dtype)
    return anp[_REDUCTIONS[ufunc]](array, axis=axis, **options)


def _is_default(name: str, value: Any) -> bool:
    defaults = {"keepdims": False, "where": True, "out": None}
    return value is onp._NoValue or value is defaults.get(name, onp._NoValue)


def _accumulate(ufunc: onp.ufunc, array: Any, axis: int = 0, dtype: Any = None) -> Any:
    if ufunc not in _ACCUMULATIONS:
        raise _refusal(ufunc, ".accumulate")
    if dtype is not None:
        array = anp["astype"](array, dtype)
    return anp[_ACCUMULATIONS[ufunc]](array, axis=axis)


def _outer(ufunc: onp.ufunc, left: Any, right: Any) -> Any:
    left, right = anp["asarray"](left), anp["asarray"](right)
    return _call(ufunc, (anp["reshape"](left, left.shape + (1,) * right.ndim), right), (None,), {})


def _reduceat(ufunc: onp.ufunc, *inputs: Any, **options: Any) -> Any:
    raise _refusal(ufunc, ".reduceat")


_UFUNC_METHODS: dict[str, Callable[..., Any]] = {
    "reduce": _reduce,
    "accumulate": _accumulate,
    "outer": _outer,
    "reduceat": _reduceat,
}


def _add_at(ufunc: onp.ufunc, array: Any, index: Any, value: Any = None) -> None:
    if ufunc not in (onp.add, onp.subtract):
        raise _refusal(ufunc, ".at")
    if type(array) not in box_types:
        _into(ufunc, None, (array,))
    array[...] = index_add(array, index, -value if ufunc is onp.subtract else value)


def _array_function(self: ArrayBox, fun: Any, types: Any, args: Any, kwargs: Any) -> Any:
    """Trace raw NumPy's functions: ``numpy.concatenate([box, array])``.

    Raises:
        TypeError: the function is not in autodiff.numpy, or has traced arrays among its keywords.
    """
    if any(not issubclass(kind, (onp.ndarray, ArrayBox)) for kind in types):
        return NotImplemented
    wrapped = wrapper_of(fun)
    if wrapped is None:
        raise TypeError(f"{fun.__module__}.{fun.__name__} cannot be traced")
    first = [] if args else list(kwargs)[:1]
    keywords = [kwargs[name] for name in kwargs if name not in first]
    if wrapped in by_position and any(type(value) in box_types for value in keywords):
        raise TypeError(f"{fun.__name__}: give traced arrays by position, not by keyword")
    return wrapped(*args, *(kwargs.pop(name) for name in first), **kwargs)


def _array_namespace(self: ArrayBox, api_version: str | None = None) -> Any:
    """The module whose functions take this array: autodiff.numpy."""
    from autodiff import numpy

    return numpy


ArrayBox.__array_ufunc__ = _array_ufunc  # type: ignore[attr-defined]
ArrayBox.__array_function__ = _array_function  # type: ignore[attr-defined]
ArrayBox.__array_namespace__ = _array_namespace  # type: ignore[attr-defined]

for _value in list(vars(onp).values()):
    if isinstance(_value, onp.ufunc) and _value.nin == 2 and (_known := wrapper_of(_value)):
        for _name in ("reduce", "accumulate", "outer", "at", "reduceat"):
            setattr(_known, _name, getattr(_value, _name))
