"""A piece of a program on a tape of its own, or at the end of someone else's, and off again.

While a loop runs forward, its steps must leave nothing on the tapes of the traces around it; in the
backward pass, one step at a time is recorded and pulled back. A step may use boxes of the trace
around it that are not among its arguments: parameters that its closure holds. What it does to them
is recorded on *their* tape. So the step is run with that tape marked, the entries behind the mark
are its recording, and the operands of these entries that lie before the mark are exactly the
values that the step closes over. Afterwards the tape is cut at the mark.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..core import Tape
from ..cotangents import accumulate, densified, sparse_types
from ..running import run_traced
from ..tracer import isbox, new_box

FlatFunction = Callable[[list[Any]], list[Any]]


class Sums(dict[int, Any]):
    """Cotangents by position on a tape, and which of them may be added to in place.

    Attributes: owned.
    """

    def __init__(self) -> None:
        super().__init__()
        self.owned: set[int] = set()

    def __missing__(self, position: int) -> None:
        return None

    def add(self, position: int, g: Any) -> None:
        """Add a cotangent."""
        if position not in self and g.__class__ not in sparse_types:
            if g is not None:
                self[position] = g
        else:
            known: Any = self
            accumulate(known, self.owned, position, g)

    def take(self, position: int) -> Any:
        """Remove and give a cotangent."""
        self.owned.discard(position)
        return self.pop(position, None)


def run_unrecorded(
    fun: FlatFunction, leaves: list[Any], tape: Tape, captured: set[int]
) -> list[Any]:
    """``fun(leaves)``, with `tape` as it was before, and its boxes removed from the result.

    Args:
        captured: gets the positions on `tape` that `fun` used.
    """
    mark = len(tape)
    try:
        ends = _run(fun, leaves, tape)
        captured.update(k for k in _operands(tape, mark) if k < mark)
        # A value that was closed over may be the result itself.
        captured.update(e._key for e in ends if on(tape, e) and e._key < mark)
    finally:
        del tape[mark:]
    return [end._value if on(tape, end) else end for end in ends]


def pull_back(
    fun: FlatFunction,
    leaves: list[Any],
    follow: Sequence[bool],
    cotangents: Sequence[Any],
    tape: Tape | None,
    captured: Sums,
) -> list[Any]:
    """Record ``fun(leaves)``, pull cotangents of its results back, and cut the recording off.

    Args:
        follow: which leaves need a cotangent.
        cotangents: of the results, each may be None (zero).
        tape: the tape of values that `fun` closes over; None if there are none.
        captured: gets the cotangents of these values added.

    Returns: one cotangent per leaf, None for zero and for those not followed.
    """
    tape = Tape() if tape is None else tape
    mark = len(tape)
    try:
        boxes, roots = list(leaves), set()
        for k in range(len(leaves)):
            if follow[k]:
                roots.add(k)
                boxes[k] = new_box(leaves[k], tape, len(tape))
                tape.append((None, -1, -1, None))
        ends = _run(fun, boxes, tape)
        del boxes
        sums = _Segment(tape, mark, captured)
        for end, g in zip(ends, cotangents):
            if g is not None and on(tape, end):
                sums.add(end._key, g)
        del ends
        sums.walk(mark + len(roots))
        bars = iter(sums.cotangents)
        return [densified(next(bars)) if k in roots else None for k in range(len(leaves))]
    finally:
        del tape[mark:]


def _run(fun: FlatFunction, leaves: list[Any], tape: Tape) -> list[Any]:
    """``fun(leaves)``, with this thread marked as inside the trace of `tape`."""
    return run_traced(lambda _: fun(leaves), new_box(0.0, tape, 0))


class _Segment:
    """The entries of a tape from `mark` on, with their cotangents; `captured` has those before."""

    def __init__(self, tape: Tape, mark: int, captured: Sums) -> None:
        self.tape = tape
        self.mark = mark
        self.captured = captured
        self.cotangents: list[Any] = [None] * (len(tape) - mark)
        self._owned: set[int] = set()

    def add(self, position: int, g: Any) -> None:
        """Add to the cotangent of a position on the tape."""
        at = position - self.mark
        if at < 0:
            self.captured.add(position, g)
        elif self.cotangents[at] is None and g.__class__ not in sparse_types:
            self.cotangents[at] = g
        else:
            accumulate(self.cotangents, self._owned, at, g)

    def walk(self, stop: int) -> None:
        """Take entries off the end of the tape down to position `stop`, passing cotangents on."""
        tape, cotangents, add = self.tape, self.cotangents, self.add
        while len(tape) > stop:
            pull, i, j, saved = tape.pop()
            g = cotangents.pop()
            if g is None:
                continue
            if j >= 0:
                gi, gj = pull(g, saved)
                add(i, gi)
                add(j, gj)
            elif j == -1:
                add(i, pull(g, saved))
            else:
                for position, gi in zip(i, pull(densified(g))):
                    add(position, gi)
            # Nothing may keep this operation's arrays alive while the next rule allocates its own.
            g = gi = gj = saved = pull = None


def _operands(tape: Tape, mark: int) -> set[int]:
    """Positions of the operands of all entries from `mark` on."""
    positions: set[int] = set()
    for k in range(mark, len(tape)):
        _, i, j, _ = tape[k]
        if j == -2:
            positions.update(i)
        else:
            positions.update((i, j))
    positions.discard(-1)
    return positions


def on(trace: Any, x: Any) -> bool:
    """Whether `x` is a box of this trace."""
    return isbox(x) and x._owner is trace
