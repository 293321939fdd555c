"""The pressure around an obstacle: tori solved side by side, and levels kept for the next time."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np

from sciopt.fluid.kernels.scratch import scratch
from sciopt.fluid.kernels.team import team_size
from sciopt.fluid.kernels.threads import CELLS_FOR_THREADS, together

from .conjugate import solve_torus
from .levels import Levels, build_levels
from .rings import Ends, tori

_MOST_ITERATIONS = 500
_FINEST = 64
"""No residual is asked for below this many roundings of the source."""
_KEPT = 4
_EASY = 1e-6, 1e12
"""Mean squares of a source with which the preconditioner's float32 neither under- nor overflows."""


class NotSolvedError(ArithmeticError):
    """The tolerance was not reached.

    Attributes:
        iterations: how many were done.
        left: the residual's norm, by the source's.
        out_of_reach: whether that is what no pressure gives.
    """

    def __init__(self, iterations: int, left: float, out_of_reach: bool) -> None:
        super().__init__(f"after {iterations} iterations {left:.2g} of the source is left")
        self.iterations, self.left, self.out_of_reach = iterations, left, out_of_reach


@dataclass(frozen=True, eq=False)
class _Obstacle:
    """What is known of an obstacle. Attributes: passage; ends of the axes; levels of each torus."""

    passage: np.ndarray
    ends: tuple[Ends, Ends]
    levels: tuple[Levels, ...]


_obstacles: deque[_Obstacle] = deque(maxlen=_KEPT)
"""The last ones, the latest in front: a simulation asks for the same again and again."""
_changing = threading.Lock()


def solve(
    source: np.ndarray,
    passage: np.ndarray,
    ends: tuple[Ends, Ends],
    tolerance: float,
    rounding: float = 0.0,
) -> np.ndarray:
    """p with -divergence(passage gradient(p)) = source, central differences both.

    Args:
        source: shape (nx, ny), float32 or float64.
        passage: what part of each velocity component passes, from 0 to 1, shape (2, nx, ny).
        ends: of both axes.
        tolerance: of the residual's norm, by the source's; not below some roundings of the dtype.
        rounding: the root mean square up to which a part of the source that no pressure gives is
            taken for rounding and left. A source may be nothing else.

    Returns: shape (nx, ny), in the source's dtype. What has no effect on the equation, a constant
        in each part of the fluid, is left at what the iteration makes of it.

    Raises: NotSolvedError if that is not reached.
    """
    dtype, source = source.dtype, np.ascontiguousarray(source, np.float64)
    total = float(np.einsum("ij,ij->", source, source))  # a product by BLAS would wake its threads
    if not np.isfinite(total):
        return np.full(source.shape, np.nan, dtype)
    if total and not _EASY[0] < total / source.size < _EASY[1]:
        unit = float(np.exp2(np.round(np.log2(total / source.size) / 2)))  # exact in any digit
        scaled = (source / unit).astype(dtype, copy=False)
        return solve(scaled, passage, ends, tolerance, rounding / unit) * dtype.type(unit)
    target = max(tolerance, _FINEST * float(np.finfo(dtype).eps)) ** 2 * total
    levels = _levels_for(passage, ends)
    nx, ny = source.shape
    pressure, report = np.empty((nx, ny)), np.zeros((len(levels), 3))
    tasks = []
    members = min(team_size(), len(levels)) if source.size >= CELLS_FOR_THREADS else 1
    rooms = [_room(member, levels[0]) for member in range(members)]
    for k, (each, rings) in enumerate(zip(levels, tori((nx, ny), ends))):
        ring = (rings[0].cells, rings[1].cells, rings[0].signs, rings[1].signs)
        limits = (target / len(levels), _MOST_ITERATIONS, report[k])
        tasks.append((source, pressure, ring, each, *rooms[k % members], *limits))
    together(_solve_tori, [(tasks[member::members],) for member in range(members)])
    _check(report, target, total, rounding**2 * source.size)
    return pressure.astype(dtype, copy=False)


def _solve_tori(tasks: list[tuple[Any, ...]]) -> None:
    """One after the other, in the same working memory: it stays in the cache."""
    for arguments in tasks:
        solve_torus(*arguments)


def _room(member: int, levels: Levels) -> tuple[np.ndarray, ...]:
    """Working memory of `solve_torus` for one thread; tori of one grid have the same size."""
    elements, everything = levels.edges.shape[1], len(levels.inverse)
    pitch = int(levels.table[0, 2])
    return (
        scratch(f"multigrid fields {member}", (4, elements), np.dtype(np.float64)),
        scratch(f"multigrid right-hand sides {member}", (everything,), np.dtype(np.float32)),
        scratch(f"multigrid solutions {member}", (everything,), np.dtype(np.float32)),
        scratch(f"multigrid lines {member}", (8 * pitch,), np.dtype(np.float32)),
    )


def _check(report: np.ndarray, target: float, total: float, rounding: float) -> None:
    """Whether the sum of the squares of the residual is what was asked for, or `rounding`."""
    left = float(report[:, 1].sum())
    if left <= target:
        return
    missed = report[:, 1] > target / len(report)
    out_of_reach = bool(report[missed, 2].all())
    if not (out_of_reach and left <= rounding):
        raise NotSolvedError(int(report[:, 0].max()), (left / total) ** 0.5, out_of_reach)


def _levels_for(passage: np.ndarray, ends: tuple[Ends, Ends]) -> tuple[Levels, ...]:
    """Of each torus; those of the last obstacles are at hand."""
    for known in tuple(_obstacles):
        if known.ends == ends and np.array_equal(known.passage, passage):
            return known.levels
    _, nx, ny = passage.shape
    levels = []
    for by_row, by_column in tori((nx, ny), ends):
        along_x = passage[0][np.ix_(by_row.edges, by_column.cells)] / 4
        along_y = passage[1][np.ix_(by_row.cells, by_column.edges)] / 4
        closing = by_row.closing, by_column.closing
        levels.append(build_levels(along_x, along_y, closing))
    with _changing:
        _obstacles.appendleft(_Obstacle(passage.copy(), ends, tuple(levels)))
    return tuple(levels)
