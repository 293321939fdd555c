"""What lies behind an array that can be written to: its present value, plain or traced, and views.

A tape knows values, not places, so a write makes a new value of the whole array; whoever read
before keeps what was read. Writes of single entries (or rows) are only noted down, and become one
operation when somebody asks for the whole array: a loop that fills n entries, reading those that
it filled before, costs n small steps forward and backward.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp

from ..running import running, settled
from ..tracer import box_types, getval
from .assignment import index_set, index_shape, write_entries
from .broadcasting import metadata
from .indexing import getitem, names_traced
from .wrapper import wrapped_namespace as anp

Place = tuple[int, ...]


class Memory:
    """An array's entries.

    Attributes: shape, dtype; version, which counts writes.
    """

    __slots__ = ("_base", "_lent", "_level", "_noted", "dtype", "shape", "version")

    def __init__(self, base: Any, level: int | None = None, lent: bool = False) -> None:
        """`base` is a box, or a plain array, which if it is not `lent` nobody else knows."""
        self.shape, self.dtype = metadata(base)
        self.version = 0
        self._base = base
        self._level = running.level if level is None else level
        self._lent = lent  # whether others may hold the plain base, which then must not change
        self._noted: dict[Place, Any] = {}  # of places, all of one length, which differ from base

    def value(self) -> Any:
        """The array as it is now; what is returned will not change."""
        if self._noted:
            places = tuple(onp.array(axis) for axis in zip(*self._noted))
            self._base = write_entries(self._base, places, *self._noted.values())
            self._noted = {}
        self._lent = True
        return self._base

    def read(self, index: Any) -> Any:
        """The entry or entries at a plain index, as they are now."""
        place = _place(index, self.shape)
        if place is not None and self._noted:
            depth = len(next(iter(self._noted)))
            if len(place) >= depth:
                row = self._noted.get(place[:depth])
                if row is not None:
                    return row if len(place) == depth else row[place[depth:]]
                self._lent = self._lent or len(place) < len(self.shape)
                return self._base[place]
        elif place is not None and len(place) == len(self.shape):
            return self._base[place]
        return _read(self.value(), index)

    def write(self, index: Any, value: Any) -> None:
        """``self[index] = value``.

        Raises:
            TypeError: the value belongs to a trace that was begun after this array was made, or is
                complex where the array is real.
        """
        value = self._admitted(value)
        place = _place(index, self.shape)
        self.version += 1
        traced = type(value) in box_types or type(self._base) in box_types or names_traced(index)
        if traced or self._noted:
            if place and (len(place) == len(self.shape) or _is_in_c_order(self._base)):
                self._note(place, value)
            else:
                self._base = index_set(self.value(), _frozen(index), value)
        else:
            if self._lent:
                self._base, self._lent = self._base.copy("K"), False
            self._base[index] = value

    def _note(self, place: Place, value: Any) -> None:
        shape = self.shape[len(place) :]
        meta = metadata(value)
        if meta.dtype != self.dtype:
            value = anp["astype"](value, self.dtype)
        if meta.shape != shape:
            value = _stretched(value, meta.shape, shape)
        elif type(value) not in box_types:
            value = onp.array(value, self.dtype, order="C")[()]  # a copy: the original may change
        elif shape:
            value = anp["ascontiguousarray"](value)
        if self._noted and len(next(iter(self._noted))) != len(place):
            self.value()
        self._noted[place] = value

    def _admitted(self, value: Any) -> Any:
        value = settled(value)
        if type(value) in box_types:
            if value._owner.level > self._level:
                raise TypeError(
                    "a value that is being differentiated cannot be written into an array that was"
                    " made outside of the differentiated function: make the array inside of it"
                )
            if metadata(value).dtype.kind == "c" and self.dtype.kind != "c":
                raise TypeError("a complex value cannot be written into a real array")
        elif isinstance(value, (list, tuple)):
            value = anp["array"](value)
        return value


class View:
    """A part of a Memory, or another form of it, that shares its entries as NumPy's views do.

    Args:
        origin: what it is a view of.
        look: gives the view's value from the origin's, and their places from an array of places.
        index: the basic index that `look` reads, if it does.
    """

    __slots__ = ("_read_at", "_value", "index", "look", "origin")

    def __init__(self, origin: Memory | View, look: Callable[[Any], Any], index: Any = None):
        self.origin, self.look, self.index = origin, look, index
        self._read_at, self._value = -1, None

    @property
    def version(self) -> int:
        """The origin's."""
        return self.origin.version

    @property
    def dtype(self) -> Any:
        return metadata(self.value()).dtype

    @property
    def shape(self) -> tuple[int, ...]:
        if self.index is not None:
            return index_shape(self.origin.shape, self.index)
        return metadata(self.value()).shape

    def value(self) -> Any:
        """The view's entries as they are now."""
        if self._read_at != self.origin.version:
            origin = self.origin
            self._value = origin.read(self.index) if self._reads() else self.look(origin.value())
            self._read_at = self.origin.version
        return self._value

    def _reads(self) -> bool:
        return self.index is not None

    def read(self, index: Any) -> Any:
        """The entry or entries at a plain index, as they are now."""
        outer = _place(self.index, self.origin.shape) if self._reads() else None
        inner = _place(index, self.shape)
        if outer is not None and inner is not None:
            return self.origin.read(outer + inner)
        return _read(self.value(), index)

    def write(self, index: Any, value: Any) -> None:
        """``self[index] = value``, which writes to the origin.

        Raises:
            ValueError: the view is read-only, as NumPy's is, or is not made of the origin's
                entries one for one.
        """
        outer = _place(self.index, self.origin.shape) if self._reads() else None
        inner = _place(index, self.shape)
        if outer is not None and inner is not None:
            self.origin.write(outer + inner, value)
            return
        shape = self.origin.shape
        places = self.look(onp.arange(onp.prod(shape, dtype=int)).reshape(shape))
        if not places.flags.writeable or getval(self.value()).dtype != self.origin.dtype:
            raise ValueError(
                "this view cannot be written to: write to the array that it is a view of"
            )
        self.origin.write(onp.unravel_index(places[index], shape), value)


def _read(array: Any, index: Any) -> Any:
    return getitem(array, index) if names_traced(index) else array[index]


def _place(index: Any, shape: tuple[int, ...]) -> Place | None:
    """The index of a single entry or row as positions from 0; None if it is of another kind."""
    parts = index if type(index) is tuple else (index,)
    if len(parts) > len(shape):
        return None
    place = []
    for part, length in zip(parts, shape):
        if type(part) is not int:
            if not isinstance(part, onp.integer):
                return None
            part = int(part)
        if not -length <= part < length:
            return None  # NumPy says what is wrong
        place.append(part % length)
    return tuple(place)


def _is_in_c_order(base: Any) -> bool:
    """Whether a row is a contiguous piece of memory, as the value noted for it is.

    NumPy's ravel and reshape make views or copies depending on it, and so must ours.
    """
    return getval(base).flags.c_contiguous


def _stretched(value: Any, have: tuple[int, ...], shape: tuple[int, ...]) -> Any:
    surplus = max(0, len(have) - len(shape))
    if surplus and all(n == 1 for n in have[:surplus]):
        value = anp["reshape"](value, have[surplus:])
    if surplus and metadata(value).shape == shape:
        return value
    return anp["copy"](anp["broadcast_to"](value, shape))


def _frozen(index: Any) -> Any:
    """The index with its arrays and lists copied: the program may go on to change them."""
    if isinstance(index, tuple):
        return tuple(map(_frozen, index))
    return onp.array(index) if isinstance(index, (list, onp.ndarray)) else index
