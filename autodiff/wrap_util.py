"""Operators on functions of one argument, turned into operators on functions of several."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps as _wraps
from numbers import Integral
from typing import Any

import numpy as onp

from .builtins import pack
from .util import subvals


def unary_to_nary(unary_operator: Callable[..., Any]) -> Callable[..., Any]:
    """Turn ``operator(fun, x)`` into ``operator(fun, argnum=0)(*args, **kwargs)``.

    `argnum` is the position of the argument that takes x's part (negative counts from the end), or
    a tuple or list of positions, which take it together, as a tuple. Integers, and arrays of them,
    are taken as floats where they are what the operator works on.
    """

    @_wraps(unary_operator)
    def nary_operator(
        fun: Callable[..., Any],
        argnum: int | tuple[int, ...] | list[int] = 0,
        *operator_args: Any,
        **operator_kwargs: Any,
    ) -> Callable[..., Any]:
        if not _is_argnum(argnum):
            raise TypeError(
                f"{unary_operator.__name__}: argnum must be an int or a tuple of ints,"
                f" got {argnum!r}"
            )
        several = not isinstance(argnum, Integral)
        positions: Any = tuple(argnum) if several else (argnum,)  # type: ignore[arg-type]

        @wrap_nary_f(fun, unary_operator, argnum)
        def nary_f(*args: Any, **kwargs: Any) -> Any:
            def unary_f(x: Any) -> Any:
                changed = subvals(args, zip(positions, x if several else (x,)))
                return fun(*changed, **kwargs)

            xs = _chosen(args, positions, f"{unary_operator.__name__} of {get_name(fun)}")
            x = pack(xs) if several else xs[0]
            return unary_operator(unary_f, x, *operator_args, **operator_kwargs)

        return nary_f

    return nary_operator


def _chosen(args: tuple[Any, ...], positions: tuple[int, ...], what: str) -> tuple[Any, ...]:
    try:
        return tuple(_as_float(args[k]) for k in positions)
    except IndexError:
        raise IndexError(
            f"{what}: argument {' and '.join(map(str, positions))} must be given by position,"
            f" got {len(args)} positional arguments"
        ) from None


def _as_float(x: Any) -> Any:
    """`x`, integers as floats: an integer has no neighbours to differentiate towards."""
    if isinstance(x, Integral) and not isinstance(x, bool):
        return float(x)
    if isinstance(x, onp.ndarray) and x.dtype.kind in "iu":
        return x.astype(float)
    return x


def _is_argnum(argnum: Any) -> bool:
    if isinstance(argnum, (tuple, list)):
        return all(isinstance(k, Integral) for k in argnum)
    return isinstance(argnum, Integral)


# -- names and documentation of functions, for operators written elsewhere -------------------------


def get_name(f: Callable[..., Any]) -> str:
    """What a function is called; callables without a name, by their type."""
    return getattr(f, "__name__", type(f).__name__)


def get_doc(f: Callable[..., Any]) -> str:
    """A function's docstring, empty if there is none."""
    return getattr(f, "__doc__", None) or ""


def wraps(
    fun: Callable[..., Any], namestr: str = "{fun}", docstr: str = "{doc}", **kwargs: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator: give a function a name and docstring made from those of `fun`.

    Args:
        namestr, docstr: formats, in which {fun} and {doc} are filled in, and what `kwargs` names.
    """

    def name(f: Callable[..., Any]) -> Callable[..., Any]:
        f.__name__ = namestr.format(fun=get_name(fun), **kwargs)
        f.__doc__ = docstr.format(fun=get_name(fun), doc=get_doc(fun), **kwargs)
        return f

    return name


def wrap_nary_f(
    fun: Callable[..., Any], op: Callable[..., Any], argnum: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator: name a function as ``op(fun, argnum)``'s result is named."""
    return wraps(
        fun,
        namestr="{op}_of_{fun}_wrt_argnum_{argnum}",
        docstr="{op} of {fun} with respect to argument {argnum}.\n\n{doc}",
        op=get_name(op),
        argnum=argnum,
    )
