"""A flat function of arrays as one differentiable operation, compiled for each type of arguments.

`apply` is a primitive. Its derivatives are compiled functions again: the reverse rule records the
vjp of the recording, the forward rule its jvp, and so on to any order.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as onp

from ..boxes import box_types, recorded_types
from ..containers import join
from ..core import defjvp_argnums, defvjp_argnums, make_jvp, make_vjp
from ..nests import Structure, flatten, is_differentiable
from ..tracer import getval, isbox, primitive
from .backends import runner
from .ir import Program
from .layouts import laid_out
from .lowering import lower
from .operations import Constant, Recording
from .passes import optimized
from .recording import record

_PYTHON = (bool, int, float, complex)
_KEPT = 128
"""How many combinations of types a function is kept compiled for."""


def leaf_key(x: Any) -> Any:
    """What a program is made for: dtype, shape and strides of an array, the type of a number."""
    if x.__class__ is onp.ndarray:
        return x.dtype, x.shape, x.strides
    return x.__class__


class Entry:
    """A recording, compiled.

    Attributes:
        recording, program: what is run.
        structure: of the result.
        result_types: for each leaf of the result the value of the program, None for constants.
        differentiable: the leaves of the result that have derivatives.
    """

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.program: Program = optimized(lower(recording))
        self.structure: Structure = recording.result
        self._run: Any = None
        self._finishing = _finishing(recording)
        self.result_types = _result_types(recording, self.program)
        self.differentiable = [
            k
            for k, (x, value) in enumerate(zip(recording.outputs, self.result_types))
            if (is_differentiable(x.value) if isinstance(x, Constant) else value.dtype.kind in "fc")
        ]
        self._vjps: dict[tuple[int, ...], Family] = {}
        self._jvps: dict[tuple[int, ...], Family] = {}
        self._reverse_sweeps: dict[Any, Any] = {}
        self._sweep_pairs: dict[Any, Any] = {}

    def run(self, leaves: Sequence[Any]) -> list[Any]:
        """The leaves of the result, as eager evaluation gives them."""
        if self._run is None:
            self._run = runner(self.program)
        results = self._run(*leaves)
        if self._finishing is None:
            return results
        found = iter(results)
        return [finish(found) for finish in self._finishing]

    def like_results(self) -> list[Any]:
        """Leaves of the types of the results, for what only looks at types."""
        return [
            x.value if isinstance(x, Constant) else onp.zeros(value.shape, value.dtype)
            for x, value in zip(self.recording.outputs, self.result_types)
        ]

    def chosen(self, wanted: tuple[int, ...], leaves: list[Any]) -> Callable[[Any], Any]:
        """The function from some of the leaves to the differentiable results, by primitives."""

        def of(some: Any) -> Any:
            full = list(leaves)
            for place, k in enumerate(wanted):
                full[k] = some[place]
            ends = self.recording.retrace(full)
            return _together([ends[k] for k in self.differentiable])

        return of

    @cached_property
    def sweep(self) -> Any:
        """The program as a loop over itself, see `sweeps`; None where that is not to be had."""
        from .backends import sweep_of

        return sweep_of(self)

    def reverse_sweep(
        self, closed: tuple[int, ...], followed: tuple[int, ...], leaves: Sequence[Any]
    ) -> Any:
        """The loop over the vjp, for leaves whose cotangents are summed up and others.

        (leaves, cotangents of the differentiable results, sums) -> (new sums, cotangents of the
        `followed` leaves)

        Args:
            leaves: to record it with, if it is not known yet. They are not kept.
        """
        key = (closed, followed)
        if key not in self._reverse_sweeps:
            self._reverse_sweeps[key] = self._reversed(closed, followed, leaves).sweep
        return self._reverse_sweeps[key]

    def sweep_pair(
        self, closed: tuple[int, ...], followed: tuple[int, ...], leaves: Sequence[Any], steps: int
    ) -> Any:
        """As `sweep` and `reverse_sweep`, see `sweeps.pair_of`."""
        from .backends import pair_of

        key = (closed, followed, steps)
        if key not in self._sweep_pairs:
            reverse = self._reversed(closed, followed, leaves)
            self._sweep_pairs[key] = pair_of(self, reverse, steps)
        return self._sweep_pairs[key]

    def _reversed(
        self, closed: tuple[int, ...], followed: tuple[int, ...], leaves: Sequence[Any]
    ) -> Entry:
        derived, count = self.vjp((*closed, *followed)), len(closed)

        def reverse(*given: Any) -> Any:
            place = len(given) - count
            bars = derived.fun(*given[:place])
            return [*(total + bar for total, bar in zip(given[place:], bars)), *bars[count:]]

        leaves = list(map(laid_out, leaves, self.recording.strides))
        ends = self.like_results()
        gs = [onp.zeros_like(onp.asarray(ends[k]), order="C") for k in self.differentiable]
        sums = [onp.zeros(onp.shape(leaves[k]), onp.asarray(leaves[k]).dtype) for k in closed]
        return Entry(record(reverse, *leaves, *gs, *sums))

    def vjp(self, wanted: tuple[int, ...]) -> Family:
        """(leaves, cotangents of the differentiable results) -> cotangents of some leaves."""
        count = len(self.recording.examples)

        def pulled(*given: Any) -> Any:
            leaves = list(given[:count])
            pull, _ = make_vjp(self.chosen(wanted, leaves), tuple(leaves[k] for k in wanted))
            return pull(_together(given[count:]))

        return self._vjps.setdefault(wanted, Family(pulled))

    def jvp(self, wanted: tuple[int, ...]) -> Family:
        """(leaves, tangents of some of them) -> tangents of the differentiable results."""
        count = len(self.recording.examples)

        def pushed(*given: Any) -> Any:
            leaves = list(given[:count])
            along = make_jvp(self.chosen(wanted, leaves), tuple(leaves[k] for k in wanted))
            return along(join(tuple, given[count:]))[1]

        return self._jvps.setdefault(wanted, Family(pushed))


def _together(entries: Sequence[Any]) -> Any:
    return entries[0] if len(entries) == 1 else join(tuple, list(entries))


def _result_types(recording: Recording, program: Program) -> list[Any]:
    found = iter(program.outputs)
    return [
        None if isinstance(x, Constant) else program.values[next(found)] for x in recording.outputs
    ]


def _finishing(recording: Recording) -> list[Callable[[Any], Any]] | None:
    """What makes of each result the type that eager evaluation gives; None for nothing to do."""
    if all(
        isinstance(x, int) and kind is onp.ndarray
        for x, kind in zip(recording.outputs, recording.kinds)
    ):
        return None
    return [_finish(x, kind) for x, kind in zip(recording.outputs, recording.kinds)]


def _finish(x: Any, kind: type) -> Callable[[Any], Any]:
    if isinstance(x, Constant):
        value = x.value
        if isinstance(value, onp.ndarray):
            return lambda found: value.copy()
        return lambda found: value
    if issubclass(kind, onp.generic):
        return lambda found: next(found)[()]
    if kind in _PYTHON:
        return lambda found: next(found).item()
    return next


class Family:
    """A function of leaves, with an entry for each combination of their types."""

    def __init__(self, fun: Callable[..., Any]) -> None:
        self.fun = fun
        self._entries: dict[Any, Entry] = {}
        self._lock = threading.RLock()

    def entry(self, leaves: Sequence[Any]) -> Entry:
        """The compiled recording for plain leaves of these types.

        Raises:
            RecordingError: the function looks at values.
        """
        key = tuple([leaf_key(x) for x in leaves])
        found = self._entries.get(key)
        if found is None:
            with self._lock:
                found = self._entries.get(key)
                if found is None:
                    while len(self._entries) >= _KEPT:
                        self._entries.pop(next(iter(self._entries)), None)
                    found = self._entries[key] = Entry(record(self.fun, *leaves))
        return found


@primitive
def apply(entry: Entry, every: list[Any], *leaves: Any) -> Any:
    """The result of a program: one leaf that has a derivative, or the tuple of those that have one.

    Args:
        every: gets all leaves of the result.
    """
    every[:] = ends = entry.run(leaves)
    found = entry.differentiable
    return ends[found[0]] if len(found) == 1 else tuple([ends[k] for k in found])


def apply_flat(family: Family, leaves: Sequence[Any]) -> tuple[list[Any], Structure]:
    """The leaves of the result, those with a derivative traced where the arguments are.

    While another function is recorded that calls this one, it is recorded with it.
    """
    if not any(x.__class__ in box_types for x in leaves):
        entry = family.entry(leaves)
        return entry.run(leaves), entry.structure
    if any(map(is_recorded, leaves)):
        return flatten(family.fun(*leaves))
    plain = [getval(x) for x in leaves]
    entry = family.entry(plain)
    if not entry.differentiable:
        return entry.run(plain), entry.structure
    every: list[Any] = []
    together = apply(entry, every, *leaves)
    if len(entry.differentiable) == 1:
        every[entry.differentiable[0]] = together
    else:
        for place, k in enumerate(entry.differentiable):
            every[k] = together[place]
    return every, entry.structure


def is_recorded(leaf: Any) -> bool:
    """Whether a leaf belongs to a recording that is being made."""
    while isbox(leaf):
        if type(leaf) in recorded_types:
            return True
        leaf = leaf._value
    return False


def _vjp(
    argnums: Sequence[int], ans: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Callable[[Any], list[Any]]:
    entry, _, *leaves = args
    derived = entry.vjp(tuple(k - 2 for k in argnums))
    single = len(entry.differentiable) == 1
    return lambda g: apply_flat(derived, [*leaves, *([g] if single else g)])[0]


def _jvp(
    argnums: Sequence[int], tangents: Sequence[Any], ans: Any, args: tuple[Any, ...], kwargs: Any
) -> Any:
    entry, _, *leaves = args
    derived = entry.jvp(tuple(k - 2 for k in argnums))
    return _together(apply_flat(derived, [*leaves, *tangents])[0])


defvjp_argnums(apply, _vjp)
defjvp_argnums(apply, _jvp)
