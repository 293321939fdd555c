from __future__ import annotations

import numpy as np
import pytest

from sciopt.fluid.mass import compare_masses, mass_notice, scaled_to_mass


def test_the_least_mismatch_is_what_equal_spreading_would_leave():
    smoke, target = np.full((1, 4, 4), 0.273), np.full((1, 4, 4), 0.592)
    masses = compare_masses(smoke, target)
    assert masses.ratios == pytest.approx([0.592 / 0.273])
    assert masses.least_mismatch == pytest.approx(np.mean((smoke - target) ** 2))


def test_no_rearrangement_of_smoke_does_better(rng):
    smoke, target = rng.random((2, 2, 6, 6))
    smoke *= 0.5
    least = compare_masses(smoke, target).least_mismatch
    for _ in range(50):
        moved = rng.permuted(smoke.reshape(2, -1), axis=1).reshape(smoke.shape)
        assert np.mean((moved - target) ** 2) > least


def test_a_notice_says_what_cannot_be_reached_and_how_to_reach_it():
    masses = compare_masses(np.full((1, 4, 4), 0.25), np.full((1, 4, 4), 0.5))
    notice = mass_notice(masses, incompressible=True)
    assert "has 2 times the smoke's mass, and" in notice
    assert "above 0.0625" in notice
    assert "match_mass" in notice
    assert mass_notice(masses, incompressible=False) is None
    equal = compare_masses(np.full((1, 4, 4), 0.5), np.full((1, 4, 4), 0.501))
    assert mass_notice(equal, incompressible=True) is None


def test_each_dye_is_named():
    masses = compare_masses(np.ones((3, 2, 2)), np.ones((3, 2, 2)) * [[[1]], [[2]], [[0.5]]])
    assert "has 1, 2, 0.5 times the smoke's mass (dye by dye)" in mass_notice(masses, True)


def test_scaling_gives_each_dye_the_targets_mass_and_keeps_the_dtype(rng):
    smoke, target = rng.random((2, 3, 5, 5)).astype(np.float32)
    smoke[2] = 0
    scaled = scaled_to_mass(smoke, target)
    assert scaled.dtype == np.float32
    np.testing.assert_allclose(scaled[:2].mean((1, 2)), target[:2].mean((1, 2)), rtol=1e-6)
    assert not scaled[2].any()
