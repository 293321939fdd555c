"""What the fluid's projections cost.

Run: ``python -m experiments.benchmarks.projections`` (one minute). `fluid_sizes` has whole steps.

On N x N cells (512) beside each other, in turns: one projection by Fourier transforms without an
obstacle, and one by multigrid around a disc, for each kind of sides. Claim: to 1e-8 around the disc
takes at most 3 times as long as by transforms without it.

Before a time is taken, what is left of the divergence is compared with the tolerance.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from rich.console import Console
from rich.table import Table

from sciopt.fluid.physics import Grid, multigrid, spectral
from sciopt.fluid.physics.differences import divergence
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


def in_turns(calls: Sequence[Callable[[], Any]], rounds: int) -> list[Timed]:
    """Times of calls that take turns, so that a noisy moment hits all of them."""
    taken: list[list[float]] = [[] for _ in calls]
    for _ in range(rounds):
        for call, times in zip(calls, taken):
            start = time.perf_counter()
            call()
            times.append(1e3 * (time.perf_counter() - start))
    return [Timed(min(times), float(np.median(times))) for times in taken]


class Projections(NamedTuple):
    """Of one kind of sides. Attributes: fourier; around, by tolerance."""

    fourier: Timed
    around: dict[float, Timed]


def measure_projections(
    cells: int, boundary: tuple[Boundary, Boundary], rounds: int
) -> Projections:
    """Projections of white noise, the hardest there is for an iteration."""
    grid, w = (
        Grid((cells, cells), boundary),
        np.random.default_rng(0).standard_normal((2, cells, cells)),
    )
    inflow = np.zeros((2, cells)) if grid.channel_axis is not None else None
    x, y = np.mgrid[:cells, :cells] / cells
    m = passage((np.hypot(x - 0.4, y - 0.5) < 0.12).astype(float), grid)
    before = np.linalg.norm(divergence(m * w, grid, inflow))
    for tolerance in TOLERANCES:
        v = multigrid.project(w, grid, m, tolerance, inflow)
        left = np.linalg.norm(divergence(v, grid, inflow)) / before
        assert left < 1.1 * tolerance, (boundary, tolerance, left)
    calls = [lambda: spectral.project(w, grid, inflow)]
    calls += [lambda t=t: multigrid.project(w, grid, m, t, inflow) for t in TOLERANCES]  # type: ignore[misc]
    fourier, *around = in_turns(calls, rounds)
    return Projections(fourier, dict(zip(TOLERANCES, around)))


def projection_table(cells: int, rounds: int) -> Table:
    columns = ("sides", "transforms", *(f"multigrid, {t:g}" for t in TOLERANCES), "to 1e-8")
    table = Table(*columns, title=f"projection of {cells} x {cells} cells, ms: best (median)")
    for sides in SIDES:
        found = measure_projections(cells, sides, rounds)
        ratio = found.around[1e-8].median / found.fourier.median
        mark = "" if ratio <= BAR else f" above the bar, {BAR:g}"
        times = [f"{t.best:.2f} ({t.median:.2f})" for t in (found.fourier, *found.around.values())]
        table.add_row(" x ".join(sides), *times, f"{ratio:.1f}x{mark}")
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=512)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    Console(width=110).print(projection_table(options.cells, options.rounds))


if __name__ == "__main__":
    main()
