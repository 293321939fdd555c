"""Driving forces: where they point, when they vanish, and that they help."""

from __future__ import annotations

import lecture_scheme as reference
import numpy as np
import pytest

from autodiff.test_util import check_grads
from sciopt.fluid.driving import driving_force
from sciopt.fluid.objectives import blurred_mean_square


def blob(x, y, cells=32, radius=3.0):
    i, j = np.indices((cells, cells))
    return np.exp(-((i - x) ** 2 + (j - y) ** 2) / (2 * radius**2))[None]


def test_it_points_from_the_smoke_to_the_target():
    force = driving_force(blob(8, 16), blob(20, 16), 4.0, (False, False))
    assert force[0, 8, 16] > 0
    assert abs(force[1, 8, 16]) < 1e-6 * force[0, 8, 16], (
        "the smoke lies off the middle of the seam"
    )
    assert np.abs(force[:, 30]).max() < 0.01 * np.abs(force).max(), "nothing to push there"


def test_where_smoke_is_its_target_it_is_a_gradient_which_pressure_balances():
    curls = []
    for scale in (1, 2, 4):
        cells = 32 * scale
        blobs = [blob(12 * scale, y * scale, cells, 3.0 * scale) for y in (14, 22)]
        picture = blobs[0] + 0.5 * blobs[1]
        fx, fy = driving_force(picture, picture, 2.0 * scale)
        parts = [np.roll(fy, -1, 0) - np.roll(fy, 1, 0), np.roll(fx, -1, 1) - np.roll(fx, 1, 1)]
        curls.append(np.abs(parts[0] - parts[1]).max() / np.abs(parts[0]).max())
    # On the grid the chain rule holds to second order.
    assert np.log2(curls[-2] / curls[-1]) > 1.9
    assert curls[0] < 0.001


def test_for_logarithmic_slopes_it_has_the_formula_in_closed_form():
    smoke, target = blob(14, 16, radius=4.0), blob(16, 16, radius=4.0)
    force = driving_force(smoke, target, 3.0)
    i = np.arange(10, 22)
    # Blurred Gaussians are Gaussians: s~ grad(t~) / t~ = -s~ (i - 16) / (16 + 9).
    expected = -(16 / 25) * np.exp(-((i - 14) ** 2) / 50) * (i - 16) / 25
    np.testing.assert_allclose(force[0, i, 16], expected, rtol=0.1, atol=1e-3)


def test_a_push_along_it_brings_the_smoke_nearer():
    smoke, target = blob(10, 16), blob(20, 12)
    push = driving_force(smoke, target, 4.0, strength=2.0)

    def mismatch(velocity):
        state = np.concatenate([velocity, smoke])
        return blurred_mean_square(reference.evolve(state, 8, 40)[2:], target, 3.0)

    still = mismatch(np.zeros((2, 32, 32)))
    assert mismatch(push) < 0.97 * still
    assert mismatch(-push) > still


def test_dyes_pull_together(rng):
    smoke, target = rng.random((2, 2, 8, 8))
    both = driving_force(smoke, target, 1.5)
    each = [driving_force(smoke[k : k + 1], target[k : k + 1], 1.5) for k in (0, 1)]
    np.testing.assert_allclose(both, each[0] + each[1], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("argument", [0, 1])
def test_gradients(argument, rng):
    smoke, target = rng.random((2, 2, 4, 5)) + 0.1
    check_grads(lambda s, t: driving_force(s, t, 1.0), argnum=argument)(smoke, target)
