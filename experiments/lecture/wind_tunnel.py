"""A small wind tunnel in plain `autodiff.numpy`, as a user would write it, for the demo `wing`.

Arrays are (rows, columns): y downwards, then x. All is periodic; a cell is 1 wide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy

import autodiff.numpy as np


@dataclass(frozen=True)
class Tunnel:
    """A periodic wind tunnel of cells, with a square in which there may be something solid.

    Attributes:
        rows, columns: of cells; the rows a multiple of 8.
        steps: of time, each as long as the undisturbed wind takes for one cell.
        sweeps: of Jacobi's method for the pressure.
    """

    rows: int = 40
    columns: int = 60
    steps: int = 20
    sweeps: int = 50

    @property
    def start(self) -> Any:
        """The control of the start, (rows / 2, rows / 2): half solid in the middle."""
        side, edge = self.rows // 2, self.rows // 8
        theta = numpy.full((side, side), -1.0)
        theta[edge : side - edge, edge : side - edge] = 0.0
        return theta

    def solid(self, theta: Any) -> Any:
        """From 0, air, to 1, solid: (rows, columns), by the control in the square."""
        before, side = self.rows // 4, self.rows // 2
        after = self.rows - side - before, self.columns - side - before
        return np.pad((np.tanh(theta) + 1) / 2, [(before, after[0]), (before, after[1])])

    def wind(self, theta: Any) -> tuple[Any, Any]:
        """Velocity by x and by y when the wind, (1, 0), has blown for all steps."""
        solid, blowing = self.solid(theta), np.ones((self.rows, self.columns))
        vx, vy = project(blowing, 0 * blowing, solid, self.sweeps)
        for _ in range(self.steps):
            wx, wy = advect(vx, vx, vy), advect(vy, vx, vy)
            vx, vy = project(wx, wy, solid, self.sweeps)
        return vx, vy

    def lift_and_drag(self, theta: Any) -> tuple[Any, Any]:
        """Mean velocity given to the air downwards, and mean velocity taken from it."""
        vx, vy = self.wind(theta)
        return np.mean(vy), np.mean(1 - vx)

    def loss(self, theta: Any) -> Any:
        """What is minimised: minus lift over drag."""
        lift, drag = self.lift_and_drag(theta)
        return -lift / drag

    def plate(self, angle: float, width: float) -> Any:
        """The control of a flat plate across the square, at an angle in degrees."""
        side = self.rows // 2
        y, x = numpy.mgrid[:side, :side] - (side - 1) / 2
        a = numpy.radians(angle)
        return numpy.where(abs(numpy.cos(a) * y - numpy.sin(a) * x) < width / 2, 9.0, -9.0)


def neighbours(f: Any) -> Any:
    """Sum over the four cells around each."""
    return np.roll(f, 1, 0) + np.roll(f, -1, 0) + np.roll(f, 1, 1) + np.roll(f, -1, 1)


def difference(f: Any, axis: int) -> Any:
    return np.roll(f, -1, axis) - np.roll(f, 1, axis)


def project(vx: Any, vy: Any, solid: Any, sweeps: int) -> tuple[Any, Any]:
    """Make the velocity nearly free of divergence, and zero inside what is solid."""
    air = 1 - solid
    share = solid / (neighbours(air) + 0.001)

    def fill_solid(f: Any) -> Any:  # with the mean of the air around
        in_air = f * air
        return in_air + share * neighbours(in_air)

    divergence = fill_solid(-0.5 * (difference(vx, 1) + difference(vy, 0)))
    pressure = 0 * divergence
    for _ in range(sweeps):
        pressure = fill_solid((divergence + neighbours(pressure)) / 4)
    return (
        (vx - 0.5 * difference(pressure, 1)) * air,
        (vy - 0.5 * difference(pressure, 0)) * air,
    )


def advect(f: Any, vx: Any, vy: Any) -> Any:
    """Carry f with the wind: each cell takes the value from where its air was a step before."""
    rows, columns = f.shape
    y, x = np.arange(rows)[:, None] - vy, np.arange(columns) - vx
    above, left = np.floor(y), np.floor(x)
    a, b = y - above, x - left
    i, j = above.astype(int) % rows, left.astype(int) % columns
    below, right = (i + 1) % rows, (j + 1) % columns
    upper = (1 - b) * f[i, j] + b * f[i, right]
    lower = (1 - b) * f[below, j] + b * f[below, right]
    return (1 - a) * upper + a * lower
