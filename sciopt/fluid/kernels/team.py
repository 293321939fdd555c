"""Several threads on one list of small tasks, without leaving compiled code.

A step on 110 x 110 cells is a handful of tasks of 20 us: too short to be handed over by Python
(45 us), and too short to stall while another process has the processor. So nobody only waits for
another. A task has a member at home whose cache holds its rows, which takes it as soon as what it
needs is done; if that member starts late, or never, another takes it soon after. What cannot be
taken over is a task that was begun by a thread that then lost its processor, for 4 ms as a rule.
After one such wait the caller goes on alone: helpers leave between two tasks.

A program is a list of turns that is run through again and again, in rounds. Turn t may begin when
all earlier rounds and the first needs[t] turns of its own round are done.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from .compiling import kernel
from .threads import submit

# Counters of a tally, on cache lines of their own: the turns done in all rounds, whether helpers
# shall leave, and for each turn the rounds that have claimed it.
_DONE, _LEAVE, _CLAIMED = 0, 8, 16
# Looks around, of 40 ns, before a member takes what is at home elsewhere.
_PATIENCE = 100
# Looks until a wait is taken for a lost processor: 1 ms, or for large grids some multiple of the
# longest task. A task of 20 us takes 0.2 ms when it is the first to touch a huge page.
_LOOKS_AT_LEAST = 25_000
_LOOKS_PER_CELL = 0.25

_give_way = types.ExternalFunction(
    "sched_yield" if os.name == "posix" else "SwitchToThread", types.intc()
)


@intrinsic
def _add_one(typing_context: Any, tally: Any, which: Any) -> Any:
    """Add one to a counter, after everything this thread wrote before."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        counter = _counter(context, builder, signature, args)
        return builder.atomic_rmw("add", counter, ir.IntType(64)(1), "seq_cst")

    return types.int64(tally, types.intp), codegen


@intrinsic
def _advance_from(typing_context: Any, tally: Any, which: Any, value: Any) -> Any:
    """Add one to a counter if it still has this value; whether it had."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        counter = _counter(context, builder, signature, args)
        above = builder.add(args[2], args[2].type(1))
        result = builder.cmpxchg(counter, args[2], above, "seq_cst", "seq_cst")
        return builder.extract_value(result, 1)

    return types.boolean(tally, types.intp, types.int64), codegen


@intrinsic
def _look(typing_context: Any, tally: Any, which: Any) -> Any:
    """A counter's value; what others wrote before they counted can be read from here on."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.load_atomic(_counter(context, builder, signature, args), "acquire", 8)

    return types.int64(tally, types.intp), codegen


def _counter(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    tally = context.make_array(signature.args[0])(context, builder, args[0])
    return builder.gep(tally.data, [args[1]])


@kernel
def claim(tally, member, needs, homes, rounds, tolerance):
    """The round and turn that `member` does next; the round is -1 if it has nothing more to do.

    The caller, member 0, gets to hear that only when everything is done.
    """
    turns = len(needs)
    looks = 0
    while True:
        done, alone = _look(tally, _DONE), _look(tally, _LEAVE) > 0
        if done >= rounds * turns or (alone and member > 0):
            return -1, 0
        now, ready = done // turns, done % turns
        for turn in range(turns):
            here = homes[turn] == member or alone or looks > _PATIENCE
            free = here and needs[turn] <= ready and _look(tally, _CLAIMED + turn) == now
            if free and _advance_from(tally, _CLAIMED + turn, now):
                return now, turn
        looks += 1
        if looks > tolerance:
            if not alone:
                _add_one(tally, _LEAVE)
            _give_way()


@kernel
def report(tally):
    """Say that a claimed task is done."""
    _add_one(tally, _DONE)


def work_together(
    body: Callable[..., None],
    phases: list[tuple[int, int]],
    rounds: int,
    cells: int,
    *arguments: Any,
) -> None:
    """Run body(tally, member, needs, homes, rounds, tolerance, *arguments) on every thread.

    The body does what `claim` says and reports it, until all is done. The program consists of
    `phases`: so many turns that need so many turns before them, spread evenly over the members.
    `cells`, the size of the grid, tells how long a task takes.
    """
    members = team_size()
    needs = np.repeat([need for _, need in phases], [turns for turns, _ in phases])
    homes = np.concatenate([np.arange(turns) * members // turns for turns, _ in phases])
    tally = np.zeros(_CLAIMED + len(needs), np.int64)
    tolerance = max(int(cells * _LOOKS_PER_CELL), _LOOKS_AT_LEAST)
    program = (needs, homes, rounds, tolerance, *arguments)
    helpers = [submit(body, tally, member, *program) for member in range(1, members)]
    body(tally, 0, *program)
    for helper in helpers:
        if not helper.cancel():  # a helper that has not begun has nothing left to do
            helper.result()


def team_size() -> int:
    """Members of a team, the caller included."""
    return numba.get_num_threads()
