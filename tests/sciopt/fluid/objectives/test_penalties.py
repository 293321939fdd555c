from __future__ import annotations

import numpy as np
import pytest

from autodiff.test_util import check_grads
from sciopt.fluid.objectives import (
    Flow,
    effort,
    kinetic_energy,
    mean_energy,
    roughness,
    roughness_of_profile,
)


def test_kinetic_energy_of_a_uniform_stream():
    velocity = np.stack([np.full((4, 5), 3.0), np.full((4, 5), 4.0)])
    assert kinetic_energy(velocity) == 12.5


def test_mean_energy_is_that_of_all_kept_states():
    still, stream = np.zeros((2, 3, 3)), np.ones((2, 3, 3))
    assert mean_energy(Flow((1, 2), (still, stream), (still, still))) == 0.5


def test_roughness_of_a_wave_is_its_mean_squared_slope():
    cells = 16
    wave = np.sin(2 * np.pi * np.arange(cells) / cells)[:, None] * np.ones(7)
    # Differences of a sine are a sine of amplitude 2 sin(pi / n), with mean square one half of it.
    expected = 2 * np.sin(np.pi / cells) ** 2
    assert roughness(wave) == pytest.approx(expected, rel=1e-13)
    assert roughness_of_profile(wave[:, 0], True) == pytest.approx(expected, rel=1e-13)


def test_a_jump_across_a_wall_is_not_rough():
    ramp = np.arange(8.0)[:, None] * np.ones(8)
    assert roughness(ramp, (False, True)) == 1
    assert roughness(ramp, (True, True)) == (7 * 1 + 49) / 8
    assert roughness_of_profile(np.array([2.0]), False) == 0


def test_effort_counts_in_units():
    assert effort(np.full((3, 2, 4, 4), 0.5), unit=0.25) == 4


def test_gradients(rng):
    fields = rng.standard_normal((2, 2, 4, 5))
    check_grads(lambda f: effort(f, 0.3) + roughness(f, (False, True)))(fields)
    check_grads(kinetic_energy)(fields[0])
