"""Sides of the grid: what each kind of field does there, and settings that are refused."""

from __future__ import annotations

import pytest

from sciopt.errors import ConfigError
from sciopt.fluid.physics.grid import EVEN, INFLOW, ODD, OPEN_PRESSURE, WRAPPED, Grid


def test_sides_of_a_box_with_a_slippery_and_a_sticky_pair_of_walls() -> None:
    grid = Grid((4, 5), ("free-slip", "no-slip"))
    assert grid.velocity_sides(0) == (ODD, ODD)
    assert grid.velocity_sides(1) == (EVEN, ODD)
    assert grid.smoke_sides == grid.pressure_sides == (EVEN, EVEN)


def test_sides_of_a_channel() -> None:
    grid = Grid((4, 5), ("periodic", "channel"))
    assert grid.velocity_sides(0) == grid.velocity_sides(1) == (WRAPPED, INFLOW)
    assert grid.smoke_sides == (WRAPPED, INFLOW)
    assert grid.pressure_sides == (WRAPPED, OPEN_PRESSURE)
    assert grid.channel_axis == 1


@pytest.mark.parametrize(
    ("shape", "boundary", "message"),
    [
        ((8, 8), ("periodic", "freeslip"), "did you mean free-slip"),
        ((8, 8), ("channel", "channel"), "only one axis can be a channel"),
        ((3, 8), ("periodic", "periodic"), "at least 4 cells"),
    ],
)
def test_grids_that_are_none(
    shape: tuple[int, int], boundary: tuple[str, str], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        Grid(shape, boundary)  # type: ignore[arg-type]
