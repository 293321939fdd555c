"""How arrays lie in memory, computed from shapes and strides alone, as NumPy does it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import prod

Shape = Sequence[int]
Strides = tuple[int, ...]


def contiguous(shape: Shape, itemsize: int) -> Strides:
    """The strides of an array in C order."""
    strides, step = [], itemsize
    for n in reversed(shape):
        strides.append(step)
        step *= max(n, 1)
    return tuple(reversed(strides))


def same_layout(shape: Shape, one: Strides, two: Strides) -> bool:
    """Whether strides lead to the same entries: those of axes of length 1 do not matter."""
    return one == two or 0 in shape or all(a == b for n, a, b in zip(shape, one, two) if n != 1)


def axis_order(strides: Strides) -> list[int]:
    """The axes from the slowest to the fastest; the first ones first where they are equal."""
    return sorted(range(len(strides)), key=lambda axis: -abs(strides[axis]))


def keeping_order(shape: Shape, strides: Strides, itemsize: int) -> Strides:
    """The strides of a dense array whose axes are in the same order (NumPy's order="K")."""
    order = axis_order(strides)
    dense = contiguous([shape[axis] for axis in order], itemsize)
    found = dict(zip(order, dense))
    return tuple(found[axis] for axis in range(len(shape)))


def reshaped(shape: Shape, strides: Strides, wanted: Shape) -> Strides | None:
    """The strides of a view of shape `wanted`; None where the entries must be copied for it.

    Axes are taken from both sides in groups of equal size. A group of axes can be cut anew if it is
    one run through memory.
    """
    old = [(n, s) for n, s in zip(shape, strides) if n != 1]
    new = [(axis, n) for axis, n in enumerate(wanted) if n != 1]
    found = dict.fromkeys(range(len(wanted)), 0)
    while old and new:
        group, cut = [old.pop()], [new.pop()]
        while (a := prod(n for n, _ in group)) != (b := prod(n for _, n in cut)):
            (group.append(old.pop()) if a < b else cut.append(new.pop()))
        if any(left[1] != right[0] * right[1] for right, left in pairwise(group)):
            return None
        step = group[0][1]
        for axis, n in cut:
            found[axis] = step
            step *= n
    return tuple(found[axis] for axis in range(len(wanted)))
