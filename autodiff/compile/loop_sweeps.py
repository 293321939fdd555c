"""Both sweeps of a loop in compiled code, over rows of `xs` and of stored states.

What is handed on from step to step lies in two buffers in turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as onp

from .families import Entry
from .kept_rows import Rows
from .llvm.driver import Moves, two_buffers
from .loop_reversal import Reversal
from .sweeps import Arrays, Sweep


class LoopSweeps:
    """Both sweeps of one loop, its arrays at hand.

    Args:
        entry: the step's program: closed values, leaves of the state, rows of xs -> leaves of the
            next state and of the output.
        closed, xs: the plain values that it closes over, and arrays whose rows it is given.
        state: the leaves of the first one.
        length: how many steps there are.

    Attributes:
        states, residuals: what `keep` kept last.
        paused: left by a forward run on a schedule for one backward run.
    """

    def __init__(
        self, entry: Entry, sweep: Sweep, closed: Arrays, xs: Arrays, state: Arrays, length: int
    ) -> None:
        self.entry = entry
        self.sweep = sweep
        self.closed = [onp.asarray(x) for x in closed]
        self.xs = xs
        self.count = count = len(state)
        self.length = length
        self._first = [*closed, *state, *(x[0] for x in xs)]  # the leaves of the first step
        self.outputs = [onp.empty((length, *s), dtype) for s, dtype in sweep.results[count:]]
        self.states: Arrays = []
        self.residuals: Arrays = []
        self.paused: list[Any] = []
        self._rows: Rows | None = None
        self._pair: tuple[Sweep, Sweep] | None = None
        self._key: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())

    # -- forwards ----------------------------------------------------------------------------------

    def run(self, state: Arrays) -> Arrays:
        """The leaves of the last state, then the stacked outputs.

        Raises: OutOfBoundsError.
        """
        return self.finished(self.advance(0, self.length, state))

    def follow(self, closed: Sequence[int], followed_xs: Sequence[int], steps: int) -> int:
        """Get ready to keep up to so many steps at once for `reversal`.

        What their reversal needs besides the states is kept too, where that is cheaper than to
        compute it again and takes at most `MOST_KEPT`.

        Args:
            closed, followed_xs: which closed values and which xs are followed.
        Returns: the bytes that are kept of a step besides its state.
        """
        self._key = self._followed(closed, followed_xs)
        self._pair = self.entry.sweep_pair(*self._key, self._first, steps)
        if self._pair is None:
            return 0
        at = self.count + len(self.outputs)
        return sum(prod(s) * dtype.itemsize for s, dtype in self._pair[0].results[at:])

    def has_kept(self) -> bool:
        """Whether what was kept is still there, and stays until `rest`."""
        return self._rows is not None and self._rows.wake() is not None

    def rest(self) -> None:
        """Let other loops have the memory of what was kept."""
        if self._rows is not None:
            self._rows.rest()

    def unfollow(self) -> None:
        """Keep nothing: steps are reversed one at a time."""
        self._pair = None

    def keep(self, start: int, stop: int, state: Arrays, room: int) -> Arrays:
        """As `advance`; the states before each step are kept for `Reversal.pull`.

        Args:
            room: for how many steps there is to be room at least, for other calls to use again.
        """
        sweep = self.sweep if self._pair is None else self._pair[0]
        at, steps = self.count + len(self.outputs), stop - start
        kinds = [(room + 1, *result) for result in sweep.results[: self.count]]
        kinds += [(room, *result) for result in sweep.results[at:]]
        rows = None if self._rows is None else self._rows.wake()
        if rows is None:
            self._rows = Rows(kinds)
            rows = self._rows.wake()
        assert rows is not None
        self.states = [x[: steps + 1] for x in rows[: self.count]]
        self.residuals = [x[:steps] for x in rows[self.count :]]
        moves = sweep.moves()
        self.place_leaves(moves, start, 1)
        self._place_outputs(moves, sweep, start)
        for k, (kept, x) in enumerate(zip(self.states, state)):
            kept[0] = x
            moves.rows(len(self.closed) + k, kept, 0, 1)
            moves.rows(sweep.first_result + k, kept, 1, 1)
        for k, kept in enumerate(self.residuals):
            moves.rows(sweep.first_result + at + k, kept, 0, 1)
        moves.run(sweep.code, steps)
        return [kept[-1].copy() for kept in self.states]

    def advance(self, start: int, stop: int, state: Arrays) -> Arrays:
        """The state after steps `start` to `stop` - 1, in new arrays."""
        pairs = [two_buffers(x, *result) for x, result in zip(state, self.sweep.results)]
        moves = self.sweep.moves()
        self.place_leaves(moves, start, 1)
        self._place_outputs(moves, self.sweep, start)
        for k, (one, other) in enumerate(pairs):
            moves.alternate(len(self.closed) + k, one, other)
            moves.alternate(self.sweep.first_result + k, other, one)
        moves.run(self.sweep.code, stop - start)
        return [pair[(stop - start) % 2] for pair in pairs]

    def finished(self, state: Arrays) -> Arrays:
        """The last state's leaves of the types that eager evaluation gives, and the outputs."""
        kinds = self.entry.recording.kinds
        return [_as_kind(x, kind) for x, kind in zip(state, kinds)] + self.outputs

    def place_leaves(self, moves: Moves, n: int, step: int) -> None:
        """What the step closes over, and the rows of xs from row n on."""
        for k, x in enumerate(self.closed):
            moves.still(k, x)
        at = len(self.closed) + self.count
        for k, x in enumerate(self.xs):
            moves.rows(at + k, x, n, step)

    def _place_outputs(self, moves: Moves, sweep: Sweep, n: int) -> None:
        for k, rows in enumerate(self.outputs):
            moves.rows(sweep.first_result + self.count + k, rows, n, 1)

    # -- backwards ---------------------------------------------------------------------------------

    def reversal(self, closed: Sequence[int], followed_xs: Sequence[int]) -> Reversal | None:
        """The way back, for these closed values and xs; None where it is no machine code."""
        key = self._followed(closed, followed_xs)
        paired = self._pair is not None and self._key == key
        sweep = (
            self._pair[1] if paired and self._pair else self.entry.reverse_sweep(*key, self._first)
        )
        if sweep is None:
            return None
        return Reversal(self, sweep, paired, list(closed), self._floats(), list(followed_xs))

    def _floats(self) -> list[int]:
        """The leaves of the state that have derivatives."""
        return [k for k in range(self.count) if self.sweep.results[k][1].kind in "fc"]

    def _followed(
        self, closed: Sequence[int], followed_xs: Sequence[int]
    ) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The arguments of the step whose cotangents are summed up, and the others followed."""
        at = len(self.closed)
        state = [at + k for k in self._floats()]
        return tuple(closed), (*state, *(at + self.count + k for k in followed_xs))


def _as_kind(x: Any, kind: type) -> Any:
    if issubclass(kind, onp.generic):
        return x[()]
    return x.item() if kind in (bool, int, float, complex) else x
