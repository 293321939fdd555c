"""Operators on functions of one argument, turned into operators on functions of several."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from .builtins import tuple as traced_tuple
from .tracer import isbox


def unary_to_nary(unary_operator: Callable[..., Any]) -> Callable[..., Any]:
    """Turn ``operator(fun, x)`` into ``operator(fun, argnum=0)(*args, **kwargs)``.

    `argnum` is the position of the argument that takes x's part (negative counts from the end), or
    a tuple or list of positions, which take it together, as a tuple.
    """

    @wraps(unary_operator)
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
        several = not isinstance(argnum, int)
        positions = (argnum,) if isinstance(argnum, int) else tuple(argnum)

        def nary_f(*args: Any, **kwargs: Any) -> Any:
            def unary_f(x: Any) -> Any:
                changed = list(args)
                for k, entry in zip(positions, x if several else (x,)):
                    changed[k] = entry
                return fun(*changed, **kwargs)

            xs = _chosen(args, positions, f"{unary_operator.__name__} of {_name(fun)}")
            x: Any = xs if several else xs[0]
            if several and any(map(isbox, xs)):
                x = traced_tuple(xs)
            return unary_operator(unary_f, x, *operator_args, **operator_kwargs)

        nary_f.__name__ = f"{unary_operator.__name__}_of_{_name(fun)}_wrt_argnum_{argnum}"
        nary_f.__doc__ = (
            f"{unary_operator.__name__} of {_name(fun)} with respect to argument {argnum}.\n\n"
            f"{getattr(fun, '__doc__', None) or ''}"
        )
        return nary_f

    return nary_operator


def _chosen(args: tuple[Any, ...], positions: tuple[int, ...], what: str) -> tuple[Any, ...]:
    try:
        return tuple(args[k] for k in positions)
    except IndexError:
        raise IndexError(
            f"{what}: argument {' and '.join(map(str, positions))} must be given by position,"
            f" got {len(args)} positional arguments"
        ) from None


def _is_argnum(argnum: Any) -> bool:
    if isinstance(argnum, (tuple, list)):
        return all(isinstance(k, int) for k in argnum)
    return isinstance(argnum, int)


def _name(fun: Callable[..., Any]) -> str:
    return getattr(fun, "__name__", type(fun).__name__)
