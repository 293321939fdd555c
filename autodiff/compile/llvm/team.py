"""Threads that run compiled code together with the one that calls.

They wait in Python between calls, and inside at barriers of the compiled code. One call at a time
has them; others run on their own thread meanwhile, and so do children of a fork.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

import numpy as np

from .threads import LINE

Call = Callable[[int, int, int], int]
"""(number of the thread, how many there are, address of their barrier) -> result"""
_MOST = 4


def thread_count() -> int:
    """$AUTODIFF_THREADS, or else as many as there are processors for this process, at most 4."""
    chosen = os.environ.get("AUTODIFF_THREADS") or os.environ.get("OMP_NUM_THREADS")
    if chosen is not None and chosen.isdecimal():
        return max(1, int(chosen))
    try:
        available = len(os.sched_getaffinity(0))
    except AttributeError:
        available = os.cpu_count() or 1
    return min(available, _MOST)


class _Team:
    """Worker threads, started when they are first needed."""

    def __init__(self) -> None:
        self.busy = threading.Lock()
        self._jobs: list[SimpleQueue[Any]] = []

    def run(self, call: Call, count: int) -> list[int]:
        """The results of all threads, this one's last."""
        while len(self._jobs) < count - 1:
            jobs: SimpleQueue[Any] = SimpleQueue()
            threading.Thread(target=_work, args=(jobs,), daemon=True).start()
            self._jobs.append(jobs)
        # Of this run alone: after an interrupt nobody waits for what the workers still do.
        barrier, results = np.zeros(LINE * (count + 1), np.int64), SimpleQueue[int]()
        for number, jobs in enumerate(self._jobs[: count - 1], 1):
            jobs.put((call, number, count, barrier, results))
        own = call(0, count, barrier.ctypes.data)
        return [*(results.get() for _ in range(count - 1)), own]


def _work(jobs: SimpleQueue[Any]) -> None:
    while True:
        call, number, count, barrier, results = jobs.get()
        results.put(call(number, count, barrier.ctypes.data))


_team = _Team()


def _new_team() -> None:
    global _team
    _team = _Team()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_new_team)


def run_together(call: Call, wanted: bool) -> list[int]:
    """Run a call on all threads at once if that is wanted and they are free, else on this one."""
    team, count = _team, thread_count() if wanted else 1
    if count < 2 or not team.busy.acquire(blocking=False):
        return [call(0, 1, 0)]
    try:
        return team.run(call, count)
    finally:
        team.busy.release()
