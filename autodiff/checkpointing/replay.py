"""Carry out a checkpoint schedule, for any way of advancing and reversing one step.

This is the seam between schedules and steps: `advance` and `reverse` may trace a Python function,
or call compiled code. Nothing here knows what a state or a cotangent is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .actions import Action, Advance, Restore, Reverse, Store, Turn
from .snapshots import Snapshots, State, copied

AdvanceSteps = Callable[[int, int, State], State]
"""(start, stop, state before step start) -> state before step stop"""
ReverseStep = Callable[[int, State, Any], Any]
"""(n, state before step n, cotangent of the state after it) -> cotangent of the state before it"""


@dataclass
class Paused:
    """A schedule between its two parts: everything that reversing it needs."""

    actions: Iterator[Action]
    snapshots: Snapshots
    state: State


def run_forward(
    actions: Iterator[Action],
    snapshots: Snapshots,
    advance: AdvanceSteps,
    n_last: int,
    state: State,
) -> tuple[State, Paused]:
    """Carry out the first part of a schedule.

    Args:
        n_last: the last step.
        state: before step 0.

    Returns: the state after the last step, and what `run_backward` goes on from.
    """
    try:
        for action in actions:
            if isinstance(action, Turn):
                # The step may reuse its buffers: what it gave before is not safe from it.
                held = copied(state) if n_last > 0 else state
                return advance(n_last, n_last + 1, state), Paused(actions, snapshots, held)
            state = _move(action, snapshots, advance, state)
    except BaseException:
        snapshots.close()
        raise
    raise AssertionError("a schedule without Turn")


def run_backward(
    paused: Paused,
    advance: AdvanceSteps,
    reverse: ReverseStep,
    cotangent: Any,
    keep: bool = False,
) -> Any:
    """Carry out the second part of a schedule.

    Args:
        keep: leave the stored states where they are, for another time.

    Returns: the cotangent of the state before step 0.
    """
    state = paused.state
    if not keep:
        paused.state = []
    try:
        for action in paused.actions:
            if isinstance(action, Reverse):
                cotangent = reverse(action.n, state, cotangent)
                state = []  # nothing keeps it alive while the next one is recomputed
            else:
                state = _move(action, paused.snapshots, advance, state)
    finally:
        if not keep:
            paused.snapshots.close()
    return cotangent


def _move(action: Action, snapshots: Snapshots, advance: AdvanceSteps, state: State) -> State:
    if isinstance(action, Store):
        snapshots.put(action.n, state, action.place)
    elif isinstance(action, Restore):
        return snapshots.get(action.n, action.place, action.last)
    elif isinstance(action, Advance):
        return advance(action.start, action.stop, state)
    return state
