"""A loop as one operation whose sweeps are machine code, on the same schedules."""

from __future__ import annotations

from typing import Any

import numpy as onp

from ..tracer import isbox
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
    if reversal.plan.schedule == "store all":
        return sweeps.run_and_keep(reversal.state, *_followed(reversal)[1:])
    snapshots = Snapshots(reversal.loop.folder)
    end, paused = run_forward(
        schedule_of(reversal.plan), snapshots, sweeps.advance, reversal.loop.length - 1,
        reversal.state,
    )  # fmt: skip
    reversal.paused.append(paused)
    return sweeps.finished(end)


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
    bars = _pulled(reversal, back, back.begin(cotangents))
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
        return back.pull([rows[:-1] for rows in sweeps.states], length - 1, bars)

    def reverse(n: int, state: State, bars: list[Any]) -> list[Any]:
        return back.pull([_as_row(x) for x in state], n, bars)

    return run_backward(_paused(reversal), sweeps.advance, reverse, bars)


def _paused(reversal: Any) -> Paused:
    try:
        return reversal.paused.pop()
    except IndexError:  # an earlier call used the snapshots up
        _run(reversal, reversal.sweeps)
        return reversal.paused.pop()


def _as_row(x: Any) -> Any:
    """One state as the only row of several."""
    return onp.ascontiguousarray(x)[None]
