"""No garbage collection while a program is made: it walks through all of it, again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the cyclic collector, if it is on; as it was, after.

    Where threads overlap it may be on for a while. It never stays off, since only those turn it off
    who found it on, and they turn it on again.
    """
    if not gc.isenabled():
        yield
        return
    try:
        gc.disable()
        yield
    finally:
        gc.enable()
