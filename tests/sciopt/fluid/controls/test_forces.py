from __future__ import annotations

import numpy as np
import pytest

from autodiff.test_util import check_grads
from sciopt.fluid.controls import Domain, forces, mean_per_knot
from sciopt.fluid.controls.forces import knot_count, refine_forces
from sciopt.fluid.physics import Forces, Grid


def levels(count, shape=(2, 4, 4)):
    return np.arange(1.0, count + 1).reshape(-1, 1, 1, 1) * np.ones(shape)


@pytest.mark.parametrize(
    ("between", "expected"),
    [
        ("held", [1, 1, 1, 2, 2, 2, 3]),
        ("linear", [1, 4 / 3, 5 / 3, 2, 7 / 3, 8 / 3, 3]),
    ],
)
def test_rows_between_knots(between, expected):
    count = knot_count(7, 3, between)
    assert count == 3
    rows = Forces(levels(count), 3, between).at(np.arange(7))
    np.testing.assert_allclose(rows[:, 1, 2, 3], expected, rtol=1e-15)


@pytest.mark.parametrize("between", ["held", "linear"])
@pytest.mark.parametrize(("steps", "every"), [(1, 1), (1, 5), (10, 1), (10, 4), (9, 4), (12, 4)])
def test_there_are_as_many_knots_as_rows_need_and_pieces_join(between, steps, every, rng):
    knots = rng.standard_normal((knot_count(steps, every, between), 2, 3, 3))
    whole = Forces(knots, every, between).at(np.arange(steps))
    pieces = [
        Forces(knots, every, between).at(np.arange(a, min(a + 3, steps)))
        for a in range(0, steps, 3)
    ]
    np.testing.assert_array_equal(np.concatenate(pieces), whole)
    used = Forces(np.arange(len(knots))[:, None, None, None] * 1.0, every, between).at(
        np.arange(steps)
    )
    assert used.max() > len(knots) - 2, "the last knot has a say"


def test_means_per_knot_are_what_held_rows_came_from(rng):
    knots = rng.standard_normal((3, 2, 4, 4))
    rows = Forces(knots, 4, "held").at(np.arange(11))
    np.testing.assert_allclose(mean_per_knot(rows, 4), knots, rtol=0, atol=1e-15)


def test_a_force_counts_in_the_new_cells_and_steps_squared():
    coarse, fine = Domain(Grid((8, 8)), steps=20), Domain(Grid((16, 8)), steps=40)
    refined = refine_forces(levels(4, (2, 8, 8)), 5, "held", coarse, fine)
    assert refined.shape == (8, 2, 16, 8)
    # Twice the cells and half the time: 2 / 4 along x, 1 / 4 along y.
    np.testing.assert_allclose(refined[:, 0, 3, 3], np.repeat(np.arange(1, 5), 2) / 2, rtol=1e-13)
    np.testing.assert_allclose(refined[:, 1, 3, 3], np.repeat(np.arange(1, 5), 2) / 4, rtol=1e-13)


@pytest.mark.parametrize("between", ["held", "linear"])
def test_the_velocity_that_forces_give_stays_the_same_on_a_finer_grid(between, rng):
    coarse, fine = Domain(Grid((8, 8)), steps=24), Domain(Grid((16, 16)), steps=48)
    knots = levels(knot_count(24, 4, between), (2, 8, 8))
    given = Forces(knots, 4, between).at(np.arange(24)).sum(axis=0)
    finer = Forces(refine_forces(knots, 4, between, coarse, fine), 4, between).at(np.arange(48))
    # In boxes per time: cells per step times steps by cells. Linear ramps end half a step earlier.
    ratio = (finer.sum(axis=0).mean() * 48 / 16) / (given.mean() * 24 / 8)
    assert ratio == pytest.approx(1, abs=1e-13 if between == "held" else 0.02)


def test_the_unit_makes_up_for_the_time_a_force_acts(rng):
    control = forces(Domain(Grid((4, 4)), steps=10), 5, effort_weight=1.0, smoothness_weight=1.0)
    assert control.unit == 0.2
    assert control.start.shape == (2, 2, 4, 4)
    knots = rng.standard_normal((2, 2, 4, 4))
    assert control.penalties(knots)["effort of forces"] == pytest.approx(np.mean((5 * knots) ** 2))


@pytest.mark.parametrize("between", ["held", "linear"])
def test_gradients(between, rng):
    knots = rng.standard_normal((3, 2, 2, 2))
    check_grads(lambda k: Forces(k, 3, between).at(np.arange(1, 6)) ** 2)(knots)


def test_shorter_steps_of_the_same_time_leave_velocities_and_forces_as_they_are():
    coarse, fine = Domain(Grid((8, 8)), steps=20), Domain(Grid((8, 8)), steps=40, dt=0.5)
    refined = refine_forces(levels(2, (2, 8, 8)), 10, "held", coarse, fine)
    np.testing.assert_allclose(refined[:, 0, 0, 0], [1, 1, 2, 2], rtol=1e-14)
    np.testing.assert_allclose(coarse.speed_factors(fine), 1.0)
    assert forces(fine, 10).unit == 0.2
