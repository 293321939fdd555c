"""The top-level `primitive`, with the methods by which old programs give it derivatives.

New programs use `extend.primitive` and `extend.defvjp`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

from .rules import defvjp
from .tracer import primitive
from .vspace import vspace

Rules = dict[int, Callable[..., Any]]


def _deprecated(old: str, new: str) -> None:
    warnings.warn(
        f"{old} is deprecated: use {new} of autodiff.extend instead",
        DeprecationWarning,
        stacklevel=3,
    )


def _methods(fun: Callable[..., Any]) -> dict[str, Callable[..., None]]:
    rules: Rules = {}

    def install(argnum: int, maker: Callable[..., Any]) -> None:
        rules[argnum] = maker
        defvjp(fun, *rules.values(), argnums=list(rules))

    def old_defvjp(pull: Callable[..., Any], argnum: int = 0) -> None:
        """Reverse rule ``pull(g, ans, space, g_space, *args, **kwargs) -> cotangent``."""
        _deprecated("primitive.defvjp", "defvjp(fun, maker)")

        def maker(ans: Any, *args: Any, **kwargs: Any) -> Callable[[Any], Any]:
            return lambda g: pull(g, ans, vspace(args[argnum]), vspace(g), *args, **kwargs)

        install(argnum, maker)

    def old_defgrad(maker: Callable[..., Any], argnum: int = 0) -> None:
        """Reverse rule ``maker(ans, *args, **kwargs) -> (g -> cotangent)``."""
        _deprecated("primitive.defgrad", "defvjp(fun, maker)")
        install(argnum, maker)

    def old_defvjp_is_zero(argnums: Sequence[int] = (0,)) -> None:
        """Say that the derivative with respect to these arguments is zero."""
        _deprecated("primitive.defvjp_is_zero", "defvjp(fun, None)")
        for argnum in argnums:
            install(argnum, _zero_maker(argnum))

    return {"defvjp": old_defvjp, "defgrad": old_defgrad, "defvjp_is_zero": old_defvjp_is_zero}


def _zero_maker(argnum: int) -> Callable[..., Any]:
    return lambda ans, *args, **kwargs: lambda g: vspace(args[argnum]).zeros()


def primitive_with_deprecation_warnings(f_raw: Callable[..., Any]) -> Callable[..., Any]:
    """Make `f_raw` an operation that traces see as one step.

    As `extend.primitive`, with the deprecated methods `defvjp`, `defgrad` and `defvjp_is_zero`.
    """
    fun = primitive(f_raw)
    for name, method in _methods(fun).items():
        setattr(fun, name, method)
    return fun
