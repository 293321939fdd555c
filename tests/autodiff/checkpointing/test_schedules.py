"""One interpreter runs every schedule and checks every promise that it makes."""

from __future__ import annotations

from typing import Any

import pytest

from autodiff.checkpointing.actions import Advance, Restore, Reverse, Store, Turn
from autodiff.checkpointing.plan import Plan, make_plan
from autodiff.checkpointing.schedules import after_turn, schedule_of

BUDGETS = [
    *[(length, None, None) for length in (1, 2, 3, 10, 37)],
    *[
        (length, states, None)
        for length in (1, 2, 3, 5, 8, 13, 50, 200)
        for states in (1, 2, 3, 4, 7, 20, 49, 199)
    ],
    *[
        (length, states, disk)
        for length in (1, 2, 3, 5, 12, 50, 101)
        for states in (1, 2, 5, 9)
        for disk in (1, 2, 7, 1000)
    ],
    (10_000, 508, None),
    (2_000, 15, 60),
]
"""Steps, states that fit into memory, states that fit on disk."""


class Interpreter:
    """Carries a schedule out on step numbers instead of states."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.hand: int | None = 0  # the step that the state in hand comes before
        self.stored: dict[str, set[int]] = {"memory": set(), "disk": set()}
        self.most = {"memory": 0, "disk": 0}
        self.evaluations = 0
        self.turned = False
        self.to_reverse = plan.length - 1

    def run(self) -> None:
        for action in schedule_of(self.plan):
            getattr(self, type(action).__name__.lower())(action)
        assert self.turned
        assert self.to_reverse == -1

    def store(self, action: Store) -> None:
        assert action.n == self.hand
        assert action.n not in self.stored[action.place]
        self.stored[action.place].add(action.n)
        for place, states in self.stored.items():
            self.most[place] = max(self.most[place], len(states))

    def restore(self, action: Restore) -> None:
        assert action.n in self.stored[action.place]
        if action.last:
            self.stored[action.place].remove(action.n)
        self.hand = action.n

    def advance(self, action: Advance) -> None:
        assert action.start == self.hand
        assert action.start < action.stop
        assert action.stop <= self.to_reverse  # never beyond what is still of use
        self.evaluations += action.stop - action.start
        self.hand = action.stop

    def turn(self, action: Turn) -> None:
        assert not self.turned
        assert self.hand == self.plan.length - 1
        self.turned = True
        self.evaluations += 1

    def reverse(self, action: Reverse) -> None:
        assert self.turned
        assert action.n == self.hand == self.to_reverse
        self.to_reverse -= 1
        self.evaluations += 1
        self.hand = None


@pytest.mark.parametrize(("length", "states", "disk"), BUDGETS)
def test_every_schedule_reverses_each_step_once_within_its_limits(
    length: int, states: int | None, disk: int | None
) -> None:
    plan = make_plan(length, 10, states and 10 * states, disk and 10 * disk)
    interpreter = Interpreter(plan)
    interpreter.run()
    assert interpreter.most["memory"] <= plan.states_stored
    assert interpreter.most["disk"] == plan.states_on_disk
    assert interpreter.evaluations == plan.forward_steps
    if states is not None:
        assert plan.states_stored <= states
    if disk is not None:
        assert plan.states_on_disk <= disk


def test_the_interpreter_notices_a_schedule_that_is_wrong() -> None:
    def run(*actions: Any) -> None:
        interpreter = Interpreter(make_plan(2, 10))
        for action in actions:
            getattr(interpreter, type(action).__name__.lower())(action)

    good = (Store(0), Advance(0, 1), Turn(), Reverse(1), Restore(0), Reverse(0))
    run(*good)
    for k in range(len(good) - 1):
        with pytest.raises(AssertionError):
            run(*good[:k], *good[k + 1 :])


def test_after_turn_is_the_second_part() -> None:
    actions = list(after_turn(schedule_of(make_plan(3, 1))))
    assert actions == [Reverse(2), Restore(1), Reverse(1), Restore(0), Reverse(0)]
