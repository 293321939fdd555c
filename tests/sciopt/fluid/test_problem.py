"""Laying out a problem, and the gradient of its whole objective."""

from __future__ import annotations

import numpy as np
import pytest

from autodiff.test_util import check_duality, taylor_order
from sciopt.fluid.config import FluidConfig
from sciopt.fluid.problem import build_problem, grid_shape, mismatch, smooth_noise


def test_grid_shape_of_a_number_is_a_square() -> None:
    assert grid_shape(12) == (12, 12)
    assert grid_shape((12, 9)) == (12, 9)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_arrays_have_the_configured_shape_and_dtype(dtype: str) -> None:
    problem = build_problem(FluidConfig(target="heart", size=(24, 36), dtype=dtype))
    assert problem.target.shape == problem.smoke.shape == (24, 36)
    assert problem.velocity.shape == (2, 24, 36)
    assert {problem.target.dtype, problem.smoke.dtype, problem.velocity.dtype} == {np.dtype(dtype)}
    assert problem.name == "heart"


def test_the_search_starts_at_rest_unless_noise_is_asked_for() -> None:
    assert not build_problem(FluidConfig(size=16)).velocity.any()
    noisy = build_problem(FluidConfig(size=16, velocity_noise=0.5, seed=3)).velocity
    assert noisy.std() == pytest.approx(0.5)


def test_noise_is_a_function_of_the_seed_and_smooth() -> None:
    noise = smooth_noise((32, 48), 5)
    np.testing.assert_array_equal(noise, smooth_noise((32, 48), 5))
    assert np.abs(noise - smooth_noise((32, 48), 6)).max() > 0.1
    for axis in (1, 2):  # white noise would give 1.4
        assert np.abs(np.diff(noise, axis=axis)).mean() < 0.6 * np.abs(noise).mean()


@pytest.mark.parametrize("backend", ["numpy", "numba"])
def test_the_gradient_of_the_whole_problem_has_taylor_slope_two(
    backend: str, rng: np.random.Generator
) -> None:
    config = FluidConfig(target="smile", size=(20, 26), steps=12, backend=backend)
    loss = mismatch(build_problem(config))
    # One direction for all cells, and slow: no cell's trace crosses a cell boundary, where the
    # interpolation has a kink and no Taylor expansion holds.
    velocity = np.full((2, 20, 26), 0.4) + 0.05 * smooth_noise((20, 26), 1)
    direction = smooth_noise((20, 26), 2)
    assert taylor_order(loss, velocity, direction, largest=0.02) == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize("backend", ["numpy", "numba"])
def test_the_modes_agree_on_the_whole_problem(backend: str) -> None:
    config = FluidConfig(target="smile", size=(16, 12), steps=8, backend=backend)
    check_duality(mismatch(build_problem(config)), 2.0 * smooth_noise((16, 12), 1), rtol=1e-12)
