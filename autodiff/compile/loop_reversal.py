"""The way back through a loop: its reverse sweep, in one go or from checkpoint to checkpoint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as onp

from .llvm.driver import two_buffers
from .sweeps import Arrays, Sweep

if TYPE_CHECKING:
    from .loop_sweeps import LoopSweeps


class Reversal:
    """Pulls cotangents back through the steps of a loop.

    Args:
        sweep: the loop over the step's reversal.
        paired: whether it is given residuals that the loop kept, too.
        closed, state, xs: which of these are followed.

    Attributes:
        sums: the cotangents of what is closed over, so far.
        rows: the cotangents of rows of xs, filled from the last on.
    """

    def __init__(
        self,
        loop: LoopSweeps,
        sweep: Sweep,
        paired: bool,
        closed: list[int],
        state: list[int],
        xs: list[int],
    ) -> None:
        self.loop = loop
        self.sweep = sweep
        self.paired = paired
        self.state = state
        self.sums = [onp.zeros_like(loop.closed[k]) for k in closed]
        self.rows = [onp.zeros(loop.xs[k].shape, loop.xs[k].dtype) for k in xs]
        self.output_bars: Arrays = []

    def begin(self, cotangents: Sequence[Any]) -> Arrays:
        """The cotangents of the last state's floats, from those of all ends (None for none)."""
        loop, types = self.loop, self.loop.sweep.results
        every = [
            onp.asarray(g, dtype) if g is not None else onp.zeros(shape, dtype)
            for g, (shape, dtype) in zip(cotangents[: loop.count], types)
        ]
        for g, (shape, dtype) in zip(cotangents[loop.count :], types[loop.count :]):
            if dtype.kind in "fc":
                rows = (
                    g
                    if g is not None
                    else onp.broadcast_to(onp.zeros(1, dtype), (loop.length, *shape))
                )
                self.output_bars.append(onp.ascontiguousarray(rows, dtype))
        return [every[k] for k in self.state]

    def pull(self, states: Arrays, last: int, bars: Arrays) -> Arrays:
        """Cotangents of the state before the first of the steps whose states are given.

        Args:
            states: before steps ..., `last`, as rows.
            bars: cotangents of the state after step `last`.
        Raises: OutOfBoundsError.
        """
        loop, sweep = self.loop, self.sweep
        steps = len(states[0]) if states else last + 1
        moves = sweep.moves()
        loop.place_leaves(moves, last, -1)
        for k, rows in enumerate(states):
            moves.rows(len(loop.closed) + k, rows, steps - 1, -1)
        at = len(loop.closed) + loop.count + len(loop.xs)
        pairs = [two_buffers(g, g.shape, g.dtype) for g in (*self.sums, *bars)]
        count = len(self.sums)
        for k, (one, other) in enumerate(pairs[count:]):
            moves.alternate(at + k, one, other)
        at += len(bars)
        for k, g in enumerate(self.output_bars):
            moves.rows(at + k, g, last, -1)
        at += len(self.output_bars)
        for k, (one, other) in enumerate(pairs[:count]):
            moves.alternate(at + k, one, other)
        at += count
        for k, rows in enumerate(loop.residuals if self.paired else ()):
            moves.rows(at + k, rows, steps - 1, -1)
        for k, (one, other) in enumerate(pairs):
            moves.alternate(sweep.first_result + k, other, one)
        for k, x in enumerate(self.rows):
            moves.rows(sweep.first_result + len(pairs) + k, x, last, -1)
        moves.run(sweep.code, steps)
        ends = [pair[steps % 2] for pair in pairs]
        self.sums = ends[:count]
        return ends[count:]
