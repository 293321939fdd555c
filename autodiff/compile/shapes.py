"""Shapes that arrays of other shapes are broadcast to, remembered: programs have few of them."""

from __future__ import annotations

from functools import lru_cache

import numpy as onp

Shape = tuple[int, ...]


def broadcast_shape(*shapes: Shape) -> Shape:
    """numpy.broadcast_shapes.

    Raises:
        ValueError: they cannot be broadcast to one another.
    """
    first = shapes[0]
    for other in shapes:
        if other != first:
            return _broadcast_shape(shapes)
    return first


@lru_cache(maxsize=4096)
def _broadcast_shape(shapes: tuple[Shape, ...]) -> Shape:
    return onp.broadcast_shapes(*shapes)
