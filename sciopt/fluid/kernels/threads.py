"""Runs row kernels on several threads.

The threads are plain Python threads that wait for each other asleep; kernels release the
interpreter lock. Numba's own regions start ten times faster (4 us against 45 us) while the machine
is idle, but their threads spin: beside one other busy process a region takes up to 8 ms, and they
compile for twice as long. Small grids run on one thread.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numba
import numpy as np

# Below 256 x 256 cells two threads save less than their 45 us per region.
CELLS_FOR_THREADS = 65536
# 110 rows make 4 bands: two threads are busy while cells move up to 12 rows a step.
BAND_ROWS = 24
MAX_BANDS = 32

_pool = ThreadPoolExecutor(max_workers=os.cpu_count())


def _new_pool() -> None:
    global _pool
    _pool = ThreadPoolExecutor(max_workers=os.cpu_count())


if hasattr(os, "register_at_fork"):  # the parent's threads do not exist in a forked child
    os.register_at_fork(after_in_child=_new_pool)


def submit(body: Callable[..., None], *arguments: Any) -> Future[None]:
    """Call `body` on another thread."""
    return _pool.submit(body, *arguments)


def row_parts(nx: int, ny: int) -> list[tuple[int, int]]:
    """Ranges first <= i < last of rows, one for each thread that is worth having."""
    if nx * ny < CELLS_FOR_THREADS:
        return [(0, nx)]
    parts = max(1, min(numba.get_num_threads(), nx // BAND_ROWS))
    return [(nx * k // parts, nx * (k + 1) // parts) for k in range(parts)]


def over_rows(body: Callable[..., None], grid: np.ndarray, *arguments: Any) -> None:
    """Call body(first, last, *arguments) for ranges that cover the rows of `grid` (.., nx, ny)."""
    nx, ny = grid.shape[-2:]
    if nx * ny < CELLS_FOR_THREADS:
        body(0, nx, *arguments)
        return
    together(body, [(*part, *arguments) for part in row_parts(nx, ny)])


def over_bands(body: Callable[..., None], displacement: np.ndarray, *arguments: Any) -> None:
    """As `over_rows`, for a body that adds to the rows that lie `displacement` (nx, ny) away.

    The bands are the same for any number of threads, and so are the sums to the last bit. Every
    other band goes first. Bands of one turn run together if no two of them reach the same row.
    """
    nx = displacement.shape[0]
    bands = band_count(nx)
    work = [(nx * k // bands, nx * (k + 1) // bands, *arguments) for k in range(bands)]
    apart = False
    if displacement.size >= CELLS_FOR_THREADS:
        reach = max(displacement.max(), -displacement.min())
        apart = reach <= band_reach(nx)  # false for NaN
    for turn in (work[::2], work[1::2]):
        if apart:
            together(body, turn)
        else:
            _one_by_one(body, turn)


def band_count(nx: int) -> int:
    """Bands that nx rows are cut into: an even number, since the first adjoins the last, or one."""
    return max(1, min(nx // BAND_ROWS, MAX_BANDS) // 2 * 2)


def band_reach(nx: int) -> float:
    """Displacement up to which two bands of one turn reach different rows."""
    return nx // band_count(nx) / 2 - 1


def together(body: Callable[..., None], work: list[tuple[Any, ...]]) -> None:
    """Call `body` with each tuple of arguments, on the threads if there are several."""
    if len(work) == 1:
        body(*work[0])
        return
    threads = min(numba.get_num_threads(), len(work))
    others = [submit(_one_by_one, body, work[k::threads]) for k in range(1, threads)]
    _one_by_one(body, work[::threads])
    for other in others:
        other.result()


def _one_by_one(body: Callable[..., None], work: list[tuple[Any, ...]]) -> None:
    for arguments in work:
        body(*arguments)
