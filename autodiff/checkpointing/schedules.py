"""The schedules: store every state, Revolve, two levels.

Revolve and the two-level schedule come from the package checkpoint-schedules, whose actions are put
into the words of `actions` here. It is imported when a budget asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .actions import Action, Advance, Place, Restore, Reverse, Store, Turn
from .plan import Plan


def schedule_of(plan: Plan) -> Iterator[Action]:
    """The actions of a plan, first to last. There is at least one step."""
    if plan.schedule == "store all":
        return _store_all(plan.length)
    if plan.schedule == "revolve":
        return _revolve(plan.length, plan.states_stored)
    return _two_level(plan.length, plan.period, plan.states_stored)


def after_turn(actions: Iterator[Action]) -> Iterator[Action]:
    """The second part of a schedule."""
    for action in actions:
        if isinstance(action, Turn):
            break
    return actions


def _store_all(length: int) -> Iterator[Action]:
    for n in range(length - 1):
        yield Store(n)
        yield Advance(n, n + 1)
    yield Turn()
    yield Reverse(length - 1)
    for n in reversed(range(length - 1)):
        yield Restore(n)
        yield Reverse(n)


def _revolve(length: int, states: int) -> Iterator[Action]:
    """Source: Griewank and Walther (2000), Algorithm 799: revolve."""
    from checkpoint_schedules import MultistageCheckpointSchedule

    return _translated(MultistageCheckpointSchedule(length, states, 0), length)


def _two_level(length: int, period: int, states: int) -> Iterator[Action]:
    """Source: Goldberg et al. (2020), Geophys. Res. Oceans 125, supporting information."""
    from checkpoint_schedules import StorageType, TwoLevelCheckpointSchedule

    schedule = TwoLevelCheckpointSchedule(period, states, binomial_storage=StorageType.RAM)
    return _translated(schedule, length)


def _translated(schedule: Any, length: int) -> Iterator[Action]:
    import checkpoint_schedules as package

    places: dict[Any, Place] = {
        package.StorageType.RAM: "memory",
        package.StorageType.DISK: "disk",
    }
    turned = False
    for action in schedule:
        if isinstance(action, package.EndReverse):
            return
        if isinstance(action, package.EndForward):
            turned = True
            yield Turn()
        elif isinstance(action, package.Reverse):
            yield from (Reverse(n) for n in action)
        elif isinstance(action, (package.Copy, package.Move)):
            moved = isinstance(action, package.Move)
            yield Restore(action.n, places[action.from_storage], moved)
        else:
            if action.write_ics:
                yield Store(action.n0, places[action.storage])
            # The last step is left to Turn: the state before it must stay in hand.
            stop = action.n1 if turned else min(action.n1, length - 1)
            if not action.write_adj_deps and stop > action.n0:
                yield Advance(action.n0, stop)
            if action.n1 >= length and schedule.max_n is None:
                schedule.finalize(length)
