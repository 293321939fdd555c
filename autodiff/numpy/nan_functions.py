"""Reductions that leave NaN out: entries that are NaN have the derivative 0.

Each is the function of all entries with its `where=` set to what is not NaN.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as onp

from ..core import defjvp, defvjp
from ..tracer import box_types, primitive
from .broadcasting import metadata
from .composed import composed, refuse
from .joining import asarray
from .reductions import Axis
from .wrapper import wrapped_namespace as anp


def _numbers(x: Any, where: Any) -> Any:
    """Where x counts."""
    return anp["logical_and"](anp["logical_not"](anp["isnan"](x)), where)


def _leaving_nan_out(name: str) -> Callable[..., Any]:
    """nan<name>, by NumPy's `name` with a mask."""

    def reduction(a: Any, *args: Any, where: Any = True, **kwargs: Any) -> Any:
        a = asarray(a)
        return anp[name](a, *args, where=_numbers(a, where), **kwargs)

    reduction.__name__ = f"nan{name}"
    reduction.__doc__ = f"As numpy.nan{name}."
    return composed(f"nan{name}")(reduction)


nansum, nanprod, nanmean, nanvar, nanstd = map(
    _leaving_nan_out, ("sum", "prod", "mean", "var", "std")
)


def _extreme(name: str, lowest: float) -> Callable[..., Any]:
    """nanmax or nanmin."""

    def reduction(
        a: Any, axis: Axis = None, out: Any = None, keepdims: Any = False, initial: Any = None,
        where: Any = True,
    ) -> Any:  # fmt: skip
        refuse(f"nan{name}", out=out)
        a = asarray(a)
        numbers = _numbers(a, where)
        start = lowest if initial is None else initial
        found = anp[name](a, axis, keepdims=keepdims, initial=start, where=numbers)
        if initial is not None:
            return found
        empty = anp["logical_not"](anp["any"](numbers, axis, keepdims=keepdims))
        if type(empty) not in box_types:  # what is recorded holds for any values
            if not onp.any(empty):
                return found
            warnings.warn("All-NaN slice encountered", RuntimeWarning, stacklevel=3)
        return anp["where"](empty, onp.nan, found)

    reduction.__name__ = f"nan{name}"
    reduction.__doc__ = f"As numpy.nan{name}."
    return composed(f"nan{name}")(reduction)


nanmax, nanmin = _extreme("max", -onp.inf), _extreme("min", onp.inf)


def _without_nan(x: Any, filled: float) -> Any:
    return anp["where"](anp["isnan"](x), filled, x)


@composed("nancumsum")
def nancumsum(a: Any, axis: int | None = None, dtype: Any = None, out: Any = None) -> Any:
    """As numpy.nancumsum."""
    refuse("nancumsum", out=out)
    return anp["cumsum"](_without_nan(asarray(a), 0), axis, dtype)


@composed("nancumprod")
def nancumprod(a: Any, axis: int | None = None, dtype: Any = None, out: Any = None) -> Any:
    """As numpy.nancumprod."""
    refuse("nancumprod", out=out)
    return anp["cumprod"](_without_nan(asarray(a), 1), axis, dtype)


@primitive
def _nan_to_num(x: Any, nan: float, posinf: Any, neginf: Any) -> Any:
    return onp.nan_to_num(x, nan=nan, posinf=posinf, neginf=neginf)


def _where_finite(g: Any, x: Any) -> Any:
    return anp["where"](anp["isfinite"](x), g, 0)


defvjp(_nan_to_num, lambda ans, x, *filled: lambda g: _where_finite(g, x))
defjvp(_nan_to_num, lambda g, ans, x, *filled: _where_finite(g, x))


@composed("nan_to_num")
def nan_to_num(
    x: Any, copy: bool = True, nan: float = 0.0, posinf: Any = None, neginf: Any = None
) -> Any:
    """As numpy.nan_to_num, always of a copy; what is replaced has the derivative 0."""
    x = asarray(x)
    if metadata(x).dtype.kind == "c":
        parts = [nan_to_num(part, True, nan, posinf, neginf) for part in (x.real, x.imag)]
        return parts[0] + 1j * parts[1]
    return _nan_to_num(x, nan, posinf, neginf)
