"""Arrays that can be written to while they are traced.

Inside a function that is being differentiated, the functions of `creation`, and copies, give a
WritableArray where NumPy gives a new array of floats. It reads and writes as NumPy's arrays do:
views, by whatever function, share its entries. To a primitive it is a box of a trace above all
others, whose primitives see the present value in its place: what a rule keeps never changes.

A traced array that was computed from others is not writable: whoever wants to write makes a copy.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from math import inf
from typing import Any, ClassVar

import numpy as onp

from ..running import running
from ..tracer import Box, box_types, getval
from .array_box import ArrayBox
from .indexing import getitem, plain_index
from .memory import Memory, View
from .wrapper import wrapped_namespace as anp

_slot: Any = Box.__dict__["_value"]


class _WritableTrace:
    """The owner of all writable arrays: gives primitives their present value, records nothing."""

    level: ClassVar[Any] = inf
    notrace: ClassVar[frozenset[Any]] = frozenset()

    def record(
        self,
        fun: Callable[..., Any],
        ans: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        argnums: Sequence[int],
        keys: Sequence[Any],
    ) -> Any:
        """`ans`, writable in its turn; a view that follows its origin where NumPy makes a view."""
        if len(argnums) != 1:
            return made(ans, lent=True)
        k, memory, origin = argnums[0], keys[0], getval(args[argnums[0]])

        def look(array: Any) -> Any:
            return fun(*args[:k], array, *args[k + 1 :], **kwargs)

        if type(ans) in (list, tuple):
            return type(ans)(
                writable(View(memory, lambda array, i=i: look(array)[i]))  # type: ignore[misc]
                if _shares(part, origin)
                else part
                for i, part in enumerate(ans)
            )
        return writable(View(memory, look)) if _shares(ans, origin) else made(ans, lent=True)

    def node(self, key: Any) -> Any:
        """There is no node behind a place in memory."""
        return key


def _shares(x: Any, origin: Any) -> bool:
    plain = getval(x)
    return plain.__class__ is onp.ndarray and onp.may_share_memory(plain, origin)


class WritableArray(ArrayBox):
    """An array of floats whose entries can be written to, plain or traced."""

    __slots__ = ()

    _owner = _WritableTrace()

    @property
    def _key(self) -> Any:
        return _slot.__get__(self)

    @property
    def _value(self) -> Any:
        return _slot.__get__(self).value()

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the axes, as plain integers."""
        return self._key.shape

    @property
    def dtype(self) -> onp.dtype[Any]:
        """The dtype of the entries."""
        return self._key.dtype

    @property
    def size(self) -> int:
        """The number of entries."""
        return int(onp.prod(self._key.shape))

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of unsized object")
        return self.shape[0]

    def __iter__(self) -> Any:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, index: Any) -> Any:
        """self[index]: a view of this array wherever NumPy's would be one."""
        index = plain_index(index)
        memory = self._key
        entries = memory.read(index)
        plain = getval(entries)
        if plain.__class__ is not onp.ndarray:
            return entries
        if _is_basic(index):
            return writable(View(memory, lambda array: getitem(array, index), index))
        return entries if type(entries) in box_types else writable(Memory(onp.array(entries)))

    def __setitem__(self, index: Any, value: Any) -> None:
        memory = self._key
        if type(value) is WritableArray and _is_view_of(value._key, memory, index):
            return  # y[i] += v: the view y[i] has written to y already
        memory.write(plain_index(index), value)

    def copy(self, order: str = "C") -> Any:
        """An array of its own with the same entries."""
        return copied(self, order)


def _is_basic(index: Any) -> bool:
    parts = index if type(index) is tuple else (index,)
    return all(
        part is None or part is Ellipsis or isinstance(part, (int, slice, onp.integer))
        for part in parts
        if not isinstance(part, (bool, onp.bool_))
    ) and not any(isinstance(part, (bool, onp.bool_)) for part in parts)


def _is_view_of(view: Any, memory: Any, index: Any) -> bool:
    if type(view) is not View or view.origin is not memory or view.index is None:
        return False
    return _is_basic(index) and repr(view.index) == repr(index)


box_types.add(WritableArray)
# A trace of its own boxes what the array holds when the trace begins, not the array.
Box.type_mappings[WritableArray] = lambda value, owner, key: ArrayBox(  # type: ignore[assignment]
    value._value, owner, key
)


def writable(memory: Memory | View) -> WritableArray:
    """The array that shows what `memory` holds."""
    array = WritableArray.__new__(WritableArray)
    _slot.__set__(array, memory)
    return array


def made(array: Any, lent: bool = False) -> Any:
    """A new plain array, made writable if this thread is tracing and it is one of floats."""
    if running.depth and type(array) is onp.ndarray and array.dtype.kind in "fc":
        return writable(Memory(array, lent=lent))
    return array


def copied(x: Any, order: str = "C") -> WritableArray:
    """A writable copy of a box, in that memory order."""
    value = anp["copy"](x._value if type(x) is WritableArray else x, order)
    return writable(Memory(value, None if running.depth else _level_of(value)))


def _level_of(value: Any) -> int:
    return value._owner.level if type(value) in box_types else 0


def _setitem(box: ArrayBox, index: Any, value: Any) -> None:
    """box[index] = value, for traced arrays that were computed: their memory is not theirs alone.

    Whether NumPy would show the write elsewhere, in views and in what they are views of, can't be
    told from a value.

    Raises:
        TypeError: it holds a number, or integers.
        ValueError: it is an array of floats.
    """
    plain = getval(box)
    if plain.__class__ is not onp.ndarray:
        raise TypeError(f"a traced {plain.__class__.__name__} does not support item assignment")
    if plain.dtype.kind not in "fc":
        raise TypeError(f"a traced array of {plain.dtype} cannot be written to")
    raise ValueError(
        "a traced array that was computed or given cannot be written to; write into a copy:"
        " y = y.copy(), or into an array that was made in the function, by zeros, array, ..."
    )


ArrayBox.__setitem__ = _setitem  # type: ignore[method-assign]


def _operators(name: str) -> Iterator[tuple[str, Callable[[Any, Any], Any]]]:
    """The operator of present values, its reflected form, and the one that writes in place."""
    compute = getattr(operator, name)

    def forward(self: WritableArray, other: Any) -> Any:
        return made(compute(self._value, other))

    def reflected(self: WritableArray, other: Any) -> Any:
        return made(compute(other, self._value))

    def in_place(self: WritableArray, other: Any) -> Any:
        self[...] = compute(self._value, other)
        return self

    return zip((f"__{name}__", f"__r{name}__", f"__i{name}__"), (forward, reflected, in_place))


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul"):
    for _operator in _operators(_name):
        setattr(WritableArray, *_operator)
