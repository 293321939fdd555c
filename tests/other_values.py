"""Other values for arguments that a program was recorded with: all else about them is the same."""

from __future__ import annotations

from typing import Any

import numpy as onp


def empty_like(x: Any) -> Any:
    """An array of the shape, dtype and strides of `x`, its entries arbitrary."""
    backwards = sum(-(n - 1) * s for n, s in zip(x.shape, x.strides) if s < 0 and n)
    forwards = sum((n - 1) * s for n, s in zip(x.shape, x.strides) if s > 0 and n)
    buffer = onp.zeros(backwards + forwards + x.itemsize, onp.uint8)
    return onp.ndarray(x.shape, x.dtype, buffer, backwards, x.strides)


def flipped(x: Any) -> Any:
    """The same entries in another order: what was sorted is not. Numbers are changed a little."""
    if onp.ndim(x) == 0:
        return x * 1.03125
    other = empty_like(x)
    other[...] = onp.flip(x)
    return other
