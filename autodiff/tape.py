"""The tape: what reverse mode records, and the walk back along it.

The tape is flat: one tuple per operation, in the order in which they ran, which already is a
topological order. So the backward pass sorts nothing and looks nothing up; it walks down a list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from .cotangents import PartialContainer, accumulate, densified, sparse_types
from .nodes import VJPNode
from .rules import Pullback, missing_rule, primitive_vjps, single_vjps
from .running import run_traced
from .tracer import isbox, new_box, next_level


class Tape(list[Any]):
    """The operations of one reverse-mode trace, first to last.

    An entry is a tuple ``(pull, i, j, saved)``, in which i and j are the positions of the parents:

    - two parents: ``pull(g, saved)`` gives their two cotangents;
    - one parent, j = -1: ``pull(g, saved)`` gives its cotangent;
    - any number, j = -2, i a tuple of positions: ``pull(g)`` gives an iterable of cotangents, of
      which each may be None (zero) or a SparseObject.

    Operators and common functions record the first two forms with `saved` only what the rule needs,
    and make no closure. Others with one traced argument record the second, `saved` being the
    pullback that their rule made. A root has pull = None and is at position 0.
    """

    __slots__ = ("level",)
    notrace: ClassVar[set[Callable[..., Any]]] = VJPNode.notrace

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
        if len(argnums) == 1 and fun in single_vjps:
            pull = single_vjps[fun](argnums[0], ans, args, kwargs)
            entry: tuple[Any, ...] = (_pull_single, keys[0], -1, pull)
        else:
            entry = (maker(tuple(argnums), ans, args, kwargs), tuple(keys), -2, None)
        box = new_box(ans, self, len(self))
        self.append(entry)
        return box

    def node(self, key: int) -> TapeNode:
        """A position of this tape, as a Node."""
        return TapeNode(self, key)


def _pull_single(g: Any, pull: Pullback) -> Any:
    """Call the pullback of an operation that was recorded by its rule for one argument."""
    return pull(g.dense() if g.__class__ is PartialContainer else g)


class TapeNode(VJPNode):
    """A position of a tape, seen as a node. Made on demand: the tape itself holds no nodes.

    Attributes: tape, position.
    """

    def __init__(self, tape: Tape, position: int) -> None:
        self.tape = tape
        self.position = position

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, TapeNode)
            and other.tape is self.tape
            and other.position == self.position
        )

    def __hash__(self) -> int:
        return hash((id(self.tape), self.position))

    @property
    def parents(self) -> list[TapeNode]:  # type: ignore[override]
        """The nodes of the operands."""
        _, i, j, _ = self.tape[self.position]
        positions = i if j == -2 else [k for k in (i, j) if k >= 0]
        return [TapeNode(self.tape, k) for k in positions]

    def vjp(self, g: Any) -> Any:
        """One cotangent per parent."""
        pull, _, j, saved = self.tape[self.position]
        if pull is None:
            return ()
        return pull(g) if j == -2 else pull(g, saved) if j >= 0 else (pull(g, saved),)


def record_tape(fun: Callable[[Any], Any], x: Any) -> tuple[Tape, int, Any]:
    """Run ``fun(x)`` on a new tape.

    Returns: the tape, the position of the result on it (-1 if the result does not depend on `x`),
    the plain result.
    """
    tape = Tape()
    end = run_traced(fun, new_box(x, tape, 0))
    if isbox(end) and end._owner is tape:
        return tape, end._key, end._value
    return tape, -1, end


def walk_tape(g: Any, tape: Tape, end: int, free: bool = False) -> Any:
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
            if cotangents[i] is None and gi.__class__ not in sparse_types:
                cotangents[i] = gi
            else:
                accumulate(cotangents, owned, i, gi)
        else:
            for position, gi in zip(i, pull(densified(g))):
                if cotangents[position] is None and gi.__class__ not in sparse_types:
                    cotangents[position] = gi
                else:
                    accumulate(cotangents, owned, position, gi)
        # Nothing may keep this operation's arrays alive while the next rule allocates its own.
        g = gi = gj = previous = saved = pull = None
    return densified(cotangents[0])
