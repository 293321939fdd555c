"""A function and its derivatives in one call.

| given | other mode |
|---|---|
| reverse rules, `custom_vjp` | forward mode by transposing them |
| forward rules, `custom_jvp` | reverse mode by transposing them |
| both, `primitive_with` | as given |

Rules have the forms of `extend.defvjp` and `extend.defjvp`. A rule is linear in its cotangent (or
tangent), so that differentiating it with respect to that gives its transpose; for this it must be
written in functions that can be differentiated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .core import make_vjp
from .extend import defjvp, defvjp, primitive
from .vspace import vspace

VJPMaker = Callable[..., Callable[[Any], Any]] | None
JVPRule = Callable[..., Any] | str | None


def primitive_with(
    *, vjps: Sequence[VJPMaker] | None = None, jvps: Sequence[JVPRule] | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator: a primitive with these derivatives, one rule per argument, None for zero.

    Args:
        vjps: ``(ans, *args, **kwargs) -> (g -> cotangent)``.
        jvps: ``(g, ans, *args, **kwargs) -> tangent``, or "same" where the function is linear.
            Of the two, one may be left out: its mode then uses the transpose of the other.

    Raises:
        TypeError: neither is given, or a rule is of the wrong kind; "same" without `vjps`, for it
            names the very function whose transpose is wanted.
    """
    if vjps is None and jvps is None:
        raise TypeError("primitive_with needs rules: give vjps=, jvps= or both")

    def decorate(fun: Callable[..., Any]) -> Callable[..., Any]:
        wrapped = primitive(fun)
        given_jvps = jvps if jvps is not None else [_pushed_by(maker) for maker in vjps or ()]
        defjvp(wrapped, *given_jvps)
        if vjps is not None:
            defvjp(wrapped, *vjps)
        else:
            defvjp(wrapped, *(_pulled_by(k, rule) for k, rule in enumerate(jvps or ())))
        return wrapped

    return decorate


def custom_vjp(fun: Callable[..., Any], *makers: VJPMaker) -> Callable[..., Any]:
    """`fun` as a primitive with these reverse rules; see `primitive_with`."""
    return primitive_with(vjps=makers)(fun)


def custom_jvp(fun: Callable[..., Any], *rules: JVPRule) -> Callable[..., Any]:
    """`fun` as a primitive with these forward rules; see `primitive_with`."""
    return primitive_with(jvps=rules)(fun)


def _pushed_by(maker: VJPMaker) -> JVPRule:
    """The forward rule that belongs to a reverse rule."""
    if not callable(maker):
        return None

    def rule(g: Any, ans: Any, *args: Any, **kwargs: Any) -> Any:
        transpose, _ = make_vjp(maker(ans, *args, **kwargs), vspace(ans).zeros())
        return transpose(g)

    return rule


def _pulled_by(argnum: int, rule: JVPRule) -> VJPMaker:
    """The reverse rule that belongs to a forward rule."""
    if rule is None:
        return None
    if not callable(rule):
        raise TypeError(
            f"the rule {rule!r} of argument {argnum} can't be transposed: write it as a function"
            " (g, ans, *args, **kwargs) -> tangent, or give vjps= too"
        )
    push_by = rule

    def maker(ans: Any, *args: Any, **kwargs: Any) -> Callable[[Any], Any]:
        def push(v: Any) -> Any:
            return push_by(v, ans, *args, **kwargs)

        transpose, _ = make_vjp(push, vspace(args[argnum]).zeros())
        return transpose

    return maker
