"""What a function closes over, made arguments: arrays and traced values as well as static ones.

A compiled function must not take in the value of an array that it closes over, nor can it: that may
be a value which a derivative follows. So the cells and defaults of a function are read as a nest,
functions and partial applications in them included, and the function is made anew with others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from types import CellType, CodeType, FunctionType
from typing import Any

import numpy as onp

from ..nests import Structure, flatten, unflatten
from ..tracer import isbox


class Static:
    """Something that a program may depend on but not follow: compared by value if it can be."""

    __slots__ = ("_key", "value")

    def __init__(self, value: Any) -> None:
        self.value = value
        try:
            hash(value)
            self._key: Any = (type(value), value)
        except TypeError:
            self._key = id(value)  # which stays its own: `value` is kept

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Static):
            return False
        try:
            return bool(self._key == other._key)
        except (TypeError, ValueError):  # arrays somewhere inside
            return self.value is other.value

    def __hash__(self) -> int:
        return hash(self._key)


@dataclass(frozen=True)
class Opened:
    """A function without the values that it closes over.

    Attributes:
        fun: the code of a function with its globals, or anything else, as a `Static`.
        structure: of the nest of values.
        entries: for each leaf of it None where it is an argument, otherwise what it is.
        holds: whether there is an argument among them. If not, the function is left as it is:
            others may know it by its identity.
    """

    fun: Static
    structure: Structure | None
    entries: tuple[Any, ...]
    holds: bool = False

    def closed(self, values: Iterator[Any]) -> Any:
        """The function again, with these values."""
        original = self.fun.value
        if self.structure is None or not self.holds:
            return original
        leaves = [_entry(entry, values) for entry in self.entries]
        nest = unflatten(self.structure, leaves)
        if isinstance(original, partial):
            fun, args, keywords = nest
            return partial(fun, *args, **keywords)
        cells, defaults, keywords, arrays = nest
        made = FunctionType(
            original.__code__,
            {**original.__globals__, **arrays} if arrays else original.__globals__,
            original.__name__,
            defaults,
            tuple(CellType() if cell is _EMPTY else CellType(cell) for cell in cells),
        )
        made.__kwdefaults__ = keywords
        made.__dict__.update(original.__dict__)
        return made


_EMPTY = object()


def _entry(entry: Any, values: Iterator[Any]) -> Any:
    if entry is None:
        return next(values)
    return entry.closed(values) if isinstance(entry, Opened) else entry.value


def is_dynamic(leaf: Any) -> bool:
    """Whether a leaf is an argument of the compiled program: an array, a float, a traced value."""
    return isbox(leaf) or isinstance(leaf, (onp.ndarray, float, complex, onp.generic))


class Closure:
    """A function that is opened again only after something that it closes over was replaced.

    Attributes: fun.
    """

    def __init__(self, fun: Any) -> None:
        self.fun = fun
        self._last = self._opened()

    def open(self) -> tuple[Opened, list[Any]]:
        """As `opened`. An `Opened` that equals the last one is the last one."""
        seen, last, values = self._last
        if seen is None or not all(_is_unchanged(*each) for each in seen):
            seen, fresh, values = self._opened()
            last = last if fresh == last else fresh
            self._last = seen, last, values
        return last, values

    def _opened(self) -> tuple[list[_Seen] | None, Opened, list[Any]]:
        # Contents first: what is replaced after they were read is noticed next time.
        seen: list[_Seen] = []
        known = _watched(self.fun, seen, set())
        return (seen if known else None, *opened(self.fun))


def _is_unchanged(place: Any, name: Any, content: Any) -> bool:
    return (_content(place) if name is None else place.get(name)) is content


_Seen = tuple[Any, Any, Any]
"""A cell, None and what is in it; or a dict of global variables, a name and what it stands for."""


def _watched(x: Any, seen: list[_Seen], known: set[int]) -> bool:
    """Add the cells that `x` leads to; whether nothing else in it is read as a nest."""
    if id(x) in known or hasattr(x, "fun"):
        return True
    known.add(id(x))
    if isinstance(x, FunctionType):
        if x.__kwdefaults__:
            return False
        seen += [(x.__globals__, name, array) for name, array in _global_arrays(x).items()]
        seen += [(cell, None, _content(cell)) for cell in x.__closure__ or ()]
        contents = [_content(cell) for cell in x.__closure__ or ()]
        return all(_watched(y, seen, known) for y in (*contents, *(x.__defaults__ or ())))
    if isinstance(x, (tuple, partial)) and x:
        parts = (x.func, *x.args, x.keywords) if isinstance(x, partial) else x
        return all(_watched(y, seen, known) for y in parts)
    # A list or dict may change without being replaced; an empty one that options came in is not
    # likely to, and is not an argument.
    return not isinstance(x, (list, dict)) or not x


def opened(fun: Any) -> tuple[Opened, list[Any]]:
    """A function without what it closes over, which can be compared, and that."""
    values: list[Any] = []
    return _opened(fun, values, ()), values


def _opened(fun: Any, values: list[Any], outside: tuple[int, ...]) -> Opened:
    if id(fun) in outside or hasattr(fun, "fun"):  # it closes over itself, or is a primitive
        return Opened(Static(fun), None, ())
    if isinstance(fun, partial):
        nest: Any = (fun.func, fun.args, fun.keywords)
        head: Any = Static(fun)
        head._key = partial
    elif isinstance(fun, FunctionType):
        cells = tuple(map(_content, fun.__closure__ or ()))
        nest = (cells, fun.__defaults__, fun.__kwdefaults__, _global_arrays(fun))
        head = Static(fun)
        head._key = (fun.__code__, id(fun.__globals__))
    else:
        return Opened(Static(fun), None, ())
    leaves, structure = flatten(nest)
    entries: list[Any] = []
    for leaf in leaves:
        if is_dynamic(leaf):
            values.append(leaf)
            entries.append(None)
        elif isinstance(leaf, (FunctionType, partial)):
            entries.append(_opened(leaf, values, (*outside, id(fun))))
        else:
            entries.append(Static(leaf))
    holds = any(x is None or (isinstance(x, Opened) and x.holds) for x in entries)
    if holds:
        head.value = _emptied(fun)
    return Opened(head, structure, tuple(entries), holds)


def _emptied(fun: Any) -> Any:
    """What is needed to make a function anew, which does not keep what it closes over alive."""
    if isinstance(fun, partial):
        return partial(_emptied)
    cells = tuple(CellType() for _ in fun.__closure__ or ())
    made = FunctionType(fun.__code__, fun.__globals__, fun.__name__, None, cells)
    made.__dict__.update(fun.__dict__)
    return made


def _global_arrays(fun: FunctionType) -> dict[str, Any]:
    """The arrays and traced values among the global variables that the function names itself."""
    names, found = _global_names(fun.__code__), fun.__globals__
    return {
        name: found[name]
        for name in names
        if name in found and (type(found[name]) is onp.ndarray or isbox(found[name]))
    }


@lru_cache(maxsize=1024)
def _global_names(code: CodeType) -> tuple[str, ...]:
    """Names that a function may read from its globals, functions that it defines included."""
    names = dict.fromkeys(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            names.update(dict.fromkeys(_global_names(constant)))
    return tuple(names)


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return _EMPTY
