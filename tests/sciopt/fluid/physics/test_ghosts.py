"""Ghost cells, written out."""

from __future__ import annotations

import numpy as np

from sciopt.fluid.physics.ghosts import extended, extended_along
from sciopt.fluid.physics.grid import EVEN, INFLOW, ODD, WRAPPED

ROW = np.array([[1.0, 2.0, 3.0, 4.0]])


def test_ghosts_of_each_kind_of_side() -> None:
    cases = {
        WRAPPED: [3, 4, 1, 2, 3, 4, 1, 2],
        EVEN: [2, 1, 1, 2, 3, 4, 4, 3],
        ODD: [-2, -1, 1, 2, 3, 4, -4, -3],
        INFLOW: [-2, -1, 1, 2, 3, 4, 4, 3],
    }
    for side, expected in cases.items():
        np.testing.assert_array_equal(extended_along(ROW, -1, (EVEN, side), 2), [expected])
        np.testing.assert_array_equal(extended_along(ROW.T, -2, (side, EVEN), 2).T, [expected])


def test_value_at_the_inflow_lies_half_way_between_ghost_and_cell() -> None:
    wide = extended_along(ROW, -1, (EVEN, INFLOW), 2, np.array([7.0]))
    np.testing.assert_array_equal(wide[0, :2], [14 - 2, 14 - 1])


def test_inflow_goes_on_behind_the_walls_of_its_channel(rng: np.random.Generator) -> None:
    f, line = rng.random((3, 4, 5)), rng.random((3, 5))
    along_rows = extended(f, (INFLOW, ODD), 2, line)
    np.testing.assert_array_equal(along_rows[:, 1, 2:-2], 2 * line - f[:, 0])
    np.testing.assert_array_equal(along_rows[..., :2], -along_rows[..., 3:1:-1])
    swapped = extended(np.swapaxes(f, 1, 2), (ODD, INFLOW), 2, line)
    np.testing.assert_array_equal(np.swapaxes(swapped, 1, 2), along_rows)
