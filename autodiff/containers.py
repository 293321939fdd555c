"""Boxes and primitives for tuples, lists and dicts: reading entries, and joining them.

Named tuples and OrderedDicts count as the tuples and dicts that they are.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from .boxes import adopters
from .core import Tape, defjvp, defjvp_argnums, defvjp, defvjp_argnum, primitive_vjps
from .cotangents import PartialContainer, densified
from .tracer import Box, getval, new_box, primitive
from .vspace import vspace

# -- reading an entry ------------------------------------------------------------------------------


@primitive
def container_take(container: Any, key: Any) -> Any:
    """container[key], traced."""
    return container[key]


defvjp(
    container_take,
    lambda ans, container, key: lambda g: _entry_cotangent(container, key, g),
    argnums=(0,),
)
defjvp(container_take, lambda g, ans, container, key: container_take(g, key))
_take_rule = primitive_vjps[container_take]


def _entry_cotangent(container: Any, key: Any, g: Any) -> PartialContainer:
    if isinstance(key, slice):
        positions = range(*key.indices(len(container)))
        return PartialContainer(container, ((k, g[j]) for j, k in enumerate(positions)))
    if not isinstance(getval(container), dict) and key < 0:
        key += len(container)
    return PartialContainer(container, ((key, g),))


def _take(box: Any, key: Any) -> Any:
    """box[key]; on a tape without the detour that other primitives take."""
    tape = box._owner
    short = tape.__class__ is Tape and (key.__class__ is int or key.__class__ is str)
    if not short or primitive_vjps.get(container_take) is not _take_rule:
        return container_take(box, key)
    if box._parts is not None:
        return box._parts[key]
    container = box._value
    entry = new_box(container[key], tape, len(tape))
    tape.append((_pull_entry, box._key, -1, (container, key)))
    return entry


def _pull_entry(g: Any, place: tuple[Any, Any]) -> PartialContainer:
    return _entry_cotangent(*place, densified(g))


class ContainerBox(Box):
    """A traced container.

    Attributes: _parts, the entries that it was made from; None for one that came as a whole.
    """

    __slots__ = ("_parts",)

    def __init__(self, value: Any, owner: Any, key: Any) -> None:
        super().__init__(value, owner, key)
        self._parts: Any = None


class SequenceBox(ContainerBox):
    """A traced tuple (named ones included) or list."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        fields = getattr(getval(self), "_fields", ())
        if name in fields:
            return self[fields.index(name)]
        raise AttributeError(f"a traced {type(self).__name__} has no attribute {name!r}")

    def __getitem__(self, key: Any) -> Any:
        return _take(self, key)

    def __len__(self) -> int:
        return len(self._value)

    def __iter__(self) -> Iterator[Any]:
        return (_take(self, k) for k in range(len(self._value)))

    def __contains__(self, x: Any) -> bool:
        return x in self._value

    def __add__(self, other: Any) -> Any:
        return join(_plain_kind(self), [*self, *other])

    def __radd__(self, other: Any) -> Any:
        return join(_plain_kind(self), [*other, *self])

    def index(self, x: Any) -> int:
        """The position of the first entry that equals x."""
        return self._value.index(x)


class DictBox(ContainerBox):
    """A traced dict (an OrderedDict included)."""

    __slots__ = ()

    def __getitem__(self, key: Any) -> Any:
        return _take(self, key)

    def __len__(self) -> int:
        return len(self._value)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._value)

    def __contains__(self, key: Any) -> bool:
        return key in self._value

    def keys(self) -> Iterable[Any]:
        """The keys, which are plain."""
        return self._value.keys()

    def values(self) -> Any:
        """The entries, traced."""
        return [self[key] for key in self]

    def items(self) -> Any:
        """Pairs of a key and its traced entry."""
        return [(key, self[key]) for key in self]

    def get(self, key: Any, default: Any = None) -> Any:
        """The traced entry, or `default` where there is none."""
        return container_take(self, key) if key in self else default

    iterkeys = __iter__

    def itervalues(self) -> Iterator[Any]:
        """As `values`, one after another."""
        return iter(self.values())

    def iteritems(self) -> Iterator[Any]:
        """As `items`, one after another."""
        return iter(self.items())


SequenceBox.register(tuple)
SequenceBox.register(list)
DictBox.register(dict)


def _container_box(value_type: Any) -> type[Box] | None:
    """The box of kinds of containers that are rebuilt from their entries alone."""
    if issubclass(value_type, tuple) and hasattr(value_type, "_fields"):
        return SequenceBox
    return DictBox if issubclass(value_type, OrderedDict) else None


adopters.append(_container_box)


def _plain_kind(x: Any) -> Any:
    """What the sum of two sequences is: a tuple of named ones has no names."""
    return list if isinstance(getval(x), list) else tuple


# -- making containers -----------------------------------------------------------------------------


@primitive
def sequence_from_args(kind: Callable[[Any], Any], *entries: Any) -> Any:
    """A tuple, named tuple or list (`kind`) of the entries."""
    return getattr(kind, "_make", kind)(entries)


@primitive
def dict_from_args(kind: Callable[[Any], Any], keys: Any, *entries: Any) -> Any:
    """A dict (`kind`) of the entries."""
    return kind(zip(keys, entries))


def join(kind: Any, entries: Sequence[Any]) -> Any:
    """A tuple, named tuple or list of the entries, traced if one of them is.

    Reading an entry of it gives that very entry back, with nothing recorded.
    """
    box = sequence_from_args(kind, *entries)
    if box.__class__ is SequenceBox:
        box._parts = entries
    return box


def join_dict(kind: Any, keys: Sequence[Any], entries: Sequence[Any]) -> Any:
    """As `join`, for dicts."""
    box = dict_from_args(kind, keys, *entries)
    if box.__class__ is DictBox:
        box._parts = dict(zip(keys, entries))
    return box


defvjp_argnum(
    sequence_from_args,
    lambda argnum, ans, args, kwargs: lambda g: container_take(g, argnum - 1),
)
defvjp_argnum(
    dict_from_args,
    lambda argnum, ans, args, kwargs: lambda g: container_take(g, args[1][argnum - 2]),
)


def _join_jvp(fun: Callable[..., Any], first: int) -> Callable[..., Any]:
    def rule(argnums: Any, gs: Any, ans: Any, args: Any, kwargs: Any) -> Any:
        given = dict(zip(argnums, gs))
        entries = [
            given[k] if k in given else vspace(args[k]).zeros() for k in range(first, len(args))
        ]
        return fun(*args[:first], *entries)

    return rule


defjvp_argnums(sequence_from_args, _join_jvp(sequence_from_args, 1))
defjvp_argnums(dict_from_args, _join_jvp(dict_from_args, 2))
