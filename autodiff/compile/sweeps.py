"""The two sweeps of a loop in compiled code: the step forwards, and its vjp backwards.

Each is a program whose table of addresses moves from step to step, see `llvm.driver`: rows of `xs`
and of stored states, two buffers in turn for what is handed on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as onp

from .families import Entry
from .ir import Builder, Program, with_operands
from .llvm.driver import Moves
from .llvm.executable import Executable, executable
from .llvm.support import has_loops
from .operations import Constant
from .passes import loosened
from .residuals import split
from .separate_results import own_result

Arrays = list[Any]


class Sweep:
    """A program that is run again and again.

    Attributes:
        code: the machine code; its inputs are the leaves that the program was recorded with.
        results: shape and dtype of each leaf of the result.
    """

    def __init__(self, code: Executable) -> None:
        self.code = code
        program = code.program
        self.inputs = len(program.inputs)
        self.first_result = self.inputs + len(code.constants)
        self.results = [(program.values[k].shape, program.values[k].dtype) for k in program.outputs]

    def moves(self) -> Moves:
        """A table with its constants and a workspace."""
        size = self.first_result + len(self.results) + 1
        moves = Moves(size)
        for k, array in enumerate(self.code.constants):
            moves.still(self.inputs + k, array)
        moves.still(size - 1, self.code.new_workspace())
        return moves


MOST_KEPT = 10**9
"""Bytes that residuals of all steps may take; past that each step is computed again."""


def sweep_of(entry: Entry) -> Sweep | None:
    """The loop over an entry's program; None where it is not machine code throughout."""
    program = _with_results_of_its_own(entry)
    return None if program is None or not _has_loops(program) else Sweep(executable(program))


def pair_of(entry: Entry, reverse: Entry, steps: int) -> tuple[Sweep, Sweep] | None:
    """The loops over a step and over its reversal, residuals handed from one to the other.

    Args:
        steps: how many there are.
    Returns: None where residuals take more than `MOST_KEPT`, or it is not all machine code.
    """
    forward, backward = map(_with_results_of_its_own, (entry, reverse))
    if forward is None or backward is None:
        return None
    if not (_has_loops(forward) and _has_loops(backward)):
        return None
    parted = split(forward, backward, len(entry.recording.examples), steps)
    if steps * parted.nbytes > MOST_KEPT:
        return None
    return Sweep(executable(parted.forward)), Sweep(executable(parted.reverse))


def _has_loops(program: Program) -> bool:
    return all(
        has_loops(program, k) for k, value in enumerate(program.values) if value.kind != "leaf"
    )


def _with_results_of_its_own(entry: Entry) -> Program | None:
    """The program with an array for each leaf of the result: none is an input or another result."""
    program = loosened(entry.program)
    builder, numbers, outputs = Builder(), list[int](), list[int]()
    for value in program.values:
        numbers.append(builder.add(with_operands(value, [numbers[x] for x in value.operands])))
    found = iter(program.outputs)
    for leaf in entry.recording.outputs:
        if isinstance(leaf, Constant):
            array = onp.asarray(leaf.value)
            if array.dtype.kind not in "biuf":
                return None
            k = builder.constant(array)
        else:
            k = numbers[next(found)]
        if builder.values[k].shape is None:
            return None
        outputs.append(own_result(builder, k, outputs))
    return builder.program(outputs)


_spare: dict[Any, Arrays] = {}


class Rows:
    """Arrays of rows; the last ones that were let go of are used again.

    An outer objective that is evaluated again and again would otherwise ask the system for the same
    pages each time, which takes longer than to fill them.

    Args:
        kinds: (number of rows, shape and dtype of one) of each array.
    """

    def __init__(self, kinds: Sequence[Any]) -> None:
        self._key = tuple(kinds)
        found = _spare.pop(self._key, None)
        self.arrays = found or [onp.empty((n, *shape), dtype) for n, shape, dtype in kinds]

    def __del__(self) -> None:
        _spare.clear()
        _spare[self._key] = self.arrays


class OutOfBoundsError(Exception):
    """An index was out of bounds: NumPy is to run the step, which says it in its own words."""


