"""Reverse mode's own memory: what it may record at once, and the collector meanwhile."""

from __future__ import annotations

import gc
import os
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Literal

import numpy as onp

import autodiff.numpy as np
from autodiff import make_vjp
from autodiff.nests import flatten, is_differentiable, map_leaves, unflatten
from sciopt.hyperopt.problem import Problem

_MOST_RECORDED = 10**9  # bytes
_SHARE_OF_FREE = 4


def whole_run_or_states(problem: Problem, steps: int) -> Literal["operations"] | None:
    """What `steps` of training store without a budget: all operations if they fit, else states.

    Then no step is run twice: a third less time. The gradient is the same to the last bit. They fit
    if they take at most 1 GB and a quarter of the memory that is free.
    """
    try:
        free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        free = _SHARE_OF_FREE * _MOST_RECORDED
    limit = min(_MOST_RECORDED, free // _SHARE_OF_FREE)
    return "operations" if steps * bytes_of_step(problem) <= limit else None


@lru_cache(maxsize=1)
def bytes_of_step(problem: Problem) -> int:
    """Bytes that the recording of one training step keeps, measured at the start."""
    inner, seed = problem.inner, problem.config.seed
    hyper = problem.hyper(problem.space.start)
    x = map_leaves(lambda rows: rows[0], inner.schedules.stacked(hyper))
    inputs = (hyper, inner.initial_state(hyper, seed), x)
    leaves, structure = flatten(inputs)
    traced = tuple(k for k, leaf in enumerate(leaves) if is_differentiable(leaf))

    def total(*leaves: Any) -> Any:
        hyper, state, x = unflatten(structure, leaves)
        weights, _ = inner.step(hyper, seed)(state, x)
        return sum(np.sum(w) for w in weights)

    was_tracing = tracemalloc.is_tracing()
    if not was_tracing:
        tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        with onp.errstate(all="ignore"):
            recording = make_vjp(total, argnum=traced)(*leaves)
        after, _ = tracemalloc.get_traced_memory()
        del recording
    finally:
        if not was_tracing:
            tracemalloc.stop()
    return after - before


@contextmanager
def collector_paused() -> Iterator[None]:
    """Without the cyclic garbage collector, which finds nothing in a recording.

    A recording is a million small objects in no cycle; walking through all of them again and again
    took an eighth of a hypergradient's time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
