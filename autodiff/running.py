"""What this thread is tracing now: whether arrays that are made must be able to hold traced values.

Functions that make arrays, `autodiff.numpy.zeros` and its kin, ask here. Where nothing is traced
they are NumPy's own; inside a function that is being differentiated they give writable arrays.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from math import inf
from typing import Any

from .boxes import box_types


class _Running(threading.local):
    """Of one thread.

    Attributes: depth, how many traced functions it is inside of; level, the innermost one's.
    """

    depth = 0
    level = 0


running = _Running()


def run_traced(fun: Callable[[Any], Any], box: Any) -> Any:
    """``fun(box)``, with the thread marked as inside the trace that owns `box`.

    An array that was filled in place comes back as the traced value that it ended with.
    """
    level = running.level
    running.level = box._owner.level
    running.depth += 1
    try:
        return settled(fun(box))
    finally:
        running.depth -= 1
        running.level = level


def settled(x: Any) -> Any:
    """The present value, plain or traced, of an array that can be written to; `x` otherwise."""
    while type(x) in box_types and x._owner.level == inf:
        x = x._value
    return x
