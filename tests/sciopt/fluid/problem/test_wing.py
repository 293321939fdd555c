"""The config `wing` against an independent program of the formulas, in plain Autograd."""

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import value_and_grad as autograd_value_and_grad

from autodiff import value_and_grad
from sciopt.config import find_config, load_config
from sciopt.fluid.config import FluidConfig
from sciopt.fluid.problem import build_problem
from sciopt.fluid.solve import solve

ROWS, COLUMNS, STEPS, SWEEPS = 40, 60, 20, 50
SQUARE = np.zeros((ROWS, COLUMNS))
SQUARE[10:30, 10:30] = 1.0
EXACT = 1e-10  # round-off of 21 projections of 50 sweeps, in another order


def around(f):
    return anp.roll(f, 1, 0) + anp.roll(f, -1, 0) + anp.roll(f, 1, 1) + anp.roll(f, -1, 1)


def continued(f, o):
    m = 1 - o
    return f * m + (1 - m) * around(f * m) / (around(m) + 0.001)


def central(f, axis):
    return anp.roll(f, -1, axis) - anp.roll(f, 1, axis)


def projected(vx, vy, o):
    div = continued(-0.5 * (central(vx, 1) + central(vy, 0)), o)
    p = anp.zeros((ROWS, COLUMNS))
    for _ in range(SWEEPS):
        p = continued((div + around(p)) / 4, o)
    return (vx - 0.5 * central(p, 1)) * (1 - o), (vy - 0.5 * central(p, 0)) * (1 - o)


def advected(f, vx, vy):
    rows, columns = np.arange(ROWS)[:, None], np.arange(COLUMNS)[None, :]
    y, x = (rows - vy).ravel(), (columns - vx).ravel()
    top, left = anp.floor(y), anp.floor(x)
    a, b = y - top, x - left
    i0, j0 = top.astype(int) % ROWS, left.astype(int) % COLUMNS
    i1, j1 = (i0 + 1) % ROWS, (j0 + 1) % COLUMNS
    mixed = (
        (1 - a) * (1 - b) * f[i0, j0]
        + (1 - a) * b * f[i0, j1]
        + a * (1 - b) * f[i1, j0]
        + a * b * f[i1, j1]
    )
    return anp.reshape(mixed, (ROWS, COLUMNS))


def oracle(flat):
    o = 0.5 * (anp.tanh(anp.reshape(flat, (ROWS, COLUMNS))) + 1) * SQUARE
    vx, vy = projected(anp.ones((ROWS, COLUMNS)), anp.zeros((ROWS, COLUMNS)), o)
    for _ in range(STEPS):
        vx, vy = projected(advected(vx, vx, vy), advected(vy, vx, vy), o)
    return -anp.mean(vy) / anp.mean(1 - vx)


def wing(**flags):
    return build_problem(load_config(FluidConfig, path=find_config("wing", "fluid"), flags=flags))


@pytest.fixture(scope="module")
def stage():
    return wing().last


def test_the_start_has_the_gradient_of_the_formulas(stage):
    vector = stage.start()
    loss, gradient = value_and_grad(stage.loss)(vector)
    expected_loss, expected = autograd_value_and_grad(oracle)(vector)
    # The block is symmetric: lift, and with it the loss, is round-off.
    assert abs(loss) < EXACT
    assert abs(expected_loss) < EXACT
    np.testing.assert_allclose(gradient, expected, rtol=0, atol=EXACT * abs(expected).max())


def test_a_random_shape_has_the_loss_and_gradient_of_the_formulas(stage):
    start = stage.start()
    vector = start + np.random.default_rng(3).standard_normal(start.size)
    loss, gradient = value_and_grad(stage.loss)(vector)
    expected_loss, expected = autograd_value_and_grad(oracle)(vector)
    assert abs(expected_loss) > 1e-3
    assert loss == pytest.approx(expected_loss, rel=EXACT)
    np.testing.assert_allclose(gradient, expected, rtol=0, atol=EXACT * abs(expected).max())


def test_the_search_turns_the_wind_at_every_iteration():
    result = solve(wing(iterations=6))
    losses = result.loss_history
    assert len(losses) == 7
    assert (np.diff(losses) < 0).all()
    assert result.velocity_final[0].mean() > 0.005
    assert result.loss_final < -0.2
