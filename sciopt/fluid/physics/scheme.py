"""A numerical scheme, put together from its parts, and one step of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import autodiff.numpy as np
from sciopt.errors import ConfigError

from . import jacobi, multigrid, spectral
from .advection import Advection, Limiter, Paths, advect, advect_velocity, traced
from .backtrace import Backtrace
from .forces import UP, buoyant
from .grid import Array, Grid
from .obstacle import passage
from .viscosity import diffuse

Projection = Literal["jacobi", "spectral", "multigrid"]


class State(NamedTuple):
    """The flow at one time.

    Attributes:
        velocity: shape (2, nx, ny), cells per unit of time.
        smoke: shape (dyes, nx, ny).
    """

    velocity: Array
    smoke: Array


class Inflow(NamedTuple):
    """What comes in at the low side of a channel.

    Attributes:
        velocity: shape (2, cells across).
        smoke: shape (dyes, cells across).
    """

    velocity: Array
    smoke: Array


class Medium(NamedTuple):
    """What the flow goes through. Everything may be traced; None is absent.

    Attributes:
        viscosity: cells^2 per unit of time.
        buoyancy: cells per unit of time squared, for a smoke of 1.
        solid: occlusion of each cell, from 0, fluid, to 1, solid; shape (nx, ny).
        inflow: of a channel.
    """

    viscosity: Array | None = None
    buoyancy: Array | None = None
    solid: Array | None = None
    inflow: Inflow | None = None


@dataclass(frozen=True)
class Scheme:
    """How the flow is computed.

    Attributes:
        grid: its cells and sides.
        advection, backtrace, limiter: of the transport.
        projection: what makes the velocity free of divergence.
        sweeps: of the projection `jacobi`.
        tolerance: of the projection `multigrid`.
        dt: the time step.
        up: where buoyancy pushes, a unit vector.

    The scheme of the lecture is ``Scheme(Grid(shape))``.
    """

    grid: Grid
    advection: Advection = "bilinear"
    backtrace: Backtrace = "euler"
    limiter: Limiter = "none"
    projection: Projection = "jacobi"
    sweeps: int = 10
    tolerance: float = 1e-10
    dt: float = 1.0
    up: tuple[float, float] = UP

    def check(self, medium: Medium) -> None:
        """Refuse what does not go together.

        Raises: ConfigError, which names the settings and says what would work.
        """
        if self.limiter != "none" and self.advection != "maccormack":
            raise ConfigError(
                f"limiter: {self.limiter} limits the correction of maccormack, and advection is"
                f" {self.advection}; choose advection: maccormack or limiter: none"
            )
        if self.projection == "spectral" and medium.solid is not None:
            raise ConfigError(
                "projection: spectral needs waves that fit between the sides, which an obstacle"
                " has not; choose projection: multigrid, or jacobi for the lecture's wind tunnel"
            )
        if self.grid.channel_axis is None and medium.inflow is not None:
            raise ConfigError(
                f"inflow: nothing flows in through {' and '.join(self.grid.boundary)} sides; make"
                " an axis of boundary a channel, or leave inflow out"
            )
        if self.grid.channel_axis is not None and medium.inflow is None:
            raise ConfigError(
                "boundary: a channel needs an inflow, its velocity and smoke; give one, or make the"
                " axis periodic, free-slip or no-slip"
            )


def step(scheme: Scheme, medium: Medium, state: State, force: Array | None = None) -> State:
    """One time step: move the velocity by itself, push, diffuse, project; then move the smoke.

        w  = A(v; v) + dt (force + buoyancy)
        v' = P((1 - dt viscosity laplacian)^-1 w)
        s' = A(s; v'), nothing where it is solid

    Args:
        force: acceleration in this step, shape (2, nx, ny), cells per unit of time squared.

    Returns: the next state, of the same shapes.
    """
    grid, dt = scheme.grid, scheme.dt
    inflow = medium.inflow or Inflow(None, None)
    w = advect_velocity(state.velocity, _paths(scheme, state.velocity, inflow), inflow.velocity)
    if force is not None:
        w = w + dt * force
    if medium.buoyancy is not None:
        w = w + dt * buoyant(state.smoke, medium.buoyancy, scheme.up)
    if medium.viscosity is not None:
        w = diffuse(w, grid, dt * medium.viscosity, inflow.velocity)
    v = project(scheme, medium, w)
    smoke = advect(state.smoke, grid.smoke_sides, _paths(scheme, v, inflow), inflow.smoke)
    if medium.solid is not None:
        smoke = smoke * (1 - medium.solid)
    return State(v, smoke)


def _paths(scheme: Scheme, v: Array, inflow: Inflow) -> Paths:
    return traced(
        v, scheme.grid, scheme.dt, scheme.advection, scheme.backtrace, scheme.limiter,
        inflow.velocity,
    )  # fmt: skip


def project(scheme: Scheme, medium: Medium, w: Array) -> Array:
    """The scheme's projection of a velocity, shape (2, nx, ny)."""
    grid = scheme.grid
    inflow = None if medium.inflow is None else medium.inflow.velocity
    if scheme.projection == "spectral":
        return spectral.project(w, grid, inflow)
    if scheme.projection == "jacobi":
        return jacobi.project(w, grid, scheme.sweeps, inflow, medium.solid)
    let_through = np.ones_like(w) if medium.solid is None else passage(medium.solid, grid)
    return multigrid.project(w, grid, let_through, scheme.tolerance, inflow)
