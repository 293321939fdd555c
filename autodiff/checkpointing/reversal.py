"""A loop as one operation of a tape: its states on a schedule, its steps recorded one at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as onp

from .. import numpy as np
from ..core import Tape
from ..nests import is_differentiable, nbytes
from ..tracer import isbox, new_box
from ..vspace import vspace
from .compiled_sweeps import compiled_pull, compiled_run
from .plan import Plan
from .replay import Paused, run_backward, run_forward
from .rows import Rows
from .schedules import after_turn, schedule_of
from .segments import Sums, on, pull_back, run_unrecorded
from .snapshots import Snapshots, State

_tape_ends = threading.RLock()
"""Held while steps that close over values of a tape, which other threads may be walking at the same
time, are recorded at its end and cut off again."""


@dataclass(frozen=True)
class Loop:
    """A function to be run `length` times.

    Attributes:
        step: ``(n, leaves of the state, leaves of xs at n) -> leaves of the next state, and behind
            them those of the step's output``, if it has one.
        plan: gives the plan from the bytes of one state.
        folder: where states on disk go; None for the system's place.
        stacked: whether steps have outputs.
        compiled: the step as a compiled program (`compile.steps.CompiledStep`), if `step` is that.
    """

    step: Callable[[int, State, list[Any]], State]
    length: int
    plan: Callable[[int], Plan]
    folder: str | Path | None = None
    stacked: bool = False
    compiled: Any = None

    def parted(self, ends: State, count: int) -> tuple[State, State]:
        """What belongs to the state, which has `count` leaves, and what to the outputs."""
        return (ends[:count], ends[count:]) if self.stacked else (ends, [])


def record_loop(
    loop: Loop, state: State, xs: list[Any], tape: Tape, check: Callable[[State], None]
) -> State:
    """Run a loop of at least one step; on `tape` it is one operation.

    Args:
        check: called with each state, boxes of `tape` removed; raises if it is not as expected.

    Returns: the leaves of the last state and the stacked outputs, those that can have a derivative
    as boxes of `tape`.
    """
    reversal = Reversal(loop, state, xs, tape, check)
    ends = [writable(end) for end in reversal.run()]
    parents = reversal.parents()
    outputs = [k for k, end in enumerate(ends) if is_differentiable(end)]
    if not parents or not outputs:
        return ends
    # The operation must not keep the tape that it is on alive, if it can do without.
    reversal.check = _pass
    if not reversal.captured:
        reversal.tape = None
    position, count = len(tape), len(ends)
    tape.append((lambda g: reversal.pull(_one_each(g, outputs, count)), parents, -2, None))
    if len(outputs) == 1:
        ends[outputs[0]] = new_box(ends[outputs[0]], tape, position)
    else:
        together = new_box(tuple(ends[k] for k in outputs), tape, position)
        for j, k in enumerate(outputs):
            ends[k] = together[j]
    return ends


def _pass(state: State) -> None:
    """Steps that are run again were checked before."""


def _one_each(g: Any, outputs: Sequence[int], count: int) -> list[Any]:
    """Cotangents of all leaves of a state from those of the outputs."""
    if len(outputs) == 1:
        return [g if k == outputs[0] else None for k in range(count)]
    given = {k: g[j] for j, k in enumerate(outputs)}
    return [given.get(k) for k in range(count)]


class Reversal:
    """What the backward pass needs to know of a loop; `pull` may be called any number of times."""

    def __init__(
        self,
        loop: Loop,
        state: State,
        xs: list[Any],
        tape: Tape,
        check: Callable[[State], None],
    ) -> None:
        self.loop = loop
        self.tape: Tape | None = tape
        self.check = check
        self.state_keys = [leaf._key if on(tape, leaf) else None for leaf in state]
        self.xs_keys = [x._key if on(tape, x) else None for x in xs]
        self.state = [leaf._value if on(tape, leaf) else leaf for leaf in state]
        self.xs = [x._value if on(tape, x) else x for x in xs]
        self.captured: set[int] = set()
        self.closed_over: list[int] = []
        self.plan = loop.plan(sum(map(nbytes, self.state)))
        self.sweeps: Any = None
        self.segments: Any = None
        self.paused: list[Paused] = []
        """Left by a forward run for one backward run: at most one entry, taken by whoever pops."""

    def run(self) -> State:
        """The leaves of the last state, and the stacked outputs; what `pull` needs is kept."""
        if self.loop.compiled is not None:
            found = compiled_run(self)
            if found is not None:
                return found
        return self.run_by_steps()

    def run_by_steps(self) -> State:
        """As `run`, step by step. What a backward run needs is left in `paused`."""
        snapshots, outputs = Snapshots(self.loop.folder), Rows(self.loop.length)

        def advance(start: int, stop: int, state: State) -> State:
            for n in range(start, stop):
                state, output = self.loop.parted(self.run_step(n, state), len(state))
                outputs.put(n, output)
            return state

        ends, paused = run_forward(
            schedule_of(self.plan), snapshots, advance, self.loop.length - 1, self.state
        )
        self.paused.append(paused)
        return ends + outputs.stacked()

    def parents(self) -> tuple[int, ...]:
        """Positions on the tape that the last state depends on, after the first run."""
        self.closed_over = sorted(self.captured)
        operands = [key for key in self.state_keys + self.xs_keys if key is not None]
        return (*operands, *self.closed_over)

    def advance(self, start: int, stop: int, state: State) -> State:
        """The state before step `stop` from that before step `start`."""
        for n in range(start, stop):
            state = self.loop.parted(self.run_step(n, state), len(state))[0]
        return state

    def run_step(self, n: int, state: State) -> State:
        """The state after step `n` and its outputs, leaving nothing on the tape."""
        x = [row(leaf, n) for leaf in self.xs]
        ends: State | None = None
        if self.tape is None:
            ends = self.loop.step(n, state, x)
        elif self.loop.compiled is not None:
            self.captured.update(self.loop.compiled.captured(self.tape))
            ends = self.loop.compiled.advance(n, state, x, self.tape)
        if ends is None:
            assert self.tape is not None
            ends = run_unrecorded(
                lambda leaves: self.loop.step(n, leaves, x), state, self.tape, self.captured
            )
        self.check(ends)
        return [_settled(end) for end in ends]

    def pull(self, cotangents: list[Any]) -> list[Any]:
        """Cotangents of the parents, from those of the last state and of the stacked outputs."""
        with _tape_ends if self.captured else nullcontext():
            return self._pull(cotangents)

    def _pull(self, cotangents: list[Any]) -> list[Any]:
        if self.sweeps is not None:
            found = compiled_pull(self, cotangents)
            if found is not None:
                return found
        count = len(self.state)
        cotangents, output_bars = self.loop.parted(cotangents, count)
        sums = Sums()
        rows: list[dict[int, Any]] = [{} for _ in self.xs]
        followed_xs = [key is not None for key in self.xs_keys]

        def reverse(n: int, state: State, cotangents: list[Any]) -> list[Any]:
            cotangents = cotangents + [row(g, n) for g in output_bars]
            if all(g is None for g in cotangents):
                return [None] * count
            x = [row(leaf, n) for leaf in self.xs]
            follow = self._followed(n, state) + followed_xs
            bars = None
            if self.loop.compiled is not None:
                bars = self.loop.compiled.pull(state, x, follow, cotangents, self.tape, sums)
            if bars is None:
                bars = pull_back(
                    lambda leaves: self.loop.step(n, leaves[:count], leaves[count:]),
                    state + x,
                    follow,
                    cotangents,
                    self.tape,
                    sums,
                )
            for k, g in enumerate(bars[count:]):
                if g is not None:
                    rows[k][n] = g
            return bars[:count]

        bars = self._run_backward(reverse, cotangents)
        if not sums.keys() <= set(self.closed_over):
            raise RuntimeError(
                "a step that was run again used other traced values than the first time: steps and"
                " checkpointed functions must do the same each time"
            )
        traced = [g for g, key in zip(bars, self.state_keys) if key is not None]
        stacked = [_stacked(rows[k], x) for k, x in enumerate(self.xs) if followed_xs[k]]
        return [*traced, *stacked, *map(sums.take, self.closed_over)]

    def _run_backward(self, reverse: Any, cotangents: list[Any]) -> Any:
        keep = self.plan.schedule == "store all"
        try:
            paused = self.paused[0] if keep else self.paused.pop()
        except IndexError:  # an earlier call used the snapshots up
            self.run_by_steps()
            paused = self.paused[0] if keep else self.paused.pop()
        if keep:
            actions = after_turn(schedule_of(self.plan))
            paused = Paused(actions, paused.snapshots, paused.state)
        return run_backward(paused, self.advance, reverse, cotangents, keep)

    def _followed(self, n: int, state: State) -> list[bool]:
        if n == 0:
            return [key is not None for key in self.state_keys]
        return [is_differentiable(leaf) for leaf in state]


def row(x: Any, n: int) -> Any:
    """``x[n]``; None has no rows."""
    return None if x is None else x[n]


def _stacked(rows: dict[int, Any], x: Any) -> Any:
    """The cotangent of stacked rows, zero where a row has none."""
    if not rows:
        return None
    if not any(map(isbox, rows.values())):
        g = vspace(x).zeros()
        for n, g_row in rows.items():
            g[n] = g_row
        return g
    zeros = vspace(x[0]).zeros()
    return np.stack([rows.get(n, zeros) for n in range(len(x))])


def _settled(end: Any) -> Any:
    """An array in contiguous memory. A stored copy of it then has the very same layout, so that
    recomputed steps add up in the same order as stored ones."""
    if type(end) is onp.ndarray and not (end.flags.c_contiguous or end.flags.f_contiguous):
        return end.copy(order="K")
    return end


def writable(end: Any) -> Any:
    """Steps get read-only views; one that hands its argument on must not hand that on too."""
    return end.copy(order="K") if type(end) is onp.ndarray and not end.flags.writeable else end
