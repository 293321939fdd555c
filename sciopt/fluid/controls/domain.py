"""Cells in space and steps in time, and what quantities become when they change.

The box and the time that passes in it stay the same: only the cells and steps that they are counted
in change. With twice the cells along an axis, a velocity along it is twice as many cells per step.
"Per step" means per unit of time all through the controls; a step is one unit unless dt says else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as onp
from numpy.typing import NDArray

from sciopt.fluid.axes import Parity, Periodic, along_axes, refine_matrix
from sciopt.fluid.physics import Boundary, Grid


@dataclass(frozen=True)
class Domain:
    """A box of cells and the time steps of a simulation in it.

    Attributes:
        grid: its cells and sides.
        steps: of time.
        dt: how long a step is; velocities are cells per unit of time.
    """

    grid: Grid
    steps: int = 1
    dt: float = 1.0

    @property
    def shape(self) -> tuple[int, int]:
        """(nx, ny)."""
        return self.grid.shape

    @property
    def boundary(self) -> tuple[Boundary, Boundary]:
        """Of each axis."""
        return self.grid.boundary

    @property
    def periodic(self) -> Periodic:
        """For each axis."""
        return self.boundary[0] == "periodic", self.boundary[1] == "periodic"

    def time_ratio(self, finer: Domain) -> float:
        """How many units of time of the other domain pass in one of this."""
        return finer.steps * finer.dt / (self.steps * self.dt)

    def speed_factors(self, finer: Domain) -> NDArray[onp.float64]:
        """What a velocity in cells per step becomes multiplied by in the other, shape (2, 1, 1).

        An acceleration is divided by `time_ratio` besides.
        """
        cells = onp.divide(finer.shape, self.shape)
        return (cells / self.time_ratio(finer)).reshape(2, 1, 1)


def refine(
    fields: Any, domain: Domain, finer: Domain, parity: tuple[Parity, Parity] = ("even", "even")
) -> Any:
    """Fields interpolated to another grid by a cubic, their values unscaled.

    Args:
        fields: shape (..., nx, ny).
        parity: how they go on behind the sides of each axis that is not periodic.
    Returns: shape (..., finer nx, finer ny).
    """
    rows, columns = (
        refine_matrix(*sides) for sides in zip(domain.shape, finer.shape, domain.periodic, parity)
    )
    return along_axes(rows, fields, columns)


def refine_vectors(vectors: Any, domain: Domain, finer: Domain) -> Any:
    """Velocities on another grid, unscaled; what vanishes at a wall still does.

    Args:
        vectors: shape (..., 2, nx, ny), plain.
    """
    parts = [
        refine(vectors[..., k, :, :], domain, finer, _velocity_parity(domain, k)) for k in (0, 1)
    ]
    return onp.stack(parts, axis=-3)


def _velocity_parity(domain: Domain, component: int) -> tuple[Parity, Parity]:
    x, y = (_at_sides(b, axis == component) for axis, b in enumerate(domain.boundary))
    return x, y


def _at_sides(boundary: Boundary, normal: bool) -> Parity:
    vanishes = boundary == "no-slip" or (boundary == "free-slip" and normal)
    return "odd" if vanishes else "even"
