"""What the fluid's projections cost.

Run: ``python -m experiments.benchmarks.projections`` (one minute). `fluid_sizes` has whole steps.

On N x N cells (512) beside each other, in turns: one projection by Fourier transforms without an
obstacle, and one by multigrid around a disc, for each kind of sides, on one thread (processor time,
to which other programs add little) and on two (wall time). Beside the whole projection stands its
solve, the pressure of a divergence. Claim: to 1e-8 around the disc either takes at most 3 times as
long as by transforms without it.

Before a time is taken, what is left of the divergence is compared with the tolerance.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any, NamedTuple

import numba
import numpy as np
from rich.console import Console
from rich.table import Table

from sciopt.fluid.physics import Grid, multigrid, spectral
from sciopt.fluid.physics.differences import divergence, gradient
from sciopt.fluid.physics.grid import Boundary
from sciopt.fluid.physics.obstacle import passage

BAR = 3.0
TOLERANCES = (1e-4, 1e-8, 1e-10)
SIDES: tuple[tuple[Boundary, Boundary], ...] = (
    ("periodic", "periodic"), ("free-slip", "free-slip"), ("channel", "no-slip"),
)  # fmt: skip


class Timed(NamedTuple):
    """Milliseconds. Attributes: best; median."""

    best: float
    median: float


def in_turns(
    calls: Sequence[Callable[[], Any]], rounds: int, clock: Callable[[], float] = time.perf_counter
) -> list[Timed]:
    """Times of calls that take turns, so that a noisy moment hits all of them."""
    taken: list[list[float]] = [[] for _ in calls]
    for _ in range(rounds):
        for call, times in zip(calls, taken):
            start = clock()
            call()
            times.append(1e3 * (clock() - start))
    return [Timed(min(times), float(np.median(times))) for times in taken]


class Projections(NamedTuple):
    """Of one kind of sides. Attributes: fourier; around, by tolerance."""

    fourier: Timed
    around: dict[float, Timed]


class Flow(NamedTuple):
    """What is projected: white noise, the hardest there is for an iteration.

    Attributes: grid; velocity w; passage around a disc; inflow of a channel, at rest.
    """

    grid: Grid
    w: np.ndarray
    passage: np.ndarray
    inflow: np.ndarray | None


def noise_around_a_disc(cells: int, boundary: tuple[Boundary, Boundary]) -> Flow:
    grid = Grid((cells, cells), boundary)
    x, y = np.mgrid[:cells, :cells] / cells
    m = passage((np.hypot(x - 0.4, y - 0.5) < 0.12).astype(float), grid)
    inflow = np.zeros((2, cells)) if grid.channel_axis is not None else None
    w = np.random.default_rng(0).standard_normal((2, cells, cells))
    return Flow(grid, w, m, inflow)


def measure_projections(flow: Flow, rounds: int, clock: Callable[[], float]) -> Projections:
    grid, w, m, inflow = flow
    before = np.linalg.norm(divergence(m * w, grid, inflow))
    for tolerance in TOLERANCES:
        v = multigrid.project(w, grid, m, tolerance, inflow)
        left = np.linalg.norm(divergence(v, grid, inflow)) / before
        assert left < 1.1 * tolerance, (grid, tolerance, left)
    calls = [lambda: spectral.project(w, grid, inflow)]
    calls += [lambda t=t: multigrid.project(w, grid, m, t, inflow) for t in TOLERANCES]  # type: ignore[misc]
    fourier, *around = in_turns(calls, rounds, clock)
    return Projections(fourier, dict(zip(TOLERANCES, around)))


def measure_solves(flow: Flow, rounds: int, clock: Callable[[], float]) -> Projections:
    """The pressure of a given divergence."""
    grid, w, m, inflow = flow
    source, obstructed = -divergence(w, grid, inflow), -divergence(m * w, grid, inflow)
    for tolerance in TOLERANCES:
        p = multigrid.obstructed_solution(obstructed, m, grid, tolerance)
        left = obstructed + divergence(m * gradient(p, grid), grid)
        assert np.linalg.norm(left) < 1.1 * tolerance * np.linalg.norm(obstructed), tolerance
    calls = [lambda: spectral.poisson_solution(source, grid.pressure_sides)]
    calls += [
        lambda t=t: multigrid.obstructed_solution(obstructed, m, grid, t)  # type: ignore[misc]
        for t in TOLERANCES
    ]
    fourier, *around = in_turns(calls, rounds, clock)
    return Projections(fourier, dict(zip(TOLERANCES, around)))


def projection_table(cells: int, rounds: int, threads: Sequence[int] = (1, 2)) -> Table:
    """Of `threads`, those that there are."""
    columns = ("sides", "threads", "what", "transforms", *(f"{t:g}" for t in TOLERANCES), "to 1e-8")
    title = f"{cells} x {cells} cells, transforms and multigrid by tolerance, ms: best (median)"
    table = Table(*columns, title=title)
    most = numba.get_num_threads()
    for sides, members in product(SIDES, [n for n in threads if n <= most]):
        numba.set_num_threads(members)
        clock = time.process_time if members == 1 else time.perf_counter
        flow = noise_around_a_disc(cells, sides)
        for what, measure in (("solve", measure_solves), ("projection", measure_projections)):
            found = measure(flow, rounds, clock)
            ratio = found.around[1e-8].median / found.fourier.median
            mark = "" if ratio <= BAR else f" above the bar, {BAR:g}"
            times = (found.fourier, *found.around.values())
            cost = [f"{t.best:.2f} ({t.median:.2f})" for t in times]
            table.add_row(" x ".join(sides), str(members), what, *cost, f"{ratio:.1f}x{mark}")
    numba.set_num_threads(most)
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=512)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    Console(width=130).print(projection_table(options.cells, options.rounds))


if __name__ == "__main__":
    main()
