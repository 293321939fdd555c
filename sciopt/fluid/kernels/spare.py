"""Results that are too large to be made anew: the memory of the last one, once nobody holds it.

A search asks for as many states in each evaluation. Their pages come from the operating system one
fault after the other: of 26 ns for each cell and step at 256 x 256 cells that was 8, and of 52 at
1024 x 1024 it was 15.
"""

from __future__ import annotations

import sys
import threading

import numpy as np

_HELD_HERE = 2
"""References to the array kept where nobody else has one: the attribute, and the argument of
`getrefcount`."""


class _Last(threading.local):
    """The last array that was given out, one for each thread that calls kernels."""

    def __init__(self) -> None:
        self.array = np.empty(0)


_last = _Last()


def fresh(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Uninitialised array, the caller's for as long as there is a reference to it or to a view."""
    fits = _last.array.shape == shape and _last.array.dtype == dtype
    if not (fits and sys.getrefcount(_last.array) == _HELD_HERE):
        _last.array = np.empty(0)  # lets go of the old one before there is another
        _last.array = np.empty(shape, dtype)
    return _last.array
