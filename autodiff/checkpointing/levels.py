"""Run a loop under whatever traces follow its values: which of them see it as one operation.

| traces that follow the state, `xs` or what the step closes over | what is stored |
|---|---|
| none, or forward mode only | nothing: the loop just runs |
| one tape, forward mode inside it or around it | states, on the loop's schedule |
| one tape, and the plan is to record operations | every operation |
| two tapes or more (reverse mode over reverse mode), or a recorder | every operation |
| several tangents at once around a tape | every operation |

Forward mode inside a tape is turned into a loop over pairs of states and tangents, so that a
Hessian-vector product as a gradient of a directional derivative keeps to the budget.

What a step closes over shows when its result is a box of a trace that the arguments do not belong
to. The loop then starts again, knowing that trace.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..core import JVPsTrace, JVPTrace, Tape
from ..nests import is_differentiable, traces_of
from ..tracer import new_box
from ..vspace import vspace
from .compiled_sweeps import run_compiled
from .reversal import Loop, record_loop, row, writable
from .rows import Rows
from .segments import on
from .snapshots import State

Traces = dict[int, Any]  # by level


class _MetTraceError(Exception):
    """A step's result is followed by traces that were not known of."""

    def __init__(self, traces: Traces) -> None:
        super().__init__()
        self.traces = traces


def run_loop(loop: Loop, state: State, xs: list[Any]) -> State:
    """The leaves of the last state, then the stacked outputs.

    Differentiable in state, xs and what the step closes over.
    """
    if loop.length == 0:
        return state
    known = traces_of([*state, *xs])
    while True:
        try:
            return _run_under(known, loop, state, xs)
        except _MetTraceError as met:
            known = {**known, **met.traces}


def _run_under(known: Traces, loop: Loop, state: State, xs: list[Any]) -> State:
    def check(leaves: State) -> None:
        met = traces_of(leaves)
        if not met.keys() <= known.keys():
            raise _MetTraceError(met)

    others = [t for t in known.values() if not isinstance(t, (JVPTrace, JVPsTrace))]
    if not others:
        return _run_plainly(loop, state, xs, check)
    top = known[max(known)]
    if isinstance(top, JVPTrace):
        return _push_along(loop, state, xs, top)
    if isinstance(top, Tape) and len(others) == 1 and loop.plan(0).schedule != "operations":
        return record_loop(loop, state, xs, top, check)
    return _run_plainly(loop, state, xs, lambda leaves: None)


def _run_plainly(loop: Loop, state: State, xs: list[Any], check: Any) -> State:
    if loop.compiled is not None:
        found = run_compiled(loop, state, xs)
        if found is not None:
            return found
    count, outputs = len(state), Rows(loop.length)
    for n in range(loop.length):
        ends = loop.step(n, state, [row(x, n) for x in xs])
        check(ends)
        state, output = loop.parted(ends, count)
        outputs.put(n, output)
    return [writable(leaf) for leaf in state] + outputs.stacked()


# -- forward mode around a tape --------------------------------------------------------------------


def _push_along(loop: Loop, state: State, xs: list[Any], trace: JVPTrace) -> State:
    """Run the loop on values and their tangents side by side, below the level of `trace`."""

    count = len(state)

    def step(n: int, pairs: State, x_pairs: list[Any]) -> State:
        ends = loop.step(n, _join(pairs, trace), _join(x_pairs, trace))
        end, output = loop.parted(ends, count)
        return _split(end, trace) + _split(output, trace)

    x_pairs = [x._value if on(trace, x) else x for x in xs]
    x_pairs += [x._key if on(trace, x) else None for x in xs]
    ends = run_loop(replace(loop, step=step, compiled=None), _split(state, trace), x_pairs)
    last, outputs = loop.parted(ends, 2 * count)
    return _join(last, trace) + _join(outputs, trace)


def _split(leaves: State, trace: JVPTrace) -> State:
    """Values, then tangents; a leaf that is not followed yet gets zeros, for it may come to be."""
    values = [leaf._value if on(trace, leaf) else leaf for leaf in leaves]
    return values + [_tangent(leaf, trace) for leaf in leaves]


def _tangent(leaf: Any, trace: JVPTrace) -> Any:
    if on(trace, leaf):
        return leaf._key
    return vspace(leaf).zeros() if is_differentiable(leaf) else None


def _join(pairs: State, trace: JVPTrace) -> State:
    count = len(pairs) // 2
    return [
        value if tangent is None else new_box(value, trace, tangent)
        for value, tangent in zip(pairs[:count], pairs[count:])
    ]
