"""A function that is recorded once for each type of its arguments, and then run compiled."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from types import MethodType
from typing import Any

import numpy as onp

from ..nests import Structure, flatten, unflatten
from ..tracer import getval
from .backends import left_to_python, why_replayed
from .closures import Closure, Opened, Static, is_dynamic
from .families import Entry, Family, apply_flat, is_recorded
from .ir import Program
from .placeholders import TracedClosureError
from .signatures import signature

_KEPT = 256
"""How many combinations of structures and static arguments are kept."""
_TOLERANCE = 1e-9


class CompiledFunction:
    """What `autodiff.compiled` returns; its arguments are explained there."""

    def __init__(self, fun: Callable[..., Any], explain: bool, debug: bool) -> None:
        self._fun = fun
        self._explains = explain
        self._debug = debug
        self._closure = Closure(fun)
        self._families: dict[Any, Family] = {}
        self._quick: dict[Any, tuple[Entry, Opened]] = {}
        self._reasons: dict[Any, str] = {}
        self._explained: set[int] = set()
        update_wrapper(self, fun, updated=())

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The result of the function."""
        opening, values = self._closure.open()
        leaves, key = list(values), None
        if not self._debug:
            key = signature(opening, values, (args, kwargs), leaves)
            known = self._quick.get(key)
            if known is not None:
                entry = known[0]
                return unflatten(entry.structure, entry.run(leaves))
        call = self._opened(args, kwargs)
        if call.reason is not None or any(map(is_recorded, call.leaves)):
            return self._eager(call, call.reason, args, kwargs)
        try:
            ends, structure = apply_flat(self._family(call), call.leaves)
        except TracedClosureError as error:
            return self._eager(call, str(error), args, kwargs)
        if key is not None:
            if len(self._quick) >= _KEPT:
                self._quick.clear()
            self._quick[key] = self._entry(call), opening  # which keeps its id
        result = unflatten(structure, ends)
        if self._explains:
            self._print(call)
        if self._debug:
            _compare(result, self._fun(*args, **kwargs), self._fun)
        return result

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        """A compiled method, bound: the object is a static argument."""
        return self if instance is None else MethodType(self, instance)

    def ir(self, *args: Any, **kwargs: Any) -> Program:
        """The program for arguments of these types; it can be printed."""
        return self._entry(self._opened(args, kwargs)).program

    def loops(self, *args: Any, **kwargs: Any) -> str:
        """The loops of machine code for arguments of these types, part by part, to print."""
        entry = self._entry(self._opened(args, kwargs))
        reason = why_replayed(entry.program)
        if reason is not None:
            return f"replayed by NumPy, for {reason}"
        from .native import Native

        return "\n".join(
            str(getattr(run, "loops", "# Python")) for run in Native(entry.program).runs
        )

    def explain(self, *args: Any, **kwargs: Any) -> str:
        """What is compiled for arguments of these types and what is not, and why."""
        call = self._opened(args, kwargs)
        if call.reason is not None:
            return f"not compiled: {call.reason}"
        try:
            return explained(self._entry(call))
        except TracedClosureError as error:
            return f"not compiled: {error}"

    def _opened(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Call:
        return _Call(*self._closure.open(), args, kwargs)

    def _entry(self, call: _Call) -> Entry:
        return self._family(call).entry([getval(x) for x in call.leaves])

    def _family(self, call: _Call) -> Family:
        found = self._families.get(call.key)
        if found is None:
            while len(self._families) >= _KEPT:
                self._families.pop(next(iter(self._families)), None)
            found = self._families.setdefault(call.key, Family(call.flat()))
        return found

    def _eager(self, call: _Call, reason: str | None, args: Any, kwargs: Any) -> Any:
        if self._explains and reason is not None and call.key not in self._reasons:
            self._reasons[call.key] = reason
            print(f"{_name(self._fun)} is not compiled: {reason}")
        return self._fun(*args, **kwargs)

    def _print(self, call: _Call) -> None:
        entry = self._entry(call)
        if id(entry) not in self._explained:
            self._explained.add(id(entry))
            print(f"{_name(self._fun)}: {explained(entry)}")


class _Call:
    """A call's arguments, and the values closed over, as leaves.

    Attributes:
        leaves: the dynamic ones.
        key: everything else that the program depends on.
        reason: why this cannot be compiled; None if it can.
    """

    def __init__(
        self, fun: Opened, values: list[Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        self._fun = fun
        leaves, self._structure = flatten((args, kwargs))
        statics = tuple([None if is_dynamic(leaf) else Static(leaf) for leaf in leaves])
        self._statics = statics
        self.leaves = values + [leaf for leaf, at in zip(leaves, statics) if at is None]
        self.key = (self._fun, self._structure, statics)
        self.reason = next(filter(None, map(_unknown, self.leaves)), None)

    def flat(self) -> Callable[..., Any]:
        """The function of the dynamic leaves alone."""
        return flat_function(self._fun, self._structure, self._statics)


def flat_function(
    fun: Opened, structure: Structure, statics: tuple[Static | None, ...]
) -> Callable[..., Any]:
    """A function of the values closed over and of the dynamic leaves of ``(args, kwargs)``."""

    def flat(*given: Any) -> Any:
        values = iter(given)
        closed = fun.closed(values)
        leaves = [next(values) if static is None else static.value for static in statics]
        args, kwargs = unflatten(structure, leaves)
        return closed(*args, **kwargs)

    return flat


def _unknown(leaf: Any) -> str | None:
    if is_recorded(leaf):
        return None
    plain = getval(leaf)
    if isinstance(plain, onp.ndarray) and type(plain) is not onp.ndarray:
        return f"an argument is a {type(plain).__name__}, which has arithmetic of its own"
    if isinstance(plain, onp.ndarray) and plain.dtype.kind not in "biufc":
        return f"an argument has dtype {plain.dtype}"
    return None


def explained(entry: Entry) -> str:
    """How many operations of a program are compiled, and which are not: primitive and line."""
    count, calls = left_to_python(entry.program)
    reason = why_replayed(entry.program)
    how = "compiled" if reason is None else f"replayed by NumPy, for {reason}"
    if not calls:
        return f"all {count} operations are {how}"
    lines = [f"{count} operations are {how}, {len(calls)} are calls of Python:"]
    for value in calls:
        if value.op == "call":
            operation = value.function.operation
            lines.append(f"  {operation.name} at {operation.line}")
        else:  # an operation that is known, but has no loop
            lines.append(f"  {value.op} of {value.type}")
    return "\n".join(lines)


def _compare(result: Any, expected: Any, fun: Any) -> None:
    got, structure = flatten(result)
    wanted, other = flatten(expected)
    same = structure == other and all(
        onp.shape(getval(a)) == onp.shape(getval(b))
        and onp.allclose(getval(a), getval(b), _TOLERANCE, _TOLERANCE, equal_nan=True)
        for a, b in zip(got, wanted)
        if isinstance(getval(b), (onp.ndarray, onp.generic, float, int, complex))
    )
    if not same:
        raise RuntimeError(
            f"{_name(fun)} gives another result compiled than eagerly: it depends on something that"
            " is neither an argument nor closed over as an array, or it is random. Make that an"
            " argument."
        )


def _name(fun: Any) -> str:
    return str(getattr(fun, "__name__", fun))
