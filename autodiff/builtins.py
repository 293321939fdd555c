"""Tuples, lists and dicts as values that can be differentiated, nested as deeply as you like.

A traced container gives traced entries when it is read. `tuple`, `list` and `dict` here make a
traced container from entries of which some are boxes, which is how a function returns several.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .core import defjvp, defjvp_argnums, defvjp, defvjp_argnum
from .tracer import Box, box_types, getval, primitive
from .vspace import VSpace, vspace

# -- reading an entry ------------------------------------------------------------------------------


@primitive
def container_take(container: Any, key: Any) -> Any:
    """container[key], traced."""
    return container[key]


@primitive
def container_untake(g: Any, key: Any, space: ContainerVSpace) -> Any:
    """The zero of `space`, but for the entry `key`, which is g."""
    return space.with_entry(key, g)


defvjp(
    container_take,
    lambda ans, container, key: _untake_into(vspace(container), key),
    argnums=(0,),
)
defjvp(container_take, lambda g, ans, container, key: container_take(g, key))
defvjp(container_untake, lambda ans, g, key, space: lambda h: container_take(h, key))
defjvp(container_untake, lambda g_dot, ans, g, key, space: container_untake(g_dot, key, space))


def _untake_into(space: VSpace, key: Any) -> Callable[[Any], Any]:
    return lambda g: container_untake(g, key, space)


class SequenceBox(Box):
    """A traced tuple or list."""

    __slots__ = ()

    def __getitem__(self, key: Any) -> Any:
        return container_take(self, key)

    def __len__(self) -> int:
        return len(self._value)

    def __iter__(self) -> Iterator[Any]:
        return (self[k] for k in range(len(self)))

    def __contains__(self, x: Any) -> bool:
        return x in self._value

    def __add__(self, other: Any) -> Any:
        return sequence_from_args(getval(self).__class__, *self, *other)

    def __radd__(self, other: Any) -> Any:
        return sequence_from_args(getval(self).__class__, *other, *self)

    def index(self, x: Any) -> int:
        """The position of the first entry that equals x."""
        return self._value.index(x)


class DictBox(Box):
    """A traced dict."""

    __slots__ = ()

    def __getitem__(self, key: Any) -> Any:
        return container_take(self, key)

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
        return builtins.list(self[key] for key in self)

    def items(self) -> Any:
        """Pairs of a key and its traced entry."""
        return builtins.list((key, self[key]) for key in self)

    def get(self, key: Any, default: Any = None) -> Any:
        """The traced entry, or `default` where there is none."""
        return container_take(self, key) if key in self else default


SequenceBox.register(builtins.tuple)
SequenceBox.register(builtins.list)
DictBox.register(builtins.dict)

# -- making containers -----------------------------------------------------------------------------


@primitive
def sequence_from_args(kind: Callable[[Any], Any], *entries: Any) -> Any:
    """A tuple or list (`kind`) of the entries."""
    return kind(entries)


@primitive
def dict_from_args(keys: Any, *entries: Any) -> Any:
    """A dict of the entries."""
    return builtins.dict(zip(keys, entries))


defvjp_argnum(
    sequence_from_args,
    lambda argnum, ans, args, kwargs: lambda g: container_take(g, argnum - 1),
)
defvjp_argnum(
    dict_from_args,
    lambda argnum, ans, args, kwargs: lambda g: container_take(g, args[0][argnum - 1]),
)


def _join_jvp(fun: Callable[..., Any]) -> Callable[..., Any]:
    def rule(argnums: Any, gs: Any, ans: Any, args: Any, kwargs: Any) -> Any:
        given = builtins.dict(zip(argnums, gs))
        entries = [given[k] if k in given else vspace(args[k]).zeros() for k in range(1, len(args))]
        return fun(args[0], *entries)

    return rule


for _fun in (sequence_from_args, dict_from_args):
    defjvp_argnums(_fun, _join_jvp(_fun))


def tuple(entries: Iterable[Any] = ()) -> Any:  # noqa: A001  (Autograd's name)
    """A tuple that is traced if one of its entries is."""
    return sequence_from_args(builtins.tuple, *entries)


def list(entries: Iterable[Any] = ()) -> Any:  # noqa: A001
    """A list that is traced if one of its entries is."""
    return sequence_from_args(builtins.list, *entries)


def dict(*args: Any, **kwargs: Any) -> Any:  # noqa: A001
    """A dict that is traced if one of its values is."""
    plain = builtins.dict(*args, **kwargs)
    return dict_from_args(builtins.tuple(plain), *plain.values())


def isinstance(x: Any, kinds: Any) -> bool:  # noqa: A001
    """As the builtin, seeing through boxes: a boxed float is a float."""
    return builtins.isinstance(getval(x), kinds)


def type(x: Any) -> Any:  # noqa: A001
    """As the builtin, seeing through boxes."""
    return builtins.type(getval(x))


def pack(value: Any) -> Any:
    """`value`, with plain containers that hold boxes turned into traced ones."""
    kind = builtins.type(value)
    if kind in (builtins.tuple, builtins.list):
        entries = [pack(entry) for entry in value]
        if any(builtins.type(entry) in box_types for entry in entries):
            return sequence_from_args(kind, *entries)
    elif kind is builtins.dict:
        entries = [pack(entry) for entry in value.values()]
        if any(builtins.type(entry) in box_types for entry in entries):
            return dict_from_args(builtins.tuple(value), *entries)
    return value


# -- vector spaces ---------------------------------------------------------------------------------


class ContainerVSpace(VSpace):
    """Containers of one structure, each entry in a space of its own.

    Attributes: kind (tuple, list or dict), keys, spaces.
    """

    def __init__(self, value: Any) -> None:
        self.kind = builtins.type(value)
        self.keys = builtins.list(value) if self.kind is builtins.dict else range(len(value))
        self.spaces = [vspace(value[key]) for key in self.keys]

    @property
    def size(self) -> int:  # type: ignore[override]
        return sum(space.size for space in self.spaces)

    def _build(self, entries: Iterable[Any]) -> Any:
        if self.kind is builtins.dict:
            return dict(zip(self.keys, entries))
        return sequence_from_args(self.kind, *entries)

    def zeros(self) -> Any:
        return self._build([space.zeros() for space in self.spaces])

    def ones(self) -> Any:
        return self._build([space.ones() for space in self.spaces])

    def standard_basis(self) -> Iterator[Any]:
        for key, space in zip(self.keys, self.spaces):
            for vector in space.standard_basis():
                yield self.with_entry(key, vector)

    def randn(self) -> Any:
        return self._build([space.randn() for space in self.spaces])

    def with_entry(self, key: Any, g: Any) -> Any:
        """Zeros, but for the entry (or slice of entries) `key`, which is g."""
        entries = [space.zeros() for space in self.spaces]
        if self.kind is builtins.dict:
            entries[self.keys.index(key)] = g
        else:
            entries[key] = g
        return self._build(entries)

    def _map(self, fun: Callable[..., Any], *xs: Any) -> builtins.list[Any]:
        return [fun(space, *(x[key] for x in xs)) for key, space in zip(self.keys, self.spaces)]

    def add(self, x: Any, y: Any) -> Any:
        return self._build(self._map(lambda space, a, b: space.add(a, b), x, y))

    def scalar_mul(self, x: Any, a: Any) -> Any:
        return self._build(self._map(lambda space, entry: space.scalar_mul(entry, a), x))

    def inner_prod(self, x: Any, y: Any) -> Any:
        return sum(self._map(lambda space, a, b: space.inner_prod(a, b), x, y))

    def covector(self, x: Any) -> Any:
        return self._build(self._map(lambda space, entry: space.covector(entry), x))


for _kind in (builtins.tuple, builtins.list, builtins.dict):
    ContainerVSpace.register(_kind)
