"""What obstacles let through."""

from __future__ import annotations

import numpy as np

from autodiff.test_util import check_grads
from sciopt.fluid.physics.grid import Grid
from sciopt.fluid.physics.obstacle import passage


def test_nothing_flows_in_a_solid_cell_nor_into_it() -> None:
    solid = np.zeros((5, 6))
    solid[2, 3] = 1.0
    x, y = passage(solid, Grid((5, 6)))
    np.testing.assert_array_equal(np.argwhere(x == 0), [[1, 3], [2, 3], [3, 3]])
    np.testing.assert_array_equal(np.argwhere(y == 0), [[2, 2], [2, 3], [2, 4]])
    assert x.sum() == y.sum() == 27


def test_obstacles_wrap_around_and_stand_on_walls() -> None:
    solid = np.zeros((5, 6))
    solid[0, 0] = 1.0
    x, y = passage(solid, Grid((5, 6), ("periodic", "free-slip")))
    assert x[4, 0] == x[0, 0] == x[1, 0] == 0
    assert y[0, 5] == 1
    assert y[0, 1] == 0


def test_derivatives_by_the_occlusion(rng: np.random.Generator) -> None:
    solid = rng.random((4, 5))
    check_grads(lambda solid: passage(solid, Grid((4, 5), ("no-slip", "periodic"))))(solid)
