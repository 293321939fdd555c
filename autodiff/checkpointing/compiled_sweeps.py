"""A loop as one operation whose sweeps are machine code, on the same schedules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as onp

from ..tracer import isbox
from .plan import Plan, make_plan
from .replay import Paused, run_backward, run_forward
from .schedules import schedule_of
from .snapshots import Snapshots, State


def run_compiled(loop: Any, state: State, xs: list[Any]) -> State | None:
    """A loop that no trace follows, in one call; None where it cannot be done."""
    sweeps = loop.compiled.sweeps(state, xs, loop.length, None)
    if sweeps is None:
        return None
    from ..compile.llvm.driver import OutOfBoundsError

    try:
        return sweeps.run(state)
    except OutOfBoundsError:
        return None


def compiled_run(reversal: Any) -> State | None:
    """The leaves of the last state, and the stacked outputs; None where it cannot be done.

    Args:
        reversal: the loop's `reversal.Reversal`, whose `sweeps` are set if it can.
    """
    loop, tape = reversal.loop, reversal.tape
    sweeps = loop.compiled.sweeps(reversal.state, reversal.xs, loop.length, tape)
    if sweeps is None:
        return None
    from ..compile.llvm.driver import OutOfBoundsError

    if tape is not None:
        reversal.captured.update(loop.compiled.captured(tape))
    try:
        ends = _run(reversal, sweeps)
    except OutOfBoundsError:
        return None
    reversal.sweeps = sweeps
    return ends


def _run(reversal: Any, sweeps: Any) -> State:
    """The sweep forwards, by segments of steps that will be reversed in one call."""
    _, closed, xs = _followed(reversal)
    length, state = reversal.loop.length, reversal.state
    if reversal.plan.schedule == "store all":
        budget = reversal.plan.budget
        kept = length * sweeps.follow(closed, xs, length)
        if budget is not None and reversal.plan.bytes + kept > budget:
            sweeps.unfollow()
        return sweeps.finished(sweeps.keep(0, length, state, length))
    segments = _segments_of(reversal, sweeps)
    reversal.segments = segments
    end, paused = run_forward(
        schedule_of(segments.plan),
        Snapshots(reversal.loop.folder),
        segments.steps(sweeps.advance),
        segments.plan.length - 1,
        state,
    )
    sweeps.paused.append(paused)
    return sweeps.finished(end)


@dataclass(frozen=True)
class Segments:
    """A loop cut into runs of steps, each of which is one step of a schedule.

    One is run again and kept whole when it is to be reversed, for which a part of the budget is set
    aside.

    Attributes:
        size: how many steps each has; the last one may have fewer.
        length: steps of the loop.
        plan: of the segments.
    """

    size: int
    length: int
    plan: Plan

    def ends(self, n: int) -> tuple[int, int]:
        """The first step of segment `n`, and the step behind it."""
        return n * self.size, min((n + 1) * self.size, self.length)

    def steps(self, advance: Callable[[int, int, State], State]) -> Any:
        """(start, stop, state) -> state, in segments."""
        return lambda start, stop, state: advance(
            start * self.size, min(stop * self.size, self.length), state
        )


def _segments_of(reversal: Any, sweeps: Any) -> Segments:
    """The longest segments that half of the budget can keep."""
    plan, length = reversal.plan, reversal.loop.length
    _, closed, xs = _followed(reversal)
    size = 1
    if plan.states_stored > 2 and plan.state_bytes:
        each = plan.state_bytes + sweeps.follow(closed, xs, plan.states_stored)
        size = max(1, plan.bytes // 2 // each)
    if size == 1:
        sweeps.unfollow()
        return Segments(1, length, plan)
    left = max(plan.bytes - size * each, plan.state_bytes)
    disk = plan.disk_bytes or None
    return Segments(size, length, make_plan(-(-length // size), plan.state_bytes, left, disk))


def compiled_pull(reversal: Any, cotangents: list[Any]) -> list[Any] | None:
    """Cotangents of the parents, from those of the last state and of the stacked outputs.

    None where cotangents are traced, or the vjp of the step is not all machine code.
    """
    if any(map(isbox, cotangents)):
        return None
    keys, closed, xs = _followed(reversal)
    back = reversal.sweeps.reversal(closed, xs)
    if back is None:
        return None
    try:
        bars = _pulled(reversal, back, back.begin(cotangents))
    finally:
        reversal.sweeps.rest()
    found = dict(zip(back.state, bars))
    traced = [found.get(k) for k, key in enumerate(reversal.state_keys) if key is not None]
    sums: dict[int, Any] = {}
    for key, total in zip((key for key in keys if key is not None), back.sums):
        sums[key] = sums[key] + total if key in sums else total
    every = [*traced, *back.rows, *(sums[key] for key in reversal.closed_over)]
    return [x[()] if x is not None and x.shape == () else x for x in every]


def _followed(reversal: Any) -> tuple[list[int | None], list[int], list[int]]:
    """Positions on the tape of what the step closes over; which of that, and of xs, are there."""
    keys = reversal.loop.compiled.keys(reversal.tape)
    closed = [k for k, key in enumerate(keys) if key is not None]
    return keys, closed, [k for k, key in enumerate(reversal.xs_keys) if key is not None]


def _pulled(reversal: Any, back: Any, bars: list[Any]) -> list[Any]:
    sweeps, length = reversal.sweeps, reversal.loop.length
    if reversal.plan.schedule == "store all":
        if not sweeps.has_kept():  # another loop has taken the memory meanwhile
            _run(reversal, sweeps)
        return back.pull([rows[:-1] for rows in sweeps.states], length - 1, bars)
    segments = reversal.segments

    def reverse(n: int, state: State, bars: list[Any]) -> list[Any]:
        start, stop = segments.ends(n)
        if segments.size == 1:
            return back.pull([_as_row(x) for x in state], start, bars)
        sweeps.keep(start, stop, state, segments.size)
        return back.pull([rows[:-1] for rows in sweeps.states], stop - 1, bars)

    advance = segments.steps(sweeps.advance)
    return run_backward(_paused(reversal), advance, reverse, bars)


def _paused(reversal: Any) -> Paused:
    paused = reversal.sweeps.paused
    if not paused:  # an earlier call used the snapshots up
        _run(reversal, reversal.sweeps)
    return paused.pop()


def _as_row(x: Any) -> Any:
    """One state as the only row of several."""
    return onp.ascontiguousarray(x)[None]
