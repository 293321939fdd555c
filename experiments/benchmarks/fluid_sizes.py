"""What a cell costs, from small grids to large ones.

Run: ``python -m experiments.benchmarks.fluid_sizes`` (five minutes; with ``--write`` the picture
goes into docs/images).

Value and gradient of a simulation with each kind of scheme, from 64 x 64 to 1024 x 1024 cells, in
nanoseconds per cell and step. Claim: a step's time grows as the cells, no grid is more than 30
percent off the mean of its scheme.

The claim is about one thread, whose processor time is taken, so that neither the threads that large
grids alone are worth nor most of what other programs do comes into it (the caches that they share
still do); ``--threads 2`` has the clock's time. Flows move by the same number of cells in a step on
each grid. One grid follows the other, for in a search too a call finds the memory of the last one
of its kind. Before a time is taken loss and gradient of the smallest grid are compared with those
of plain NumPy.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numba
import numpy as np
from rich.console import Console
from rich.table import Table

import autodiff.numpy as anp
from autodiff import value_and_grad
from sciopt.fluid.physics import Forces, Grid, Medium, Scheme, simulate
from sciopt.fluid.problem import smooth_noise
from sciopt.fluid.simulate import rollout

from .fluid_sizes_picture import draw

SPREAD = 0.3
SIZES = (64, 128, 256, 512, 1024)
STEPS, EVERY = 24, 6
PICTURE = Path(__file__).resolve().parents[2] / "docs" / "images" / "fluid-sizes.png"
_TOLERANCE = 1e-9
"""Of values and gradients by different code: rounding, which 24 steps amplify."""
_CELLS = 256 * 256
"""Cells of one measurement: a smaller grid is run so many times."""

Simulation = Callable[[Any, bool], Any]
"""(velocity, and forces where there are any; whether it is compiled) -> loss"""


class Problem(NamedTuple):
    """Attributes: loss; controls, that it is differentiated by."""

    loss: Simulation
    controls: dict[str, np.ndarray]


def lecture(cells: int) -> Problem:
    """The lecture's scheme by its own kernels; not compiled it is that of `physics`."""
    plain, smoke = bilinear_jacobi(cells), _smoke(cells)[0]

    def loss(controls: Any, compiled: bool) -> Any:
        if not compiled:
            return plain.loss(controls, False)
        return anp.mean(rollout(controls["velocity"], smoke, steps=STEPS, sweeps=10) ** 2)

    return Problem(loss, plain.controls)


def bilinear_jacobi(cells: int) -> Problem:
    return _simulated(Scheme(Grid((cells, cells))))


def best(cells: int) -> Problem:
    """The scheme of the preset `best`, with its forces."""
    return _simulated(Scheme(Grid((cells, cells)), projection="spectral"), forced=True)


def bicubic_spectral(cells: int) -> Problem:
    grid = Grid((cells, cells))
    scheme = Scheme(grid, advection="bicubic", backtrace="midpoint", projection="spectral")
    return _simulated(scheme)


def around_disc(cells: int) -> Problem:
    grid = Grid((cells, cells))
    scheme = Scheme(grid, advection="maccormack", projection="multigrid", tolerance=1e-8)
    x, y = np.mgrid[:cells, :cells] / cells
    disc = (np.hypot(x - 0.4, y - 0.5) < 0.12).astype(float)
    return _simulated(scheme, Medium(solid=disc))


SCHEMES: dict[str, Callable[[int], Problem]] = {
    "lecture, by Numba": lecture,
    "bilinear, jacobi": bilinear_jacobi,
    "bilinear, spectral, forces": best,
    "bicubic, midpoint, spectral": bicubic_spectral,
    "maccormack, multigrid, disc": around_disc,
}


def _simulated(scheme: Scheme, medium: Medium | None = None, forced: bool = False) -> Problem:
    shape = scheme.grid.shape
    smoke, controls = _smoke(shape[0]), {"velocity": smooth_noise(shape, 1)}
    if forced:
        fields = [0.02 * smooth_noise(shape, 2 + k) for k in range(STEPS // EVERY)]
        controls["forces"] = np.stack(fields)

    def loss(controls: Any, compiled: bool) -> Any:
        forces = Forces(controls["forces"], EVERY) if forced else None
        end = simulate(
            scheme, controls["velocity"], smoke, steps=STEPS, medium=medium, forces=forces,
            compiled=compiled,
        )  # fmt: skip
        return anp.mean(end.smoke**2)

    return Problem(loss, controls)


def _smoke(cells: int) -> np.ndarray:
    x, y = np.mgrid[:cells, :cells] / cells
    return (0.5 + 0.5 * np.sin(6 * np.pi * x) * np.cos(4 * np.pi * y))[None]


def check(problem: Problem) -> None:
    """Compare loss and gradient with those of plain NumPy."""
    fast, plain = (_gradient(problem, compiled)() for compiled in (True, False))
    assert abs(fast[0] - plain[0]) <= _TOLERANCE * abs(plain[0]), (fast[0], plain[0])
    for name, g in plain[1].items():
        off = np.linalg.norm(fast[1][name] - g) / np.linalg.norm(g)
        assert off <= _TOLERANCE, (name, off)


def _gradient(problem: Problem, compiled: bool) -> Callable[[], Any]:
    gradient = value_and_grad(lambda controls: problem.loss(controls, compiled))
    return lambda: gradient(problem.controls)


def measure(
    scheme: Callable[[int], Problem],
    sizes: Sequence[int],
    rounds: int,
    clock: Callable[[], float] = time.process_time,
) -> list[float]:
    """Nanoseconds per cell and step for each size: the best of so many rounds."""
    best = [np.inf] * len(sizes)
    for k, cells in enumerate(sizes):
        call, times = _gradient(scheme(cells), True), max(1, _CELLS // cells**2)
        call()  # recorded and compiled, its memory allocated
        for _ in range(rounds):
            start = clock()
            for _ in range(times):
                call()
            best[k] = min(best[k], 1e9 * (clock() - start) / (times * STEPS * cells**2))
    return best


def spread(costs: Sequence[float]) -> float:
    """How far the worst grid is off the mean of all."""
    return float(max(abs(cost / np.mean(costs) - 1) for cost in costs))


def table(costs: dict[str, list[float]], sizes: Sequence[int], title: str) -> Table:
    found = Table("scheme", *map(str, sizes), "spread", title=title)
    for name, row in costs.items():
        mark = "" if spread(row) <= SPREAD else f" above the bar, {SPREAD:.0%}"
        found.add_row(name, *(f"{cost:.0f}" for cost in row), f"{spread(row):.0%}{mark}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("schemes", nargs="*", default=list(SCHEMES), help="by the table's names")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--largest", type=int, default=SIZES[-1], help="grid")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--write", action="store_true", help=f"the picture, {PICTURE.name}")
    options = parser.parse_args()
    os.environ["AUTODIFF_THREADS"] = str(options.threads)
    numba.set_num_threads(options.threads)
    sizes = [cells for cells in SIZES if cells <= options.largest]
    clock = time.process_time if options.threads == 1 else time.perf_counter
    costs = {}
    for name in options.schemes:
        check(SCHEMES[name](sizes[0]))
        costs[name] = measure(SCHEMES[name], sizes, options.rounds, clock)
    title = f"ns per cell and step, value and gradient, threads: {options.threads}"
    Console(width=110).print(table(costs, sizes, title))
    if options.write:
        draw(costs, sizes, SPREAD, PICTURE)


if __name__ == "__main__":
    main()
