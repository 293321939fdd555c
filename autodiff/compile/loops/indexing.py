"""Indices with arrays in them: which element of the indexed array each element of the result is.

NumPy's rule: the arrays are broadcast against each other; their axes stand where the arrays stood
if these were neighbours, and first if not. Whole numbers beside arrays count as arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as onp

from ..ir import Number, Value
from ..operations import Group, Slot


def entries_of(form: Any) -> list[Any]:
    """The entries of an index form, of which a tuple has several."""
    if isinstance(form, Group) and form.kind is tuple:
        return list(form.entries)
    return [form]


def slots_of(form: Any) -> list[int]:
    """The operands that are in an index."""
    return [entry.k for entry in entries_of(form) if isinstance(entry, Slot)]


def is_supported(form: Any, operands: Sequence[Value]) -> bool:
    """Whether all that is in the index is arrays of integers, numbers, slices, None and ..."""
    for entry in entries_of(form):
        if isinstance(entry, Slot):
            if operands[entry.k].dtype.kind not in "iu":
                return False
        elif isinstance(entry, Group):
            if entry.kind is not slice or any(isinstance(e, (Slot, Group)) for e in entry.entries):
                return False
        elif isinstance(entry, (bool, onp.bool_)) or not (
            entry is None or entry is Ellipsis or isinstance(entry, (int, onp.integer))
        ):
            return False
    return True


def _advanced(entry: Any) -> bool:
    return isinstance(entry, (Slot, int, onp.integer))


def indexed(inliner: Any, form: Any, value: Value, array: Number, index: Any) -> Any:
    """The index into `array` (a value's number, or its shape) of an element of the result.

    Args:
        value: the gather or scatter, whose operands the slots of the form are.
        index: into the result, or into what is scattered.
    """
    shape = inliner.program.values[array].shape if isinstance(array, int) else array
    entries = entries_of(form)
    taken = sum(1 for e in entries if e is not None and e is not Ellipsis)
    hidden = [Group(slice, (0, 1, 2), (None, None, None))] * (len(shape) - taken)
    at = next((k for k, e in enumerate(entries) if e is Ellipsis), len(entries))
    entries = [*entries[:at], *hidden, *entries[at + 1 :]]
    places = [k for k, e in enumerate(entries) if _advanced(e)]
    arrays = [
        inliner.program.values[value.operands[e.k]].shape for e in entries if isinstance(e, Slot)
    ]
    common = onp.broadcast_shapes(*arrays)
    together = places[-1] - places[0] + 1 == len(places)
    before = sum(1 for e in entries[: places[0]] if not _advanced(e)) if together else 0
    own = index[before : before + len(common)]
    rest = iter([*index[:before], *index[before + len(common) :]])
    found: list[Any] = []
    for entry in entries:
        if entry is None:
            next(rest)
            continue
        n = shape[len(found)]
        if isinstance(entry, Slot):
            k = value.operands[entry.k]
            found.append(inliner.entry(k, inliner.aligned(k, own), n))
        elif isinstance(entry, Group):
            start, _, step = slice(*entry.entries).indices(n)
            found.append(next(rest).times(step).plus(start))
        else:
            found.append(inliner.number(int(entry) % n))
    return tuple(found)


def unrolled_axes(shape: tuple[int, ...], forms: Sequence[Any]) -> int:
    """How many leading axes of a scatter are written out: a short one that no index array is for.

    What the index arrays make is then computed once for all of it.
    """
    return int(len(shape) > 1 and shape[0] <= 4 and all(map(_keeps_first, forms)))


def _keeps_first(form: Any) -> bool:
    """Whether an index begins with a slice, so that the first axis is that of the array."""
    first = entries_of(form)[0]
    return isinstance(first, Group) and first.kind is slice


def result_shape(shapes: Sequence[tuple[int, ...]], form: Any, shape: tuple[int, ...]) -> Any:
    """The shape of ``array[index]``, from the shapes of the operands and of the array."""
    examples = [onp.zeros(shapes[e.k], int) if isinstance(e, Slot) else e for e in entries_of(form)]
    made = tuple(slice(*e.entries) if isinstance(e, Group) else e for e in examples)
    return onp.broadcast_to(onp.zeros(()), shape)[made].shape
