"""Reverse and forward mode: the tape, the backward pass, tangents pushed along.

| task | here |
|---|---|
| record a function for reverse mode | `Tape`, `record_tape` |
| pull a cotangent back through it | `backward_pass`, `make_vjp`, `pull_back_once` |
| push a tangent forward | `JVPTrace`, `make_jvp` |
| say what a primitive's derivatives are | `defvjp`, `defjvp` and their kin, from `rules` |

The tape is flat: one tuple per operation, in the order in which they ran, which already is a
topological order. So the backward pass sorts nothing and looks nothing up; it walks down a list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from .cotangents import SparseObject, accumulate, add_outgrads, sum_outgrads
from .rules import (
    Pullback,
    def_elementwise,
    def_linear,
    defjvp,
    defjvp_argnum,
    defjvp_argnums,
    defvjp,
    defvjp_argnum,
    defvjp_argnums,
    direct_vjps,
    missing_rule,
    primitive_jvps,
    primitive_vjps,
)
from .tracer import isbox, new_box, next_level
from .vspace import VSpace, vspace

__all__ = [
    "JVPTrace",
    "Pullback",
    "SparseObject",
    "Tape",
    "VSpace",
    "add_outgrads",
    "backward_pass",
    "def_elementwise",
    "def_linear",
    "defjvp",
    "defjvp_argnum",
    "defjvp_argnums",
    "defvjp",
    "defvjp_argnum",
    "defvjp_argnums",
    "direct_vjps",
    "make_jvp",
    "make_vjp",
    "primitive_jvps",
    "primitive_vjps",
    "pull_back_once",
    "record_tape",
    "sum_outgrads",
    "vspace",
]

# -- reverse mode ----------------------------------------------------------------------------------


class Tape(list[Any]):
    """The operations of one reverse-mode trace, first to last.

    An entry is a tuple ``(pull, i, j, saved)``, in which i and j are the positions of the parents:

    - two parents: ``pull(g, saved)`` gives their two cotangents;
    - one parent, j = -1: ``pull(g, saved)`` gives its cotangent;
    - any number, j = -2, i a tuple of positions: ``pull(g)`` gives an iterable of cotangents, of
      which each may be None (zero) or a SparseObject.

    The first two forms are what operators and common functions record: `saved` is only what the
    rule needs, and no closure is made. A root has pull = None and is at position 0.
    """

    __slots__ = ("level",)
    notrace: ClassVar[set[Callable[..., Any]]] = set()

    def __init__(self) -> None:
        super().__init__(((None, -1, -1, None),))
        self.level = next_level()

    def record(
        self,
        fun: Callable[..., Any],
        ans: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        argnums: Sequence[int],
        keys: Sequence[int],
    ) -> Any:
        """Append an operation of any primitive, by its registered rule."""
        try:
            maker = primitive_vjps[fun]
        except KeyError:
            raise missing_rule(fun, "VJP", argnums) from None
        pull = maker(tuple(argnums), ans, args, kwargs)
        box = new_box(ans, self, len(self))
        self.append((pull, tuple(keys), -2, None))
        return box

    def node(self, key: int) -> tuple[Tape, int]:
        """What stands for a Node: this tape and a position on it."""
        return (self, key)


def record_tape(fun: Callable[[Any], Any], x: Any) -> tuple[Tape, int, Any]:
    """Run ``fun(x)`` on a new tape.

    Returns: the tape, the position of the result on it (-1 if the result does not depend on `x`),
    the plain result.
    """
    tape = Tape()
    end = fun(new_box(x, tape, 0))
    if isbox(end) and end._owner is tape:
        return tape, end._key, end._value
    return tape, -1, end


def make_vjp(fun: Callable[[Any], Any], x: Any) -> tuple[Callable[[Any], Any], Any]:
    """Run ``fun(x)``; give the function that pulls cotangents of the result back to `x`.

    Returns: ``(vjp, value)``. `vjp` may be called any number of times, also inside other traces.
    """
    tape, end, value = record_tape(fun, x)
    if end < 0:
        return lambda g: vspace(x).zeros(), value
    return lambda g: _or_zeros(backward_pass(g, tape, end), x), value


def pull_back_once(
    g_of: Callable[[Any], Any], fun: Callable[[Any], Any], x: Any
) -> tuple[Any, Any]:
    """Value and cotangent of ``fun`` at `x`, the tape freed entry by entry as it is walked.

    Args:
        g_of: gives the cotangent of the result from the result (and may refuse it).

    Returns: ``(value, x_bar)``; `x_bar` is None when the value does not depend on `x`.
    """
    tape, end, value = record_tape(fun, x)
    g = g_of(value)
    if end < 0:
        return value, None
    return value, _or_zeros(backward_pass(g, tape, end, free=True), x)


def _or_zeros(g: Any, x: Any) -> Any:
    return vspace(x).zeros() if g is None else g


def backward_pass(g: Any, tape: Tape, end: int, free: bool = False) -> Any:
    """Walk `tape` from position `end` to the root, passing cotangents from results to arguments.

    Cotangents live in a list of this call's own, so that tapes can be walked often, by several
    threads, and inside other traces. Each is dropped as soon as it was passed on; with `free`, so
    is each tape entry with what it saved.

    Returns: the cotangent of the root; None if nothing reached it.
    """
    if free:
        del tape[end + 1 :]
    cotangents: list[Any] = [None] * (end + 1)
    cotangents[end] = g
    owned: set[int] = set()
    for k in range(end, 0, -1):
        pull, i, j, saved = tape.pop() if free else tape[k]
        g = cotangents.pop()
        if g is None:
            continue
        if j >= 0:
            gi, gj = pull(g, saved)
            previous = cotangents[i]
            if previous is None:
                cotangents[i] = gi
            elif previous.__class__ is float:
                cotangents[i] = previous + gi
            else:
                accumulate(cotangents, owned, i, gi)
            previous = cotangents[j]
            if previous is None:
                cotangents[j] = gj
            elif previous.__class__ is float:
                cotangents[j] = previous + gj
            else:
                accumulate(cotangents, owned, j, gj)
        elif j == -1:
            gi = pull(g, saved)
            if cotangents[i] is None and gi.__class__ is not SparseObject:
                cotangents[i] = gi
            else:
                accumulate(cotangents, owned, i, gi)
        else:
            for position, gi in zip(i, pull(g)):
                accumulate(cotangents, owned, position, gi)
        # Nothing may keep this operation's arrays alive while the next rule allocates its own.
        g = gi = gj = previous = saved = pull = None
    return cotangents[0]


# -- forward mode ----------------------------------------------------------------------------------


class JVPTrace:
    """A forward-mode trace: the key of a box is its tangent, and nothing is stored."""

    __slots__ = ("level",)
    notrace: ClassVar[set[Callable[..., Any]]] = set()

    def __init__(self) -> None:
        self.level = next_level()

    def record(
        self,
        fun: Callable[..., Any],
        ans: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        argnums: Sequence[int],
        keys: Sequence[Any],
    ) -> Any:
        """Push tangents through an operation, by its registered rule."""
        try:
            rule = primitive_jvps[fun]
        except KeyError:
            raise missing_rule(fun, "JVP", argnums) from None
        return new_box(ans, self, rule(tuple(argnums), keys, ans, args, kwargs))

    def node(self, key: Any) -> Any:
        """What stands for a Node: the tangent."""
        return key


def make_jvp(fun: Callable[[Any], Any], x: Any) -> Callable[[Any], tuple[Any, Any]]:
    """Give the function ``v -> (fun(x), directional derivative of fun at x along v)``.

    `fun` runs again for each `v`.
    """

    def jvp(v: Any) -> tuple[Any, Any]:
        owner = JVPTrace()
        end = fun(new_box(x, owner, v))
        if isbox(end) and end._owner is owner:
            return end._value, end._key
        return end, vspace(end).zeros()

    return jvp
