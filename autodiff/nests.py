"""Nests: tuples, lists, dicts and named tuples, as deep as you like, and their leaves in order.

Operators that run a user's function again and again work on the flat list of leaves; the user sees
the nest. Traced containers are read through, so that their leaves are boxes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as onp

from .running import settled
from .tracer import getval, isbox


@dataclass(frozen=True)
class Structure:
    """The shape of a nest, without its leaves.

    Attributes:
        kind: tuple, list, dict or a class of named tuples; None for a leaf.
        keys: positions, or the keys of a dict.
        children: one structure per key.
    """

    kind: Any
    keys: tuple[Any, ...] = ()
    children: tuple[Structure, ...] = ()


LEAF = Structure(None)


def flatten(nest: Any) -> tuple[list[Any], Structure]:
    """The leaves of `nest`, first to last, and its structure.

    Arrays that were filled in place under a trace come as the values that they ended with.
    """
    leaves: list[Any] = []
    return leaves, _collect(nest, leaves)


def _collect(nest: Any, leaves: list[Any]) -> Structure:
    plain = getval(nest)
    kind = type(plain)
    if kind is dict:
        keys = tuple(plain)
    elif kind in (tuple, list) or (isinstance(plain, tuple) and hasattr(plain, "_fields")):
        keys = tuple(range(len(plain)))
    else:
        leaves.append(settled(nest))
        return LEAF
    return Structure(kind, keys, tuple(_collect(nest[key], leaves) for key in keys))


def unflatten(structure: Structure, leaves: Sequence[Any]) -> Any:
    """The nest of that structure with these leaves."""
    return _build(structure, iter(leaves))


def _build(structure: Structure, leaves: Iterator[Any]) -> Any:
    if structure.kind is None:
        return next(leaves)
    entries = [_build(child, leaves) for child in structure.children]
    if structure.kind is dict:
        return dict(zip(structure.keys, entries))
    if structure.kind in (tuple, list):
        return structure.kind(entries)
    return structure.kind(*entries)


def paths(structure: Structure, name: str) -> list[str]:
    """How a user would write each leaf: ``state['w'][0]``."""
    if structure.kind is None:
        return [name]
    pairs = zip(structure.keys, structure.children)
    return [path for key, child in pairs for path in paths(child, f"{name}[{key!r}]")]


def describe(structure: Structure) -> str:
    """A structure in words that fit into an error message."""
    if structure.kind is None:
        return "an array or number"
    if structure.kind is dict:
        return f"a dict with keys {list(structure.keys)}"
    return f"a {structure.kind.__name__} of {len(structure.keys)}"


def map_leaves(fun: Callable[[Any], Any], nest: Any) -> Any:
    """`nest`, with `fun` applied to each of its leaves."""
    leaves, structure = flatten(nest)
    return unflatten(structure, [fun(leaf) for leaf in leaves])


def is_differentiable(leaf: Any) -> bool:
    """Whether a leaf is a float or complex number, or an array of them."""
    plain = getval(leaf)
    if isinstance(plain, onp.ndarray):
        return plain.dtype.kind in "fc"
    return isinstance(plain, (float, complex, onp.inexact))


def leaf_type(leaf: Any) -> tuple[Any, ...]:
    """What a leaf must keep from step to step: shape and dtype, or the type of another value."""
    plain = getval(leaf)
    if isinstance(plain, onp.ndarray):
        return plain.shape, plain.dtype
    if isinstance(plain, (bool, int, float, complex, onp.generic)):
        return (), onp.asarray(plain).dtype
    return (type(plain),)


def nbytes(leaf: Any) -> int:
    """Bytes of the arrays in a leaf; tangents that are pushed along count too."""
    if isbox(leaf):
        key = leaf._key
        tangents = key if isinstance(key, list) else [key]
        # Other traces' keys are positions or nodes.
        return nbytes(leaf._value) + sum(getattr(t, "nbytes", 0) for t in tangents)
    return int(getattr(leaf, "nbytes", 8 if isinstance(leaf, (int, float, complex)) else 0))


def traces_of(leaves: Iterable[Any]) -> dict[int, Any]:
    """The traces, by level, that follow any of the leaves."""
    traces: dict[int, Any] = {}
    for leaf in leaves:
        while isbox(leaf):
            traces[leaf._owner.level] = leaf._owner
            leaf = leaf._value
    return traces
