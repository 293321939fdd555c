"""Working memory that outlives a call.

Fresh arrays of this size go back to the operating system after every call, and the page faults of
the next one took a third of a step and its adjoint at 110 x 110 cells.
"""

from __future__ import annotations

import math
import threading

import numpy as np

ALIGNMENT = 64  # a cache line: a vector of that size that crosses one takes two accesses


class _Arrays(threading.local):
    """Arrays by name, one set for each thread that calls kernels."""

    def __init__(self) -> None:
        self.by_name: dict[str, np.ndarray] = {}


_arrays = _Arrays()


def scratch(name: str, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Uninitialised array, the caller's until the same thread asks for the same name again."""
    held = _arrays.by_name.get(name)
    if held is None or held.shape != shape or held.dtype != dtype:
        size = math.prod(shape) * dtype.itemsize
        raw = np.empty(size + ALIGNMENT, np.uint8)
        start = -raw.ctypes.data % ALIGNMENT
        held = raw[start : start + size].view(dtype).reshape(shape)
        _arrays.by_name[name] = held
    return held
