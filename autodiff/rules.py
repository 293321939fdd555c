"""The derivatives of primitives: the tables, and the functions that fill them in.

| task | here |
|---|---|
| reverse rules | `defvjp`, `defvjp_argnum`, `defvjp_argnums` |
| forward rules | `defjvp`, `defjvp_argnum`, `defjvp_argnums`, `def_linear` |
| both at once, for functions of one array, entry by entry | `def_elementwise` |
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from .cotangents import sum_cotangents

Pullback = Callable[..., Any]
Maker = Callable[[tuple[int, ...], Any, tuple[Any, ...], dict[str, Any]], Pullback]

direct_vjps: dict[Callable[..., Any], tuple[Pullback, bool]] = {}
"""primitive of one argument -> (pull(g, saved), whether saved is the answer, not the argument)"""
single_vjps: dict[Callable[..., Any], Callable[..., Pullback]] = {}
"""primitive -> maker(argnum, ans, args, kwargs) -> (g -> cotangent), for one traced argument"""
withdrawals: dict[Callable[..., Any], Callable[[], None]] = {}
"""primitive -> what to call when its reverse rule changes: takes back short cuts around the rule"""


class ReverseRules(dict[Callable[..., Any], Maker]):
    """primitive -> maker(argnums, ans, args, kwargs) -> (g -> one cotangent per argnum).

    Some primitives are recorded by a short cut that does not look here. Changing an entry, through
    `defvjp` or by hand, takes the short cut away, so that what is here is always what is used.
    """

    def __setitem__(self, fun: Callable[..., Any], maker: Maker) -> None:
        _withdraw(fun)
        super().__setitem__(fun, maker)

    def __delitem__(self, fun: Callable[..., Any]) -> None:
        _withdraw(fun)
        super().__delitem__(fun)

    def pop(self, fun: Callable[..., Any], *default: Any) -> Any:
        """Remove a rule and return it."""
        _withdraw(fun)
        return super().pop(fun, *default)


def _withdraw(fun: Callable[..., Any]) -> None:
    direct_vjps.pop(fun, None)
    single_vjps.pop(fun, None)
    withdraw = withdrawals.pop(fun, None)
    if withdraw is not None:
        withdraw()


primitive_vjps: dict[Callable[..., Any], Maker] = ReverseRules()
primitive_jvps: dict[Callable[..., Any], Callable[..., Any]] = {}
"""primitive -> rule(argnums, tangents, ans, args, kwargs) -> tangent"""

# -- reverse rules ---------------------------------------------------------------------------------


def defvjp_argnums(fun: Callable[..., Any], maker: Maker) -> None:
    """Reverse rule for all arguments at once, for rules that share work.

    Args:
        maker: ``(argnums, ans, args, kwargs) -> (g -> iterable of cotangents, one per argnum)``.
    """
    primitive_vjps[fun] = maker


def defvjp_argnum(
    fun: Callable[..., Any],
    maker: Callable[[int, Any, tuple[Any, ...], dict[str, Any]], Pullback],
) -> None:
    """One reverse rule for any argument: ``(argnum, ans, args, kwargs) -> (g -> cotangent)``."""

    def vjp_argnums(
        argnums: tuple[int, ...], ans: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Pullback:
        pulls = [maker(argnum, ans, args, kwargs) for argnum in argnums]
        return lambda g: [pull(g) for pull in pulls]

    defvjp_argnums(fun, vjp_argnums)
    single_vjps[fun] = maker


def defvjp(
    fun: Callable[..., Any],
    *makers: Callable[..., Pullback] | None,
    argnums: Iterable[int] | None = None,
) -> None:
    """Reverse rules, one per argument: ``maker(ans, *args, **kwargs) -> (g -> cotangent)``.

    A maker runs while the function is recorded. What its closure captures stays in memory until the
    backward pass is over: capture only what the rule needs. None stands for a derivative of zero.

    Args:
        argnums: the arguments that `makers` belong to; the first ones by default.

    Raises:
        TypeError: a maker is neither callable nor None.

    Source: CSC321 lecture 10, slide 15.
    """
    rules = dict(zip(range(len(makers)) if argnums is None else argnums, makers))
    for argnum, maker in rules.items():
        if maker is not None and not callable(maker):
            raise TypeError(
                f"defvjp of {name_of(fun)}: the rule of argument {argnum} must be a function"
                f" (ans, *args, **kwargs) -> (g -> cotangent) or None, got {maker!r}"
            )

    def vjp_argnums(
        argnums: tuple[int, ...], ans: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Pullback:
        try:
            chosen = [rules[argnum] for argnum in argnums]
        except KeyError:
            raise missing_rule(fun, "VJP", [k for k in argnums if k not in rules]) from None
        pulls = [maker and maker(ans, *args, **kwargs) for maker in chosen]
        return lambda g: [pull and pull(g) for pull in pulls]

    def vjp_argnum(argnum: int, ans: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        try:
            maker = rules[argnum]
        except KeyError:
            raise missing_rule(fun, "VJP", (argnum,)) from None
        return _no_cotangent if maker is None else maker(ans, *args, **kwargs)

    defvjp_argnums(fun, vjp_argnums)
    single_vjps[fun] = vjp_argnum


def _no_cotangent(g: Any) -> None:
    """The pullback of an argument that nothing flows to."""


# -- forward rules ---------------------------------------------------------------------------------


def defjvp_argnums(fun: Callable[..., Any], rule: Callable[..., Any]) -> None:
    """Forward rule for all arguments at once: ``(argnums, tangents, ans, args, kwargs)``."""
    primitive_jvps[fun] = rule


def defjvp_argnum(fun: Callable[..., Any], rule: Callable[..., Any]) -> None:
    """One forward rule for any argument: ``(argnum, g, ans, args, kwargs) -> tangent``."""

    def jvp_argnums(
        argnums: tuple[int, ...],
        tangents: Sequence[Any],
        ans: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        parts = [rule(k, g, ans, args, kwargs) for k, g in zip(argnums, tangents)]
        return sum_cotangents(parts, ans)

    defjvp_argnums(fun, jvp_argnums)


def defjvp(
    fun: Callable[..., Any],
    *rules: Callable[..., Any] | str | None,
    argnums: Iterable[int] | None = None,
) -> None:
    """Forward rules, one per argument: ``rule(g, ans, *args, **kwargs) -> tangent of ans``.

    The string "same" says that `fun` is linear in that argument; None, that its derivative is zero.

    Raises:
        TypeError: a rule is neither callable nor one of these two.
    """
    chosen = dict(zip(range(len(rules)) if argnums is None else argnums, rules))
    for argnum, rule in chosen.items():
        if rule is not None and rule != "same" and not callable(rule):
            raise TypeError(
                f"defjvp of {name_of(fun)}: the rule of argument {argnum} must be a function"
                f' (g, ans, *args, **kwargs) -> tangent, "same" or None, got {rule!r}'
            )

    def jvp_argnum(
        argnum: int, g: Any, ans: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        try:
            rule: Any = chosen[argnum]
        except KeyError:
            raise missing_rule(fun, "JVP", [argnum]) from None
        if rule is None:
            return None
        if rule == "same":
            return fun(*args[:argnum], g, *args[argnum + 1 :], **kwargs)
        return rule(g, ans, *args, **kwargs)

    defjvp_argnum(fun, jvp_argnum)


def def_linear(fun: Callable[..., Any]) -> None:
    """Say that `fun` is linear in each argument separately: its JVP is `fun` of the tangent."""
    defjvp_argnum(
        fun,
        lambda argnum, g, ans, args, kwargs: fun(*args[:argnum], g, *args[argnum + 1 :], **kwargs),
    )


# -- both ------------------------------------------------------------------------------------------


def def_elementwise(
    fun: Callable[..., Any], pull: Callable[[Any, Any], Any], *, keeps_answer: bool = False
) -> None:
    """Both rules of a holomorphic function of one array, entry by entry.

    Its Jacobian is diagonal, so one formula pulls cotangents back and pushes tangents forward.

    Args:
        pull: ``(g, saved) -> g times the derivative``, where saved is the argument, or the answer.
        keeps_answer: the derivative is written in terms of the answer.
    """

    def maker(ans: Any, x: Any) -> Pullback:
        saved = ans if keeps_answer else x
        return lambda g: pull(g, saved)

    defvjp(fun, maker)
    defjvp(fun, lambda g, ans, x: pull(g, ans if keeps_answer else x))
    direct_vjps[fun] = (pull, keeps_answer)


def missing_rule(fun: Callable[..., Any], kind: str, argnums: Sequence[int]) -> NotImplementedError:
    """The error for a primitive that has no rule of this kind for some of its arguments."""
    return NotImplementedError(
        f"the {kind} of {name_of(fun)} with respect to argument(s)"
        f" {', '.join(map(str, argnums))} is not defined;"
        f" give it one with autodiff.extend.def{kind.lower()}"
    )


def name_of(fun: Callable[..., Any]) -> str:
    """What error messages call a function."""
    return getattr(fun, "__name__", repr(fun))
