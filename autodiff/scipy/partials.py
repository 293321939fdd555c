"""Both rules of a function of several operands, entry by entry, from its partial derivatives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core import defjvp, defvjp
from ..numpy.arithmetic import tangent_like
from ..numpy.broadcasting import unbroadcast_f

Partial = Callable[..., Any]


def def_partials(fun: Callable[..., Any], *partials: Partial | None) -> None:
    """Register the VJP and JVP of a broadcasting function.

    Args:
        partials: per argument ``(ans, *args) -> derivative of ans``; None where there is no rule,
            so that differentiating raises NotImplementedError.
    """
    known = {k: partial for k, partial in enumerate(partials) if partial is not None}
    defvjp(fun, *(_vjp(k, partial) for k, partial in known.items()), argnums=known)
    defjvp(fun, *map(_jvp, known.values()), argnums=known)


def _vjp(k: int, partial: Partial) -> Callable[..., Any]:
    return lambda ans, *args: unbroadcast_f(args[k], lambda g: g * partial(ans, *args))


def _jvp(partial: Partial) -> Callable[..., Any]:
    return lambda g, ans, *args: tangent_like(ans, g * partial(ans, *args))
