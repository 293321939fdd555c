"""Adding up tangents and cotangents: in fresh memory, or in place where that is safe."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from numpy import ndarray

from .boxes import Box, getval
from .tracer import primitive
from .vspace import VSpace, space_class, vspace

additive_types: set[type] = {float, complex, ndarray}
"""Types whose + is the addition of their vector space (a tuple's is not)."""


class SparseObject:
    """A cotangent that is zero but for a few places: it adds itself to a dense one.

    Args:
        vs: the space it lives in.
        mut_add: adds it to a plain dense element of `vs`, in place, and returns that element.
    """

    __slots__ = ("mut_add", "vs")

    def __init__(self, vs: VSpace, mut_add: Callable[[Any], Any]) -> None:
        self.vs = vs
        self.mut_add = mut_add


class SparseBox(Box):
    """A traced SparseObject: what a rule returns when it is differentiated itself."""

    __slots__ = ()


SparseBox.register(SparseObject)
VSpace.register(SparseObject, lambda value: value.vs)


@primitive
def sparse_add(space: VSpace, dense: Any, sparse: Any) -> Any:
    """`dense` (None for zero) plus a SparseObject, in fresh memory."""
    total = sparse.mut_add(space.zeros())
    return total if dense is None else add_cotangents(dense, total)


class PartialContainer:
    """The cotangent of a container of which some entries were read.

    Adding one entry costs the same however long the container is.

    Attributes: like (the container), entries (key -> cotangent; a slice is many keys).
    """

    __slots__ = ("entries", "like")

    def __init__(self, like: Any, entries: Iterable[tuple[Any, Any]]) -> None:
        self.like = like
        self.entries = dict(entries)

    def add(self, other: PartialContainer) -> None:
        """Add the entries of `other` to this one, in place."""
        for key, g in other.entries.items():
            known = self.entries.get(key)
            self.entries[key] = g if known is None else add_cotangents(known, g)

    def dense(self) -> Any:
        """A container with zeros for what was not read."""
        plain = getval(self.like)
        space: Any = space_class(type(plain))
        return space.completed(plain, self.entries)


sparse_types = frozenset((SparseObject, SparseBox, PartialContainer))
"""What `accumulate` has to look at even where it is the first cotangent."""


def densified(g: Any) -> Any:
    """`g`, as a container if it is part of one."""
    return g.dense() if g.__class__ is PartialContainer else g


def accumulate(cotangents: list[Any], owned: set[int], k: int, g: Any) -> None:
    """Add `g` to the cotangent at position k, in place only if k is in `owned`.

    `owned` are the positions whose cotangent is a sum that this backward pass allocated. What a
    rule returned may be the very g that it was given, a view, or the caller's array.
    """
    previous = cotangents[k]
    if previous.__class__ is ndarray and g.__class__ is ndarray:
        if k not in owned:
            cotangents[k] = total = previous + g
            if total.__class__ is ndarray:  # a sum of 0-d arrays is a NumPy scalar
                owned.add(k)
        elif g.shape == previous.shape and g.dtype == previous.dtype:
            previous += g
        else:
            cotangents[k] = previous + g
    elif g.__class__ in sparse_types:
        _accumulate_sparse(cotangents, owned, k, g)
    elif previous is None:
        cotangents[k] = g
    elif g is not None:
        cotangents[k] = add_cotangents(densified(previous), g)
        owned.discard(k)


def _accumulate_sparse(cotangents: list[Any], owned: set[int], k: int, g: Any) -> None:
    previous = cotangents[k]
    if g.__class__ is PartialContainer:
        if previous is None:
            cotangents[k] = g
        elif previous.__class__ is PartialContainer:
            previous.add(g)  # the first one was made by a rule, for this sum alone
        else:
            cotangents[k] = add_cotangents(previous, g.dense())
    elif g.__class__ is SparseBox:
        cotangents[k] = sparse_add(vspace(g), previous, g)
        owned.discard(k)
    elif k in owned:
        cotangents[k] = g.mut_add(previous)
    elif previous.__class__ is ndarray or previous is None:
        # One dense array for all the entries still to come: indexing in a loop stays linear.
        dense = g.mut_add(g.vs.zeros())
        if previous is not None:
            dense = dense + previous
        cotangents[k] = dense
        if dense.__class__ is ndarray:
            owned.add(k)
    else:
        cotangents[k] = add_cotangents(previous, g.mut_add(g.vs.zeros()))


def add_cotangents(previous: Any, g: Any) -> Any:
    """The sum of two tangents or cotangents, in fresh memory."""
    kinds: tuple[Any, Any] = (previous.__class__, g.__class__)
    if kinds[0] in additive_types and kinds[1] in additive_types:
        return previous + g
    return vspace(previous).add(previous, g)


def sum_cotangents(gs: Sequence[Any], like: Any) -> Any:
    """The sum of tangents or cotangents, of which each may be None; zeros of `like`'s space."""
    total = None
    for g in gs:
        if g is not None:
            total = g if total is None else add_cotangents(total, g)
    return vspace(like).zeros() if total is None else total
