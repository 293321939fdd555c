"""Whether a traced array's entries can be seen through anything but the one box.

NumPy shares memory between an array and its views; a tape follows values. Before a box is written
to in place, all references to its value are counted and compared with those that are accounted
for: the box itself, and the tape, which keeps values for its rules and never shows them. One that
is left over is a view, an alias or the caller's own array, which would miss the write.
"""

from __future__ import annotations

import gc
from functools import partial
from sys import getrefcount
from types import BuiltinMethodType, CellType, FunctionType, MethodType
from typing import Any

from numpy import ndarray

from ..core import Tape
from ..tracer import Box

_CONTAINERS = (tuple, list, dict, Box, CellType, MethodType, BuiltinMethodType, partial)


def seen_elsewhere(box: Any) -> bool:
    """Whether the entries of `box` may be reached in another way, in any of the nested traces."""
    levels = []
    while isinstance(box, Box):
        levels.append(box)
        if _is_shared(box, levels):
            return True
        box = box._value
    return False


def _is_shared(box: Box, levels: list[Box]) -> bool:
    """`levels` are the boxes from the innermost trace's to this one: their tapes hold it too."""
    value = box._value
    if isinstance(value, ndarray) and not _owned_root(value):
        return True
    # Most often nobody else holds it: the local name, the argument of getrefcount, the box.
    if getrefcount(value) == 3 and not _has_base(value):
        return False
    kept = _Kept(value, levels)
    for level in levels:
        if type(level._owner) is Tape:
            for entry in level._owner[level._key :]:
                kept.search(entry)
    return kept.leaves_some(id(value))


def _has_base(value: Any) -> bool:
    return isinstance(value, ndarray) and value.base is not None


def _owned_root(value: ndarray) -> bool:
    """Whether the memory is a plain array's, not a file's or another library's."""
    return value.base is None or (type(value.base) is ndarray and value.base.base is None)


class _Kept:
    """The references that a tape holds to a value, its memory, and views of that.

    Attributes: references, how often each array (by id) was met; arrays, the arrays by id.
    """

    def __init__(self, value: Any, levels: list[Box]) -> None:
        self.root = value.base if _has_base(value) else value
        self.arrays: dict[int, Any] = {id(value): value, id(self.root): self.root}
        self.references: dict[int, int] = {}
        # Which boxes lie inside one another is known, and what those hold was looked at.
        self._nested = set(map(id, levels))
        self._searched = set(self._nested)

    def search(self, entry: Any) -> None:
        """Count the references in a tape entry, through containers and closures."""
        stack = [entry]
        while stack:
            held = stack.pop()
            if id(held) in self._searched:
                continue
            self._searched.add(id(held))
            parts: tuple[Any, ...] | list[Any] = ()
            if isinstance(held, FunctionType):
                parts = (held.__closure__, held.__defaults__, held.__kwdefaults__)
            elif isinstance(held, _CONTAINERS) and type(held) is not Tape:
                parts = gc.get_referents(held)
            for part in parts:
                if self._is_kin(part) and id(part) not in self._nested:
                    self.references[id(part)] = self.references.get(id(part), 0) + 1
                    self.arrays[id(part)] = part
                if part is not None and not isinstance(part, ndarray):
                    stack.append(part)

    def _is_kin(self, part: Any) -> bool:
        """Whether `part` is the memory, a view of it, or a box of an outer trace of one of them."""
        if isinstance(part, Box):
            return part is self.root or self._is_kin(part._value)
        return part is self.root or (isinstance(part, ndarray) and part.base is self.root)

    def leaves_some(self, value_id: int) -> bool:
        """Whether any of the arrays met has a reference that was not counted."""
        counted, arrays = self.references, self.arrays
        for key in arrays:
            counted[key] = counted.get(key, 0) + 2  # the dict, and getrefcount's argument
            if isinstance(arrays[key], ndarray) and arrays[key].base is self.root:
                counted[id(self.root)] = counted.get(id(self.root), 0) + 1
        counted[value_id] += 2  # the box, and the name in `_is_shared`
        counted[id(self.root)] += 1  # self.root
        return any(getrefcount(arrays[key]) > counted[key] for key in arrays)
