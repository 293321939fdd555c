"""Seeing into a differentiation, and steering it: values, stopped gradients, hooks.

>>> from autodiff import grad
>>> grad(lambda x: x * stop_gradient(x))(3.0)
3.0
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .core import JVPTrace, Tape, defjvp, defvjp
from .tracer import getval, primitive, register_notrace
from .vspace import vspace


def value_of(x: Any) -> Any:
    """The plain value of `x`, without any trace; of the entries of a tuple, list or dict too.

    It is a number or an array to print, plot or store; no derivative passes through it.
    """
    return _mapped(getval, getval(x))


def stop_gradient(x: Any) -> Any:
    """`x`, as a constant to every derivative; containers entry by entry."""
    return _mapped(_constant, x)


def _mapped(fun: Callable[[Any], Any], x: Any) -> Any:
    if type(x) in (tuple, list):
        return type(x)(_mapped(fun, entry) for entry in x)
    if type(x) is dict:
        return {key: _mapped(fun, entry) for key, entry in x.items()}
    return fun(x)


@primitive
def _constant(x: Any) -> Any:
    return x


for _kind in (Tape, JVPTrace):
    register_notrace(_kind, _constant)


@primitive
def _watched(x: Any, callback: Callable[[Any], Any]) -> Any:
    return x


def on_gradient(x: Any, callback: Callable[[Any], Any]) -> Any:
    """`x`; when a backward pass reaches it, ``callback(g)`` sees the gradient g with respect to it.

    What the callback returns takes the place of g, unless it is None. Use the value returned here
    in place of `x`. Forward mode passes by: it has no gradients.

    Raises:
        ValueError: in the backward pass, if what takes g's place has another shape.
    """
    return _watched(x, callback)


def _watched_vjp(ans: Any, x: Any, callback: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def pull(g: Any) -> Any:
        replaced = callback(g)
        if replaced is None:
            return g
        if vspace(replaced).size != vspace(g).size:
            raise ValueError(
                f"on_gradient: the callback returned {replaced!r} in place of a gradient of"
                f" {vspace(g).size} numbers"
            )
        return replaced

    return pull


defvjp(_watched, _watched_vjp, argnums=(0,))
defjvp(_watched, lambda g, ans, x, callback: g)
