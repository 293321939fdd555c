"""Boxes: values that a trace follows.

A box stands in for its value while a function runs. Which class of box wraps a value is decided by
the value's exact type; `adopters` are asked for types that are not registered.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Protocol

next_level = itertools.count(1).__next__
"""Levels are never used twice, in no thread: two traces cannot be taken for one another."""


class Trace(Protocol):
    """What a box's owner has to offer."""

    level: int
    notrace: Any  # a set of primitives that pass through this trace unrecorded; None: see `run`

    def record(
        self,
        fun: Callable[..., Any],
        ans: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        argnums: Sequence[int],
        keys: Sequence[Any],
    ) -> Any:
        """Record ``ans = fun(*args, **kwargs)``; `args` at `argnums` were boxes with `keys`."""

    def node(self, key: Any) -> Any:
        """The node behind a box of this trace."""


class Box:
    """A value that a trace follows.

    `_value` is the value, itself a box if an outer trace follows it too; `_owner` the trace;
    `_key` how that trace finds the operation that made the value (a position, a tangent, a node).
    """

    __slots__ = ("_key", "_owner", "_value")
    __array_priority__ = 90.0

    type_mappings: ClassVar[dict[type, type[Box]]] = {}
    """Which box class wraps a value of a type. Box classes wrap themselves, for nested traces."""
    types: ClassVar[set[type]] = set()

    def __init__(self, value: Any, owner: Any, key: Any) -> None:
        self._value = value
        self._owner = owner
        self._key = key

    @property
    def _trace(self) -> int:
        """The level of the owning trace (Autograd's name)."""
        return self._owner.level

    @property
    def _node(self) -> Any:
        return self._owner.node(self._key)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return f"Autodiff {type(self).__name__} with value {self._value}"

    @classmethod
    def register(cls, value_type: type) -> None:
        """Let this class box values of exactly the type `value_type`."""
        Box.types.add(cls)
        Box.type_mappings[value_type] = cls
        Box.type_mappings[cls] = cls


box_type_mappings = Box.type_mappings
box_types: set[Any] = Box.types
adopters: list[Callable[[type], type[Box] | None]] = []
"""Asked in turn for the box class of a type that is not registered; an answer is remembered."""


def new_box(value: Any, owner: Any, key: Any) -> Any:
    """Box `value` for the trace `owner`.

    Raises:
        TypeError: values of this type cannot be differentiated.
    """
    try:
        box_type = box_type_mappings[type(value)]
    except KeyError:
        box_type = _adopt(type(value))
    return box_type(value, owner, key)


def _adopt(value_type: type) -> type[Box]:
    for adopter in adopters:
        box_type = adopter(value_type)
        if box_type is not None:
            box_type.register(value_type)
            return box_type
    raise TypeError(
        f"cannot differentiate with respect to a value of type {value_type.__name__}"
        " (floats, complex numbers, arrays of them, and tuples, lists and dicts of those can)"
    )


def isbox(x: Any) -> bool:
    """Whether `x` is followed by a trace."""
    return type(x) in box_types


recorded_types: set[type] = set()
"""The box types of recordings, whose values nobody may look at."""


def undifferentiated(x: Any) -> Any:
    """The plain value inside any number of boxes; of a recorded value, the recording's box.

    For what a rule is not differentiated in, such as indices: a constant to every derivative, but
    an operand to a recording.
    """
    while type(x) in box_types and type(x) not in recorded_types:
        x = x._value
    return x


def getval(x: Any) -> Any:
    """The plain value inside any number of boxes."""
    while type(x) in box_types:
        x = x._value
    return x
