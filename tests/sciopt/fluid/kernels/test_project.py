"""The projection against its sweeps in plain NumPy, on both of its paths."""

import numpy as np
import pytest

from sciopt.fluid.kernels import project
from sciopt.fluid.kernels.project import MAX_SWEEPS

SHAPES = [(1, 1), (2, 2), (1, 9), (9, 1), (5, 8), (16, 15), (17, 33), (40, 150)]
BOTH_PATHS = [0, 1, 2, 3, 10, MAX_SWEEPS, MAX_SWEEPS + 1, 77]


@pytest.fixture
def rng():
    return np.random.default_rng(6)


def difference(f, axis):
    return np.roll(f, -1, axis) - np.roll(f, 1, axis)


def project_by_sweeps(velocity, sweeps):
    d = -(difference(velocity[0], 0) + difference(velocity[1], 1)) / 2
    p = np.zeros_like(d)
    for _ in range(sweeps):
        p = (d + sum(np.roll(p, shift, axis) for shift in (1, -1) for axis in (0, 1))) / 4
    return velocity - np.stack([difference(p, 0), difference(p, 1)]) / 2


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("sweeps", BOTH_PATHS)
def test_project_equals_its_sweeps(rng, shape, sweeps):
    velocity = rng.standard_normal((2, *shape))
    expected = project_by_sweeps(velocity, sweeps)
    np.testing.assert_allclose(project(velocity, sweeps), expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("sweeps", BOTH_PATHS)
def test_project_computes_in_float32(rng, sweeps):
    velocity = rng.standard_normal((2, 20, 30))
    single = project(velocity.astype(np.float32), sweeps)
    assert single.dtype == np.float32
    # Values of order 1, and the sweeps average: a few units in the last place of 1.2e-7.
    np.testing.assert_allclose(single, project(velocity, sweeps), rtol=0, atol=2e-6)


@pytest.mark.parametrize("sweeps", [10, MAX_SWEEPS + 1])
def test_project_is_symmetric(rng, sweeps):
    u, w = rng.standard_normal((2, 2, 31, 44))
    pushed = u * project(w, sweeps)
    assert abs(pushed.sum() - np.vdot(project(u, sweeps), w)) <= 1e-12 * abs(pushed).sum()


@pytest.mark.parametrize("sweeps", [3, MAX_SWEEPS + 1])
def test_project_keeps_the_mean_velocity(rng, sweeps):
    velocity = rng.standard_normal((2, 20, 30)) + 4
    means = project(velocity, sweeps).mean(axis=(1, 2))
    np.testing.assert_allclose(means, velocity.mean(axis=(1, 2)), rtol=1e-13)


def test_many_sweeps_leave_little_divergence():
    # One smooth mode: k = 2 pi / 16 per cell along both axes.
    x, y = np.meshgrid(2 * np.pi * np.arange(16) / 16, 2 * np.pi * np.arange(16) / 16)
    velocity = np.stack([np.sin(x) * np.cos(y), np.cos(x) * np.sin(y)])

    def divergence(v):
        return abs(difference(v[0], 0) + difference(v[1], 1)).max()

    few, many, exact = (divergence(project(velocity, k)) for k in (5, 50, 10_000))
    assert exact < 0.2 * divergence(velocity)
    assert exact <= many < few < divergence(velocity)


def test_no_sweeps_return_a_copy(rng):
    velocity = rng.standard_normal((2, 5, 6))
    projected = project(velocity, 0)
    np.testing.assert_array_equal(projected, velocity)
    assert not np.shares_memory(projected, velocity)


@pytest.mark.parametrize("sweeps", [4, MAX_SWEEPS + 1])
def test_nan_reaches_the_result(sweeps):
    velocity = np.zeros((2, 9, 9))
    velocity[0, 4, 4] = np.nan
    assert np.isnan(project(velocity, sweeps)[:, 3:6, 3:6]).any()


def test_strided_arrays_are_accepted(rng):
    velocity = rng.standard_normal((2, 12, 14))
    backwards = np.ascontiguousarray(velocity[:, ::-1])[:, ::-1]
    np.testing.assert_array_equal(project(backwards, 4), project(velocity, 4))


def test_wrong_arguments_are_named():
    with pytest.raises(ValueError, match=r"velocity must have shape \(2, 4, 5\), got \(3, 4, 5\)"):
        project(np.ones((3, 4, 5)), 4)
    with pytest.raises(ValueError, match="sweeps must not be negative, got -1"):
        project(np.ones((2, 4, 5)), -1)
