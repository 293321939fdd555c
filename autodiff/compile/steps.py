"""A step of `unroll`, recorded once: the loop's sweeps run the program and that of its vjp."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as onp

from ..checkpointing.segments import Sums, on
from ..nests import Structure, is_differentiable, unflatten
from ..tracer import getval, isbox
from .closures import Static, is_dynamic, opened
from .families import Entry, Family, apply_flat
from .placeholders import RecordingError

_KEPT = 64
_families: dict[Any, Family] = {}
"""Programs of steps that were unrolled: a step that is made anew with other values in its closure,
as in each evaluation of an outer objective, is not recorded anew."""


class CompiledStep:
    """(n, leaves of the state, leaves of xs at n) -> leaves of the next state and of the output.

    What the step closes over are arguments of its program. If it cannot be recorded, a warning says
    why, and it runs as before.

    Args:
        step: the user's.
        structure, x_structure: of the state, and of xs (None if there are none).
        eager: the same as this, without recording.
        check: called once for each program with the leaves of what a step returned.

    Attributes: usable, whether the step can be recorded, as far as is known.
    """

    def __init__(
        self,
        step: Callable[..., Any],
        structure: Structure,
        x_structure: Structure | None,
        eager: Callable[[int, list[Any], list[Any]], list[Any]],
        check: Callable[[Any, int], None],
    ) -> None:
        self._step, self._values = opened(step)
        self._structures = structure, x_structure
        self._eager = eager
        self._check = check
        self._checked: set[int] = set()
        self._reversible = True
        self._known: dict[Any, Family] = {}  # for leaves of these classes, all arguments
        self.usable = True

    def __call__(self, n: int, state: list[Any], x: list[Any]) -> list[Any]:
        """One step. Everything may be traced."""
        ends = self._run(self._values, n, state, x)
        return self._eager(n, state, x) if ends is None else ends

    def advance(self, n: int, state: list[Any], x: list[Any], tape: Any) -> list[Any] | None:
        """One step, unseen by the tape; None where it can't be recorded."""
        return self._run([_without(tape, value) for value in self._values], n, state, x)

    def _run(self, values: list[Any], n: int, state: list[Any], x: list[Any]) -> list[Any] | None:
        if not self.usable:
            return None
        family, leaves = self._opened(values, state, x)
        try:
            ends, structure = apply_flat(family, leaves)
        except RecordingError as error:
            self.usable = False
            _warn(f"steps are not compiled: {error}")
            return None
        if id(structure) not in self._checked:
            self._check(unflatten(structure, ends), n)
            self._checked.add(id(structure))
        return ends

    def sweeps(self, state: list[Any], xs: list[Any], length: int, tape: Any) -> Any:
        """Both sweeps as machine code (`loop_sweeps.LoopSweeps`); None where they are not.

        Args:
            state, xs: their leaves, without boxes of `tape`.
        """
        values = [_without(tape, value) for value in self._values]
        if not self.usable or not all(type(x) is onp.ndarray for x in xs):
            return None
        if not all(_is_argument(x) and not isbox(x) for x in (*state, *values)):
            return None
        start = [
            onp.ascontiguousarray(x) if type(x) is onp.ndarray and x.ndim else x for x in state
        ]
        family, leaves = self._opened(values, start, [x[0] for x in xs])
        try:
            entry = family.entry(leaves)
        except RecordingError as error:
            self.usable = False
            _warn(f"steps are not compiled: {error}")
            return None
        if entry.sweep is None:
            return None
        if id(entry.structure) not in self._checked:
            self._check(unflatten(entry.structure, entry.like_results()), 0)
            self._checked.add(id(entry.structure))
        from .loop_sweeps import LoopSweeps

        return LoopSweeps(entry, entry.sweep, values, xs, state, length)

    def keys(self, tape: Any) -> list[int | None]:
        """For each value that the step closes over its position on the tape, if it is there."""
        return [value._key if on(tape, value) else None for value in self._values]

    def captured(self, tape: Any) -> list[int]:
        """Positions on the tape of what the step closes over."""
        return [key for key in self.keys(tape) if key is not None]

    def pull(
        self,
        state: list[Any],
        x: list[Any],
        follow: Sequence[bool],
        cotangents: Sequence[Any],
        tape: Any,
        sums: Sums,
    ) -> list[Any] | None:
        """As `segments.pull_back`; None where the reverse rule of the step can't be recorded."""
        if not (self.usable and self._reversible):
            return None
        values = [_without(tape, value) for value in self._values]
        family, leaves = self._opened(values, state, x)
        entry = family.entry([getval(leaf) for leaf in leaves])
        places = [k for k, leaf in enumerate(state + x) if _is_argument(leaf)]
        keys = [value._key if on(tape, value) else None for value in self._values]
        closed = [k for k, key in enumerate(keys) if key is not None]
        # Of the state always all, which costs nothing: step 0 is then no program of its own.
        followed = [
            j
            for j, k in enumerate(places)
            if follow[k] or (k < len(state) and is_differentiable(state[k]))
        ]
        wanted = (*closed, *(len(keys) + j for j in followed))
        if not wanted or not entry.differentiable:
            return [None] * len(follow)
        gs = [_given(entry, k, cotangents[k]) for k in entry.differentiable]
        try:
            bars = apply_flat(entry.vjp(wanted), [*leaves, *gs])[0]
        except RecordingError as error:
            self._reversible = False
            _warn(f"steps are reversed as before: {error}")
            return None
        for key, bar in zip((key for key in keys if key is not None), bars):
            sums.add(key, bar)
        found = dict(zip((places[j] for j in followed), bars[len(closed) :]))
        return [found.get(k) if follow[k] else None for k in range(len(follow))]

    def _opened(
        self, values: list[Any], state: list[Any], x: list[Any]
    ) -> tuple[Family, list[Any]]:
        """The family of programs for these leaves, and those of them that are arguments."""
        kinds = tuple([x.__class__ for x in (*state, *x)])
        known = self._known.get(kinds)
        if known is not None:
            return known, [*values, *state, *x]
        statics = tuple([None if _is_argument(x) else Static(x) for x in (*state, *x)])
        key = (self._step, self._structures, statics)
        family = _families.get(key)
        if family is None:
            while len(_families) >= _KEPT:
                _families.pop(next(iter(_families)), None)
            family = _families.setdefault(key, Family(self._flat(statics, len(state))))
        if not any(statics):
            self._known[kinds] = family
        return family, [*values, *filter(_is_argument, state), *filter(_is_argument, x)]

    def _flat(self, statics: tuple[Static | None, ...], count: int) -> Callable[..., Any]:
        fun, (structure, x_structure) = self._step, self._structures

        def flat(*given: Any) -> Any:
            values = iter(given)
            step = fun.closed(values)
            leaves = [next(values) if static is None else static.value for static in statics]
            x = None if x_structure is None else unflatten(x_structure, leaves[count:])
            return step(unflatten(structure, leaves[:count]), x)

        return flat


def _warn(reason: str) -> None:
    warnings.warn(f"unroll: {reason}", RuntimeWarning, stacklevel=2)


def _is_argument(leaf: Any) -> bool:
    """Whether a leaf is an argument of the program: integers too, for steps count in them."""
    return is_dynamic(leaf) or type(leaf) is int


def _without(tape: Any, value: Any) -> Any:
    return value._value if on(tape, value) else value


def _given(entry: Entry, k: int, g: Any) -> Any:
    """The cotangent of a result; zeros for None."""
    if g is not None:
        return g
    number = entry.recording.outputs[k]
    if not isinstance(number, int):
        return onp.zeros(())
    value = entry.result_types[k]
    return onp.zeros(value.shape, value.dtype)
