"""Transport of fields along a velocity: semi-Lagrangian, so stable at any speed.

    bilinear:   f'(x) = f(departure of x), first order: it smears
    bicubic:    the same with bicubic interpolation
    maccormack: f^ = bilinear transport of f, f~ = bilinear transport of f^ back,
                f' = f^ + (f - f~) / 2

MacCormack's correction removes the leading error of the bilinear transport: with A the factor by
which that multiplies a wave in a uniform flow, |A| <= 1, it gives A + (1 - |A|^2) / 2, which is at
most 1 too. It overshoots at edges. The limiter `smooth` holds the correction c to about the spread
s of the four values around the departure, c / sqrt(1 + c^2 / s^2): a clip to their range would have
no derivative where it acts.

Source: A. Selle, R. Fedkiw, B. Kim, Y. Liu, J. Rossignac (2008), An Unconditionally Stable
MacCormack Method, section 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import autodiff.numpy as np

from .backtrace import Backtrace, departures
from .grid import Array, Grid, Sides
from .interpolation import Interpolation, sample, variance_around

Advection = Literal["bilinear", "bicubic", "maccormack"]
Limiter = Literal["none", "smooth"]

_LEAST_SPREAD = 1e-4
"""Keeps the limiter differentiable where all four values are equal: there is nothing to sharpen."""


@dataclass(frozen=True)
class Paths:
    """Where the fluid in each cell was a step ago, and where it will be.

    Attributes:
        grid: its sides.
        kind: the method of transport.
        limiter: of MacCormack's correction.
        before: places along x and y, each (nx, ny).
        after: the same; None where the method does not look ahead.
    """

    grid: Grid
    kind: Advection
    limiter: Limiter
    before: tuple[Array, Array]
    after: tuple[Array, Array] | None


def traced(
    v: Array,
    grid: Grid,
    dt: Array,
    kind: Advection,
    backtrace: Backtrace = "euler",
    limiter: Limiter = "none",
    inflow: Array | None = None,
) -> Paths:
    """The paths of one step along a velocity (2, nx, ny), cells per unit of time."""
    before = departures(v, grid, dt, backtrace, inflow)
    after = departures(v, grid, -dt, backtrace, inflow) if kind == "maccormack" else None
    return Paths(grid, kind, limiter, before, after)


def advect(
    f: Array, sides: tuple[Sides, Sides], paths: Paths, inflow: Array | None = None
) -> Array:
    """Carry fields along for one step.

    Args:
        f: shape (..., nx, ny).
        sides: what they do at the sides of the grid.
        inflow: their values at the low side of a channel, shape (..., cells across).

    Returns: shape (..., nx, ny).
    """
    if paths.after is None:
        order: Interpolation = "bicubic" if paths.kind == "bicubic" else "bilinear"
        return sample(f, sides, paths.before, order, inflow)
    ahead = sample(f, sides, paths.before, "bilinear", inflow)
    again = sample(ahead, sides, paths.after, "bilinear", inflow)
    correction = 0.5 * (f - again)
    if paths.limiter == "smooth":
        spread = variance_around(f, sides, paths.before, inflow) + _LEAST_SPREAD**2
        correction = correction / np.sqrt(1 + correction * correction / spread)
    return ahead + correction


def advect_velocity(v: Array, paths: Paths, inflow: Array | None = None) -> Array:
    """Carry a velocity (2, nx, ny) along; `inflow` is its value at the inflow, (2, across)."""
    across = [None, None] if inflow is None else inflow
    return np.stack(
        [advect(v[k], paths.grid.velocity_sides(k), paths, across[k]) for k in range(2)]
    )
