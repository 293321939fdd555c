"""Gradients of the fluid's physics, checked for every combination of its parts.

Every combination runs a few steps on a small grid with all of its arguments traced at once: initial
velocity and smoke, forces, viscosity, buoyancy and, where it has them, obstacle and inflow. Two
figures are found:

- the order of the Taylor remainder |F(x + h d) - F(x) - h <g, d>| in h: 2 for a right gradient;
- the relative difference of <u, J d> by forward mode and <J^T u, d> by reverse mode.

Transport is smooth in pieces: bilinear interpolation has kinks where a departure crosses into
another cell. The flow drifts by about 0.3 cells a step, and h is small, so that none does here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as onp

import autodiff.numpy as np
from autodiff import make_jvp, value_and_grad
from sciopt.fluid.physics import BOUNDARIES, Forces, Grid, Inflow, Medium, Scheme, simulate

_SHAPE = (6, 7)
_STEPS = 2
_DYES = 2
_LARGEST = 2e-5
_HALVINGS = 4
_TOLERANCE = 1e-12

TRANSPORTS = (
    ("bilinear", "none"),
    ("bicubic", "none"),
    ("maccormack", "none"),
    ("maccormack", "smooth"),
)
BACKTRACES = ("euler", "midpoint")
PROJECTIONS = (("jacobi", False), ("jacobi", True), ("spectral", False), ("multigrid", True))
"""Projection, and whether there is an obstacle."""


@dataclass(frozen=True)
class Combination:
    """Parts that are put together.

    Attributes:
        scheme: the numerical parts.
        obstacle: whether there is one.
    """

    scheme: Scheme
    obstacle: bool

    def __str__(self) -> str:
        scheme = self.scheme
        transport = scheme.advection + ("" if scheme.limiter == "none" else f" ({scheme.limiter})")
        projection = scheme.projection + (" with obstacle" if self.obstacle else "")
        sides = " x ".join(scheme.grid.boundary)
        return f"{transport}, {scheme.backtrace}, {projection}, {sides}"


@dataclass(frozen=True)
class Outcome:
    """What a check found.

    Attributes:
        order: of the Taylor remainder, the smallest over halvings of h.
        duality: relative difference of the two modes.
    """

    order: float
    duality: float


def combinations() -> Iterator[Combination]:
    """All that the documentation lists."""
    for sides in product(BOUNDARIES, BOUNDARIES):
        if sides == ("channel", "channel"):
            continue
        grid = Grid(_SHAPE, sides)
        for (advection, limiter), backtrace, (projection, obstacle) in product(
            TRANSPORTS, BACKTRACES, PROJECTIONS
        ):
            scheme = Scheme(
                grid,
                advection,
                backtrace,
                limiter,
                projection,
                sweeps=4,
                dt=0.7,
                tolerance=_TOLERANCE,
            )
            yield Combination(scheme, obstacle)


def check(combination: Combination, seed: int = 0) -> Outcome:
    """Taylor order and duality of a combination, by all its arguments at once."""
    rng = onp.random.default_rng(seed)
    start = _arguments(combination, rng)
    direction = {name: rng.standard_normal(onp.shape(x)) for name, x in start.items()}
    weights = rng.standard_normal(_SHAPE), rng.standard_normal((_DYES, *_SHAPE))

    def objective(arguments: dict[str, Any]) -> Any:
        return _objective(combination, arguments, weights)

    value, gradient = value_and_grad(objective)(start)
    slope = sum(onp.vdot(gradient[name], direction[name]) for name in start)
    pushed = make_jvp(objective)(start)(direction)[1]
    h = _LARGEST * 0.5 ** onp.arange(_HALVINGS)
    remainders = [
        abs(objective({n: x + hi * direction[n] for n, x in start.items()}) - value - hi * slope)
        for hi in h
    ]
    order = float(onp.log2(onp.divide(remainders[:-1], remainders[1:])).min())
    return Outcome(order, float(abs(pushed - slope) / abs(slope)))


def _arguments(combination: Combination, rng: onp.random.Generator) -> dict[str, Any]:
    grid = combination.scheme.grid
    velocity = 0.4 + 0.05 * rng.standard_normal((2, *_SHAPE))
    arguments = {
        "velocity": velocity,
        "smoke": rng.random((_DYES, *_SHAPE)),
        "forces": 0.02 * rng.standard_normal((2, 2, *_SHAPE)),
        "viscosity": onp.array(0.05),
        "buoyancy": onp.array(0.03),
    }
    if combination.obstacle:
        solid = 0.02 + 0.06 * rng.random(_SHAPE)
        solid[2:4, 3:5] += 0.5
        arguments["solid"] = solid
    if grid.channel_axis is not None:
        across = _SHAPE[1 - grid.channel_axis]
        arguments["inflow_velocity"] = 0.4 + 0.05 * rng.standard_normal((2, across))
        arguments["inflow_smoke"] = rng.random((_DYES, across))
    return arguments


def _objective(combination: Combination, arguments: dict[str, Any], weights: Any) -> Any:
    inflow = None
    if "inflow_velocity" in arguments:
        inflow = Inflow(arguments["inflow_velocity"], arguments["inflow_smoke"])
    medium = Medium(arguments["viscosity"], arguments["buoyancy"], arguments.get("solid"), inflow)
    end = simulate(
        combination.scheme, arguments["velocity"], arguments["smoke"], steps=_STEPS,
        medium=medium, forces=Forces(arguments["forces"], 2, "linear"), compiled=False,
    )  # fmt: skip
    return np.sum(weights[0] * end.velocity**2) + np.sum(weights[1] * end.smoke**2)
