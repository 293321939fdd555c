"""Tuples, lists and dicts as values that can be differentiated, nested as deeply as you like.

A traced container gives traced entries when it is read. `tuple`, `list` and `dict` here make a
traced container from entries of which some are boxes, which is how a function returns several.
"""

from __future__ import annotations

import builtins
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .containers import (
    DictBox,
    SequenceBox,
    container_take,
    dict_from_args,
    join,
    join_dict,
    sequence_from_args,
)
from .tracer import box_types, getval
from .vspace import VSpace, space_adopters, vspace

__all__ = [
    "ContainerVSpace",
    "DictBox",
    "DictVSpace",
    "ListVSpace",
    "NamedTupleVSpace",
    "SequenceBox",
    "SequenceVSpace",
    "TupleVSpace",
    "container_take",
    "dict",
    "dict_from_args",
    "isinstance",
    "list",
    "make_sequence",
    "pack",
    "sequence_from_args",
    "tuple",
    "type",
]


class _Maker(builtins.type):
    """A class that only makes traced containers of a kind, and knows plain ones as its own."""

    kind: Any

    def __instancecheck__(cls, x: Any) -> bool:
        return builtins.isinstance(x, cls.kind)


class tuple(metaclass=_Maker):  # noqa: A001, N801  (Autograd's names)
    """A tuple that is traced if one of its entries is."""

    kind = builtins.tuple

    def __new__(cls, entries: Iterable[Any] = ()) -> Any:
        return join(builtins.tuple, [*entries])


class list(metaclass=_Maker):  # noqa: A001, N801
    """A list that is traced if one of its entries is."""

    kind = builtins.list

    def __new__(cls, entries: Iterable[Any] = ()) -> Any:
        return join(builtins.list, [*entries])


class dict(metaclass=_Maker):  # noqa: A001, N801
    """A dict that is traced if one of its values is."""

    kind = builtins.dict

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        if args and builtins.isinstance(getval(args[0]), builtins.dict):
            args = (builtins.dict(args[0].items()), *args[1:])
        plain = builtins.dict(*args, **kwargs)
        return join_dict(builtins.dict, builtins.tuple(plain), [*plain.values()])


make_sequence = sequence_from_args


def isinstance(x: Any, kinds: Any) -> bool:  # noqa: A001
    """As the builtin, seeing through boxes: a boxed float is a float."""
    return builtins.isinstance(getval(x), kinds)


def type(x: Any) -> Any:  # noqa: A001
    """As the builtin, seeing through boxes."""
    return builtins.type(getval(x))


def pack(value: Any) -> Any:
    """`value`, with plain containers that hold boxes turned into traced ones."""
    kind = builtins.type(value)
    if kind in (builtins.tuple, builtins.list) or hasattr(value, "_fields"):
        entries = [pack(entry) for entry in value]
        if any(builtins.type(entry) in box_types for entry in entries):
            return join(kind, entries)
    elif kind in (builtins.dict, OrderedDict):
        entries = [pack(entry) for entry in value.values()]
        if any(builtins.type(entry) in box_types for entry in entries):
            return join_dict(kind, builtins.tuple(value), entries)
    return value


# -- vector spaces ---------------------------------------------------------------------------------


class ContainerVSpace(VSpace):
    """Containers of one structure, each entry in a space of its own.

    Attributes: kind (tuple, list or dict), keys, spaces.
    """

    def __init__(self, value: Any) -> None:
        self.kind = builtins.type(value)
        self.keyed = builtins.isinstance(value, builtins.dict)
        self.keys = builtins.list(value) if self.keyed else range(len(value))
        self.spaces = [vspace(value[key]) for key in self.keys]

    @property
    def size(self) -> int:  # type: ignore[override]
        return sum(space.size for space in self.spaces)

    def _build(self, entries: Iterable[Any]) -> Any:
        if self.keyed:
            return join_dict(self.kind, self.keys, [*entries])
        return join(self.kind, [*entries])

    def zeros(self) -> Any:
        return self._build([space.zeros() for space in self.spaces])

    def ones(self) -> Any:
        return self._build([space.ones() for space in self.spaces])

    def standard_basis(self) -> Iterator[Any]:
        for key, space in zip(self.keys, self.spaces):
            for vector in space.standard_basis():
                entries = zip(self.keys, self.spaces)
                yield self._build(vector if k == key else s.zeros() for k, s in entries)

    def randn(self) -> Any:
        return self._build([space.randn() for space in self.spaces])

    @staticmethod
    def completed(like: Any, given: builtins.dict[Any, Any]) -> Any:
        """The entries `given` by key, zeros for the others that the plain container `like` has."""
        keyed = builtins.isinstance(like, builtins.dict)
        keys = builtins.tuple(like) if keyed else range(len(like))
        entries = [
            given[key] if given.get(key) is not None else vspace(like[key]).zeros() for key in keys
        ]
        if keyed:
            return join_dict(builtins.type(like), keys, entries)
        return join(builtins.type(like), entries)

    def _map(self, fun: Callable[..., Any], *xs: Any) -> builtins.list[Any]:
        return [fun(space, *(x[key] for x in xs)) for key, space in zip(self.keys, self.spaces)]

    def add(self, x: Any, y: Any) -> Any:
        return self._build(self._map(lambda space, a, b: space.add(a, b), x, y))

    def _mut_add(self, x: Any, y: Any) -> Any:
        return self.add(x, y)

    def scalar_mul(self, x: Any, a: Any) -> Any:
        return self._build(self._map(lambda space, entry: space.scalar_mul(entry, a), x))

    def inner_prod(self, x: Any, y: Any) -> Any:
        return sum(self._map(lambda space, a, b: space.inner_prod(a, b), x, y))

    def covector(self, x: Any) -> Any:
        return self._build(self._map(lambda space, entry: space.covector(entry), x))


for _kind in (builtins.tuple, builtins.list, builtins.dict):
    ContainerVSpace.register(_kind)


def _container_space(value_type: Any) -> Any:
    """The space of kinds of containers that are rebuilt from their entries alone."""
    named = issubclass(value_type, builtins.tuple) and hasattr(value_type, "_fields")
    return ContainerVSpace if named or issubclass(value_type, OrderedDict) else None


space_adopters.append(_container_space)
SequenceVSpace = TupleVSpace = ListVSpace = NamedTupleVSpace = DictVSpace = ContainerVSpace
