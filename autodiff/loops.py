"""`unroll`: a loop over a step function, differentiable, within a budget of memory.

The backward pass needs the state before each step. It may store them all, or as many as fit into
`memory`, and recompute the others from them on a checkpoint schedule; gradients are the same to
the last bit. Only states at step boundaries are stored: the operations inside one step are
recorded when that step is reversed, and forgotten again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as onp

from .checkpointing.levels import run_loop
from .checkpointing.plan import Plan, make_plan
from .checkpointing.reversal import Loop
from .nests import Structure, describe, flatten, leaf_type, nbytes, paths, unflatten
from .tracer import getval

Size = int | float | str


def unroll(
    step: Callable[[Any, Any], Any],
    state: Any,
    xs: Any = None,
    length: int | None = None,
    *,
    memory: Size | None = None,
    disk: Size | None = None,
    folder: str | Path | None = None,
    stacked: bool = False,
    compiled: bool = False,
) -> Any:
    """Run ``state = step(state, x)`` for each x along axis 0 of `xs`; give the last state.

    With ``stacked=True`` the step gives an output too, ``state, y = step(state, x)``, and the
    result is ``(last state, ys)``, the outputs of all steps stacked along axis 0.

    Differentiable in both modes with respect to `state`, `xs` and whatever traced values `step`
    closes over. A gradient of a gradient by reverse mode twice is right, but records every
    operation; forward mode over reverse mode, or reverse over forward, keeps to the budget.

    The step is run again to recompute states and must do the same each time: no random numbers
    drawn inside, no counters. It gets plain arrays read-only.

    Args:
        step: ``(state, x) -> state`` of the same structure, shapes and dtypes, or ``(state, x) ->
            (state, y)``. x is None without xs.
        state: an array or number, or a tuple, list or dict of such, nested. Integers, strings and
            None may be among them; they have no derivatives.
        xs: arrays stacked along axis 0, in any such structure: learning rates, batches.
        length: number of steps; needed without `xs`.
        memory: what stored states may take, in bytes or as "500 MB"; None stores every state.
            The initial state counts, and so do tangents that forward mode pushes along.
            "operations" records whatever the steps compute, as a loop in Python does: most memory
            by far, but each step runs once.
        disk: what more may lie on disk, in a temporary folder.
        folder: where that temporary folder is made.
        stacked: the step returns outputs: arrays and numbers, nested as you like, of the same
            structure, shapes and dtypes each time. They are kept whole, whatever `memory` says.
        compiled: record the step and its vjp once, and run both sweeps compiled (see `compiled`).
            A step that looks at values runs as before, and a RuntimeWarning says why.

    Raises:
        ValueError: lengths that disagree; a budget of less than one state; a state or output whose
            structure or shapes change; outputs of no steps.
        TypeError: the dtype or type of a leaf of the state or the output changes; an output is no
            array or number.
    """
    leaves, structure = flatten(state)
    x_leaves, x_structure = flatten(xs) if xs is not None else ([], None)
    steps = _length(x_leaves, x_structure, length)
    kept = _Kept("state", structure, leaves)
    outputs: list[_Kept] = []  # of the first output, once there is one

    def flat_step(n: int, flat_state: list[Any], flat_x: list[Any]) -> list[Any]:
        x = None if x_structure is None else unflatten(x_structure, flat_x)
        end = step(unflatten(structure, list(map(_sealed, flat_state))), x)
        if not stacked:
            return kept.leaves_of(end, n)
        end, y = end
        if not outputs:
            outputs.append(_kept_output(y))
        return kept.leaves_of(end, n) + outputs[0].leaves_of(y, n)

    def check(end: Any, n: int) -> None:
        end, y = end if stacked else (end, None)
        kept.leaves_of(end, n)
        if stacked:
            outputs[:] = outputs or [_kept_output(y)]
            outputs[0].leaves_of(y, n)

    stepping: Any = flat_step
    if compiled:
        from .compile.steps import CompiledStep

        stepping = CompiledStep(step, structure, x_structure, flat_step, check)
    plan = partial(make_plan, steps, memory=memory, disk=disk)
    plan(_plain_bytes(leaves))  # a budget that is too small is an error without traces too
    if stacked and not steps:
        raise ValueError("unroll: without a step the structure of the outputs is unknown")
    loop = Loop(stepping, steps, plan, folder, stacked, stepping if compiled else None)
    ends = run_loop(loop, leaves, x_leaves)
    last = unflatten(structure, ends[: len(leaves)])
    return (last, unflatten(outputs[0].structure, ends[len(leaves) :])) if stacked else last


def plan_unroll(
    state: Any,
    xs: Any = None,
    length: int | None = None,
    *,
    memory: Size | None = None,
    disk: Size | None = None,
) -> Plan:
    """What `unroll` will store for a gradient, and what that costs; ``print`` it for a sentence.

    Takes the arguments of `unroll`, without the step, and raises the same errors.
    """
    leaves, _ = flatten(state)
    x_leaves, x_structure = flatten(xs) if xs is not None else ([], None)
    steps = _length(x_leaves, x_structure, length)
    return make_plan(steps, _plain_bytes(leaves), memory, disk)


def _plain_bytes(leaves: list[Any]) -> int:
    return sum(nbytes(getval(leaf)) for leaf in leaves)


class _Kept:
    """What a state (or output) must keep from step to step: structure, shapes, dtypes."""

    def __init__(self, name: str, structure: Structure, leaves: list[Any]) -> None:
        self.name = name
        self.structure = structure
        self.types = list(map(leaf_type, leaves))
        self.names = paths(structure, name)

    def leaves_of(self, state: Any, n: int) -> list[Any]:
        """The leaves of the state (or output) that step `n` returned."""
        leaves, structure = flatten(state)
        if structure != self.structure:
            raise ValueError(
                f"unroll: step {n} changed the structure of the {self.name}, from"
                f" {describe(self.structure)} to {describe(structure)}; it must stay as it is"
            )
        for name, before, leaf in zip(self.names, self.types, leaves):
            after = leaf_type(leaf)
            if after != before:
                raise _changed(name, n, before, after)
        return leaves


def _kept_output(y: Any) -> _Kept:
    leaves, structure = flatten(y)
    kept = _Kept("output", structure, leaves)
    for name, kind in zip(kept.names, kept.types):
        if len(kind) != 2:
            raise TypeError(f"unroll: {name} must be an array or a number, got {_worded(kind)}")
    return kept


def _changed(name: str, n: int, before: tuple[Any, ...], after: tuple[Any, ...]) -> Exception:
    change = f"unroll: step {n} changed {name} from {_worded(before)} to {_worded(after)}"
    if len(before) == len(after) == 2 and before[0] != after[0]:
        return ValueError(f"{change}; the shape must stay the same (start from that shape)")
    return TypeError(f"{change}; the type must stay the same (start from it, or convert to it)")


def _worded(kind: tuple[Any, ...]) -> str:
    if len(kind) == 2:
        return f"shape {kind[0]} and dtype {kind[1]}"
    return f"type {kind[0].__name__}"


def _length(x_leaves: list[Any], x_structure: Structure | None, length: int | None) -> int:
    """The number of steps, from `length` and the leaves of xs, which must agree."""
    lengths = {} if length is None else {"length": _whole(length)}
    for name, x in zip(paths(x_structure, "xs") if x_structure else [], x_leaves):
        shape = onp.shape(getval(x))
        if not shape:
            raise ValueError(f"unroll: {name} has no axis 0 to go along, it is {getval(x)!r}")
        lengths[name] = shape[0]
    if not lengths:
        raise ValueError("unroll: without xs the number of steps is unknown; give length=")
    if len(set(lengths.values())) > 1:
        each = ", ".join(f"{name} {count}" for name, count in lengths.items())
        raise ValueError(f"unroll: the number of steps must be one number, got: {each}")
    return next(iter(lengths.values()))


def _whole(length: Any) -> int:
    if isinstance(length, bool) or not isinstance(length, (int, onp.integer)) or length < 0:
        raise ValueError(f"unroll: length must be a whole number, at least 0; got {length!r}")
    return int(length)


def _sealed(leaf: Any) -> Any:
    """A read-only view of an array: a step that wrote into a stored state would spoil it."""
    if type(leaf) is not onp.ndarray or not leaf.flags.writeable:
        return leaf
    view = leaf.view()
    view.flags.writeable = False
    return view
