"""The grid and what happens at its sides.

Cells are 1 wide, and velocity, smoke and pressure all live at their centres, (0, 0) to
(nx - 1, ny - 1). A side that is not periodic lies on the faces of the outermost cells, half a cell
beyond their centres. What is there enters through ghost cells, mirror images of the cells inside:

    ghost = f            even: no slope at the side
    ghost = -f           odd: zero at the side
    ghost = 2 value - f  a given value at the side

| side            | normal velocity | velocity along it | smoke | pressure |
|-----------------|-----------------|-------------------|-------|----------|
| free-slip wall  | odd             | even              | even  | even     |
| no-slip wall    | odd             | odd               | even  | even     |
| inflow (low)    | given           | given             | given | even     |
| outflow (high)  | even            | even              | even  | odd      |

With these rows the central difference of the pressure is minus the transpose of that of the normal
velocity, on which the projections rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from sciopt.errors import ConfigError, did_you_mean

Array = Any  # a NumPy array, or a box of one

Boundary = Literal["periodic", "free-slip", "no-slip", "channel"]
"""What an axis has at its two sides; a channel flows in at the low side and out at the high one."""

BOUNDARIES: tuple[str, ...] = get_args(Boundary)
SMALLEST = 4
"""Cells along an axis: mirror images for the widest stencil need two."""


@dataclass(frozen=True)
class Sides:
    """What one kind of field does at both sides of one axis.

    Attributes:
        periodic: it wraps around; the rest then means nothing.
        low, high: 1 for an even mirror image, -1 for an odd one.
        given: whether the value at the low side is given; it is zero otherwise.
    """

    periodic: bool
    low: int = 1
    high: int = 1
    given: bool = False


WRAPPED = Sides(True)
EVEN = Sides(False)
ODD = Sides(False, -1, -1)
INFLOW = Sides(False, -1, 1, given=True)
OPEN_PRESSURE = Sides(False, 1, -1)


@dataclass(frozen=True)
class Grid:
    """A rectangle of cells.

    Attributes:
        shape: cells along x (axis 0 of a field) and along y (axis 1).
        boundary: of the two axes.

    Raises: ConfigError for an unknown boundary, a grid that is too small, or two channels.
    """

    shape: tuple[int, int]
    boundary: tuple[Boundary, Boundary] = ("periodic", "periodic")

    def __post_init__(self) -> None:
        for name in self.boundary:
            if name not in BOUNDARIES:
                raise ConfigError(
                    f"boundary: {name!r} is none of {', '.join(BOUNDARIES)}"
                    f"{did_you_mean(str(name), BOUNDARIES)}"
                )
        if self.boundary == ("channel", "channel"):
            raise ConfigError(
                "boundary: only one axis can be a channel, for their inflows would meet in a"
                " corner; make the other one periodic, free-slip or no-slip"
            )
        if min(self.shape) < SMALLEST:
            raise ConfigError(
                f"size: a grid needs at least {SMALLEST} cells along each axis, got {self.shape}"
            )

    @property
    def channel_axis(self) -> int | None:
        """The axis that flow passes through, or None."""
        return self.boundary.index("channel") if "channel" in self.boundary else None

    def velocity_sides(self, component: int) -> tuple[Sides, Sides]:
        """Of a velocity component, 0 along x and 1 along y, at the sides of each axis."""
        return (
            _velocity_sides(self.boundary[0], component == 0),
            _velocity_sides(self.boundary[1], component == 1),
        )

    @property
    def smoke_sides(self) -> tuple[Sides, Sides]:
        """Of everything that is carried along."""
        kinds = {"periodic": WRAPPED, "channel": INFLOW}
        return kinds.get(self.boundary[0], EVEN), kinds.get(self.boundary[1], EVEN)

    @property
    def pressure_sides(self) -> tuple[Sides, Sides]:
        """Of the pressure."""
        kinds = {"periodic": WRAPPED, "channel": OPEN_PRESSURE}
        return kinds.get(self.boundary[0], EVEN), kinds.get(self.boundary[1], EVEN)


def _velocity_sides(boundary: Boundary, normal: bool) -> Sides:
    if boundary == "periodic":
        return WRAPPED
    if boundary == "channel":
        return INFLOW
    return ODD if normal or boundary == "no-slip" else EVEN
