"""The fused step against its parts, its derivatives, and its independence of the threads."""

import numba
import numpy as np
import pytest

from sciopt.fluid.kernels import advect, project, step, step_adjoint, step_tangent
from sciopt.fluid.kernels.threads import CELLS_FOR_THREADS

SHAPES = [(1, 1), (2, 3), (16, 16), (21, 35), (70, 40)]
LARGE = (260, 270)  # on several threads


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def random_state(rng, shape, dyes=1, speed=3.0, dtype=np.float64):
    velocity = rng.uniform(-speed, speed, (2, *shape))
    return np.concatenate([velocity, rng.standard_normal((dyes, *shape))]).astype(dtype)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dyes", [0, 1, 4])
def test_step_advects_everything_and_projects_the_velocity(rng, shape, dyes):
    state = random_state(rng, shape, dyes)
    moved = advect(state, state[:2])
    expected = np.concatenate([project(moved[:2], 6), moved[2:]])
    np.testing.assert_array_equal(step(state, 6), expected)


@pytest.mark.parametrize("shape", [*SHAPES, LARGE])
@pytest.mark.parametrize("sweeps", [6, 60])
def test_step_adjoint_is_the_transpose_of_the_tangent(rng, shape, sweeps):
    state, state_dot, g = (random_state(rng, shape) for _ in range(3))
    pushed = g * step_tangent(state, state_dot, sweeps)
    pulled = np.vdot(step_adjoint(g, state, sweeps), state_dot)
    assert abs(pushed.sum() - pulled) <= 1e-12 * abs(pushed).sum()


def test_step_adjoint_in_float32_is_that_in_float64_rounded(rng):
    state, g = random_state(rng, (32, 33), dtype=np.float32), random_state(rng, (32, 33))
    single = step_adjoint(g.astype(np.float32), state, 10)
    double = step_adjoint(g, state.astype(np.float64), 10)
    assert single.dtype == np.float32
    # Departure points up to 33 are known to 2e-6; slopes of order 10 times cotangents of 3.
    np.testing.assert_allclose(single, double, rtol=0, atol=2e-4)


def test_gradient_through_several_steps_passes_the_taylor_test(rng):
    # Between 0.2 and 0.3 cells per step from a uniform flow of 2.25: no cell crosses a kink.
    state = np.concatenate([rng.uniform(2.2, 2.3, (2, 20, 22)), rng.standard_normal((1, 20, 22))])
    direction = np.concatenate([rng.uniform(-1, 1, (2, 20, 22)), rng.standard_normal((1, 20, 22))])

    def trajectory(start):
        states = [start]
        for _ in range(3):
            states.append(step(states[-1], 4))
        return states

    *earlier, last = trajectory(state)
    bar = last
    for before in reversed(earlier):
        bar = step_adjoint(bar, before, 4)
    value, slope = np.vdot(last, last) / 2, np.vdot(bar, direction)
    steps = 1e-2 * 0.5 ** np.arange(5)
    ends = [trajectory(state + h * direction)[-1] for h in steps]
    remainders = [
        abs(np.vdot(end, end) / 2 - value - h * slope) for h, end in zip(steps, ends, strict=True)
    ]
    orders = np.log2(np.divide(remainders[:-1], remainders[1:]))
    np.testing.assert_allclose(orders, 2, atol=0.1)


@pytest.mark.parametrize("speed", [3.0, 100.0, np.inf])  # bands apart, overlapping, unknown
@pytest.mark.parametrize("sweeps", [5, 60])
def test_bits_do_not_depend_on_the_threads(rng, speed, sweeps):
    assert LARGE[0] * LARGE[1] > CELLS_FOR_THREADS
    state, g = random_state(rng, LARGE, speed=min(speed, 3.0)), random_state(rng, LARGE)
    state[0, 10, 10] = speed
    before = numba.get_num_threads()
    results = []
    try:
        for threads in (before, 1, before):
            numba.set_num_threads(threads)
            results.append((step(state, sweeps), step_adjoint(g, state, sweeps)))
    finally:
        numba.set_num_threads(before)
    for other in results[1:]:
        np.testing.assert_array_equal(other[0], results[0][0])
        np.testing.assert_array_equal(other[1], results[0][1])


def test_results_do_not_share_memory_with_later_ones(rng):
    state, g = random_state(rng, (20, 20)), random_state(rng, (20, 20))
    first, pulled = step(state, 3), step_adjoint(g, state, 3)
    kept = first.copy(), pulled.copy()
    step(first, 3), step_adjoint(pulled, first, 3)
    np.testing.assert_array_equal(first, kept[0])
    np.testing.assert_array_equal(pulled, kept[1])


def test_wrong_states_are_named():
    with pytest.raises(ValueError, match="state must begin with two velocities"):
        step(np.ones((1, 4, 4)), 3)
    with pytest.raises(ValueError, match=r"state must have shape \(3, 4, 4\), got \(3, 4, 5\)"):
        step_adjoint(np.ones((3, 4, 4)), np.ones((3, 4, 5)), 3)
    with pytest.raises(ValueError, match="sweeps must not be negative"):
        step(np.ones((3, 4, 4)), -1)