class LoopSweeps:
    """Both sweeps of one loop, its arrays at hand.

    Args:
        entry: the step's program: closed values, leaves of the state, rows of xs -> leaves of the
            next state and of the output.
        closed, xs: the plain arrays that it closes over, and those whose rows it is given.
        count: how many leaves the state has.
        length: how many steps there are.
    """

    def __init__(
        self, entry: Entry, sweep: Sweep, closed: Arrays, xs: Arrays, count: int, length: int
    ) -> None:
        self.entry = entry
        self.sweep = sweep
        self.closed = [onp.asarray(x) for x in closed]
        self.xs = xs
        self.count = count
        self.length = length
        self.outputs = [onp.empty((length, *s), dtype) for s, dtype in sweep.results[count:]]
        self.states: Arrays | None = None
        self.residuals: Arrays = []
        self._paired: tuple[Any, Sweep] | None = None

    # -- forwards ----------------------------------------------------------------------------------

    def run(self, state: Arrays) -> Arrays:
        """The leaves of the last state, then the stacked outputs.

        Raises: OutOfBoundsError.
        """
        return self.finished(self.advance(0, self.length, state))

    def run_and_keep(
        self, state: Arrays, closed: Sequence[int], followed_xs: Sequence[int]
    ) -> Arrays:
        """As `run`; all states are kept for a reversal that follows these closed values and xs.

        What else it needs is kept too, as long as that is at most `MOST_KEPT`.
        """
        key, sweep = self._followed(closed, followed_xs), self.sweep
        pair = self.entry.sweep_pair(*key, self.length)
        if pair is not None:
            sweep, reverse = pair
            self._paired = key, reverse
        moves = sweep.moves()
        at = self.count + len(self.outputs)
        kinds = [(self.length + 1, *result) for result in sweep.results[: self.count]]
        kinds += [(self.length, *result) for result in sweep.results[at:]]
        self._rows = Rows(kinds)
        states = self._rows.arrays[: self.count]
        for rows, x in zip(states, state):
            rows[0] = x
        self._place_leaves(moves, 0, 1)
        self._place_outputs(moves, sweep, 0)
        for k, rows in enumerate(states):
            moves.rows(len(self.closed) + k, rows, 0, 1)
            moves.rows(sweep.first_result + k, rows, 1, 1)
        self.residuals = self._rows.arrays[self.count :]
        for k, rows in enumerate(self.residuals):
            moves.rows(sweep.first_result + at + k, rows, 0, 1)
        _checked(moves.run(sweep.code, self.length), self.length)
        self.states = states
        return self.finished([rows[-1].copy() for rows in states])

    def advance(self, start: int, stop: int, state: Arrays) -> Arrays:
        """The state after steps `start` to `stop` - 1, in new arrays."""
        pairs = [_buffers(x, *result) for x, result in zip(state, self.sweep.results)]
        moves = self.sweep.moves()
        self._place_leaves(moves, start, 1)
        self._place_outputs(moves, self.sweep, start)
        for k, (one, other) in enumerate(pairs):
            moves.alternate(len(self.closed) + k, one, other)
            moves.alternate(self.sweep.first_result + k, other, one)
        _checked(moves.run(self.sweep.code, stop - start), stop - start)
        return [pair[(stop - start) % 2] for pair in pairs]

    def finished(self, state: Arrays) -> Arrays:
        """The last state's leaves of the types that eager evaluation gives, and the outputs."""
        kinds = self.entry.recording.kinds
        return [_as_kind(x, kind) for x, kind in zip(state, kinds)] + self.outputs

    def _place_leaves(self, moves: Moves, n: int, step: int) -> None:
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
        if self._paired is not None and self._paired[0] == key:
            sweep: Sweep | None = self._paired[1]
            residuals = self.residuals
        else:
            sweep, residuals = self.entry.reverse_sweep(*key), []
        if sweep is None:
            return None
        return Reversal(self, sweep, residuals, list(closed), self._floats(), list(followed_xs))

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


class Reversal:
    """Pulls cotangents back through the steps of a loop.

    Args:
        sweep: the loop over the step's reversal.
        residuals: what it is given besides, row by row.
        closed, state, xs: which of these are followed.

    Attributes:
        sums: the cotangents of what is closed over, so far.
        rows: the cotangents of rows of xs, filled from the last on.
    """

    def __init__(
        self,
        loop: LoopSweeps,
        sweep: Sweep,
        residuals: Arrays,
        closed: list[int],
        state: list[int],
        xs: list[int],
    ) -> None:
        self.loop = loop
        self.sweep = sweep
        self.residuals = residuals
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
        loop._place_leaves(moves, last, -1)
        for k, rows in enumerate(states):
            moves.rows(len(loop.closed) + k, rows, steps - 1, -1)
        at = len(loop.closed) + loop.count + len(loop.xs)
        pairs = [_buffers(g, g.shape, g.dtype) for g in (*self.sums, *bars)]
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
        for k, rows in enumerate(self.residuals):
            moves.rows(at + k, rows, last, -1)
        for k, (one, other) in enumerate(pairs):
            moves.alternate(sweep.first_result + k, other, one)
        for k, x in enumerate(self.rows):
            moves.rows(sweep.first_result + len(pairs) + k, x, last, -1)
        _checked(moves.run(sweep.code, steps), steps)
        ends = [pair[steps % 2] for pair in pairs]
        self.sums = ends[:count]
        return ends[count:]


def _checked(done: int, steps: int) -> None:
    if done != steps:
        raise OutOfBoundsError


def _buffers(x: Any, shape: tuple[int, ...], dtype: Any) -> tuple[Any, Any]:
    """A copy of an array in C order, and room for another."""
    one = onp.empty(shape, dtype)
    one[...] = x
    return one, onp.empty(shape, dtype)


def _as_kind(x: Any, kind: type) -> Any:
    if issubclass(kind, onp.generic):
        return x[()]
    return x.item() if kind in (bool, int, float, complex) else x
