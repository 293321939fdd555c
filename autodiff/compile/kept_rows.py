"""Arrays of rows in which a loop keeps its states, used again by the next loop of the same kind.

An outer objective that is evaluated again and again would otherwise ask the system for the same
pages each time, which takes longer than to fill them.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Sequence
from typing import Any

import numpy as onp

_lock = threading.RLock()
_spare: dict[Any, list[Any]] = {}
"""The arrays that were let go of last."""
_idle: weakref.ref[Rows] | None = None
"""The rows that were put to rest last."""


class Rows:
    """Arrays of rows: the last ones of these kinds that are not needed, or new ones.

    A loop's tape is part of a cycle, and lives on until the garbage collector comes. So rows may be
    taken from a loop that was reversed once and rests; it then has to run again if it is reversed
    once more.

    Args:
        kinds: (number of rows, shape and dtype of one) of each array.
    """

    def __init__(self, kinds: Sequence[Any]) -> None:
        self._key = tuple(kinds)
        self._rests = False
        self._arrays = self._found()
        if self._arrays is None:
            self._arrays = [onp.empty((n, *shape), dtype) for n, shape, dtype in kinds]

    def _found(self) -> list[Any] | None:
        with _lock:
            other = None if _idle is None else _idle()
            if other is not None and other._rests and other._key == self._key:
                found, other._arrays, other._rests = other._arrays, None, False
                return found
            return _spare.pop(self._key, None)

    def wake(self) -> list[Any] | None:
        """The arrays, which nobody takes from now on; None if they were taken."""
        with _lock:
            self._rests = False
            return self._arrays

    def rest(self) -> None:
        """Let others take the arrays."""
        global _idle
        with _lock:
            self._rests = True
            _idle = weakref.ref(self)

    def __del__(self) -> None:
        with _lock:
            if self._arrays is not None:
                _spare.clear()
                _spare[self._key] = self._arrays
