"""A rollout against a chain of steps, to the last bit, for any team."""

import threading

import numba
import numpy as np
import pytest

from sciopt.fluid.kernels import rollout, rollout_adjoint, step, step_adjoint


@pytest.fixture
def rng():
    return np.random.default_rng(8)


@pytest.fixture
def threads():
    """Sets the number of threads; puts it back afterwards."""
    before = numba.get_num_threads()
    yield numba.set_num_threads
    numba.set_num_threads(before)


def random_state(rng, shape, dyes=1, speed=2.0):
    velocity = rng.uniform(-speed, speed, (2, *shape))
    return np.concatenate([velocity, rng.standard_normal((dyes, *shape))])


def chain(state, steps, sweeps):
    states = [state]
    for _ in range(steps):
        states.append(step(states[-1], sweeps))
    return np.stack(states)


def chain_adjoint(last_bar, states, sweeps):
    for state in states[-2::-1]:
        last_bar = step_adjoint(last_bar, state, sweeps)
    return last_bar


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (50, 21), (110, 40), (260, 270)])
@pytest.mark.parametrize("speed", [2.0, 40.0])  # bands of the scatter apart, overlapping
@pytest.mark.parametrize("sweeps", [0, 7, 60])
def test_rollout_and_its_adjoint_equal_a_chain_of_steps(rng, shape, speed, sweeps):
    state, last_bar = random_state(rng, shape, 2, speed), random_state(rng, shape, 2)
    states = rollout(state, 4, sweeps)
    np.testing.assert_array_equal(states, chain(state, 4, sweeps))
    expected = chain_adjoint(last_bar, states, sweeps)
    np.testing.assert_array_equal(rollout_adjoint(last_bar, states, sweeps), expected)


def test_bits_do_not_depend_on_the_team(rng, threads):
    state, last_bar = random_state(rng, (110, 64)), random_state(rng, (110, 64))
    states = rollout(state, 20, 10)
    state_bar = rollout_adjoint(last_bar, states, 10)
    for _ in range(5):
        np.testing.assert_array_equal(rollout(state, 20, 10), states)
        np.testing.assert_array_equal(rollout_adjoint(last_bar, states, 10), state_bar)
    threads(1)
    np.testing.assert_array_equal(rollout(state, 20, 10), states)
    np.testing.assert_array_equal(rollout_adjoint(last_bar, states, 10), state_bar)


def test_rollouts_at_the_same_time_do_not_disturb_each_other(rng):
    starts = [random_state(rng, (60, 50)) for _ in range(4)]
    alone = [rollout(start, 30, 8) for start in starts]
    together = [None] * len(starts)

    def run(k):
        together[k] = rollout(starts[k], 30, 8)

    runners = [threading.Thread(target=run, args=(k,)) for k in range(len(starts))]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    np.testing.assert_array_equal(np.stack(together), np.stack(alone))


def test_no_steps_return_the_state(rng):
    state, last_bar = random_state(rng, (9, 9)), random_state(rng, (9, 9))
    states = rollout(state, 0, 5)
    np.testing.assert_array_equal(states, state[None])
    np.testing.assert_array_equal(rollout_adjoint(last_bar, states, 5), last_bar)


def test_nan_ends_up_in_the_states(rng):
    state = random_state(rng, (60, 60))
    state[0, 30, 30] = np.nan
    states = rollout(state, 3, 4)
    assert np.isnan(states[-1]).any()
    assert np.isnan(rollout_adjoint(state, states, 4)).any()


def test_wrong_arguments_are_named(rng):
    state = random_state(rng, (5, 6))
    with pytest.raises(ValueError, match="must not be negative, got -1 and 3"):
        rollout(state, -1, 3)
    with pytest.raises(ValueError, match=r"states must be \(steps \+ 1, channels, nx, ny\)"):
        rollout_adjoint(state, state, 3)
    with pytest.raises(ValueError, match="states must have shape"):
        rollout_adjoint(state, np.ones((2, 3, 5, 7)), 3)
