"""Running: the lecture's numbers, keyframes, forces through time, memory, the wing."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, value_and_grad
from experiments.lecture.wind_tunnel import Tunnel
from sciopt.errors import ConfigError
from sciopt.fluid.physics import Forces, Grid, Inflow, Medium, Scheme, State, simulate, step
from sciopt.fluid.problem import smooth_noise
from sciopt.fluid.simulate import rollout

GRID = Grid((9, 8))
SCHEME = Scheme(GRID, sweeps=3)


def start(rng: onp.random.Generator) -> tuple[onp.ndarray, onp.ndarray]:
    return 0.5 * rng.standard_normal((2, 9, 8)), rng.random((1, 9, 8))


def test_defaults_are_the_lectures_rollout_and_its_gradient(rng: onp.random.Generator) -> None:
    n = 24
    velocity, smoke = 0.7 * smooth_noise((n, n), 1), rng.random((n, n))
    ours, gradient = value_and_grad(
        lambda v: np.sum(simulate(Scheme(Grid((n, n))), v, smoke[None], steps=7).smoke ** 2)
    )(velocity)
    theirs, expected = value_and_grad(lambda v: np.sum(rollout(v, smoke, steps=7, sweeps=10) ** 2))(
        velocity
    )
    assert ours == pytest.approx(theirs, rel=1e-13)
    onp.testing.assert_allclose(gradient, expected, rtol=0, atol=1e-12 * abs(expected).max())


def test_states_on_the_way_are_kept(rng: onp.random.Generator) -> None:
    velocity, smoke = start(rng)
    result = simulate(SCHEME, velocity, smoke, steps=6, keep=(4, 0, 6))
    onp.testing.assert_array_equal(result.kept[1].smoke, smoke)
    onp.testing.assert_array_equal(result.kept[2].smoke, result.smoke)
    at_four = simulate(SCHEME, velocity, smoke, steps=4)
    onp.testing.assert_array_equal(result.kept[0].smoke, at_four.smoke)
    onp.testing.assert_array_equal(result.kept[0].velocity, at_four.velocity)


@pytest.mark.parametrize("between", ["held", "linear"])
def test_forces_act_at_their_steps(between: Any, rng: onp.random.Generator) -> None:
    velocity, smoke = start(rng)
    knots = 0.1 * rng.standard_normal((3, 2, 9, 8))
    result = simulate(SCHEME, velocity, smoke, steps=8, forces=Forces(knots, 3, between))
    state = State(velocity, smoke)
    for t in range(8):
        share = t % 3 / 3 if between == "linear" and t < 6 else 0.0
        force = knots[t // 3] + share * (knots[min(t // 3 + 1, 2)] - knots[t // 3])
        state = step(SCHEME, Medium(), state, force)
    onp.testing.assert_allclose(result.velocity, state.velocity, rtol=0, atol=1e-14)


@pytest.mark.parametrize("compiled", [False, True])
def test_a_piece_goes_on_from_its_own_state(compiled: bool, rng: onp.random.Generator) -> None:
    velocity, smoke = start(rng)
    other = State(*start(rng))
    knots = 0.1 * rng.standard_normal((3, 2, 9, 8))
    result = simulate(
        SCHEME, velocity, smoke, steps=8, forces=Forces(knots, 3), keep=(4, 8), pieces={4: other},
        compiled=compiled,
    )  # fmt: skip
    state = State(velocity, smoke)
    for t in range(8):
        if t == 4:
            onp.testing.assert_allclose(result.kept[0].smoke, state.smoke, rtol=0, atol=1e-14)
            state = other
        state = step(SCHEME, Medium(), state, knots[t // 3])
    onp.testing.assert_allclose(result.velocity, state.velocity, rtol=0, atol=1e-14)
    onp.testing.assert_allclose(result.kept[1].smoke, state.smoke, rtol=0, atol=1e-14)


@pytest.mark.parametrize("memory", ["20 kB", "60 kB"])
def test_gradient_within_a_budget_is_that_without(memory: str, rng: onp.random.Generator) -> None:
    velocity, smoke = start(rng)
    knots = 0.1 * rng.standard_normal((4, 2, 9, 8))

    def loss(inputs: Any, memory: str | None) -> Any:
        velocity, knots = inputs
        end = simulate(
            SCHEME, velocity, smoke, steps=20, forces=Forces(knots, 6), keep=(9,),
            memory=memory,
        )  # fmt: skip
        return np.sum(end.smoke**3) + np.sum(end.kept[0].smoke ** 2)

    bounded, free = (grad(loss)((velocity, knots), budget) for budget in (memory, None))
    for ours, theirs in zip(bounded, free):
        onp.testing.assert_array_equal(ours, theirs)


def test_compiled_steps_give_what_plain_ones_give(rng: onp.random.Generator) -> None:
    velocity, smoke = start(rng)
    grid = Grid((9, 8), ("channel", "no-slip"))
    scheme = Scheme(grid, "maccormack", "midpoint", "smooth", "multigrid")
    inflow = Inflow(onp.full((2, 8), [[0.5], [0.0]]), onp.ones((1, 8)))
    solid = onp.zeros((9, 8))
    solid[3:5, 3:5] = 0.7

    def loss(arguments: Any, compiled: bool) -> Any:
        solid, viscosity = arguments
        medium = Medium(viscosity, None, solid, inflow)
        end = simulate(
            scheme, velocity, smoke, steps=3, medium=medium, compiled=compiled, project_first=True
        )
        return np.sum(end.smoke**2) + np.sum(end.velocity**2)

    results = [value_and_grad(loss)((solid, 0.1), way) for way in (True, False)]
    assert results[0][0] == results[1][0]
    onp.testing.assert_allclose(results[0][1][0], results[1][1][0], rtol=0, atol=1e-11)
    assert results[0][1][1] == pytest.approx(results[1][1][1], rel=1e-11)


def test_the_wing_of_the_lecture_comes_out_with_its_gradient(rng: onp.random.Generator) -> None:
    tunnel = Tunnel()
    scheme = Scheme(Grid((tunnel.rows, tunnel.columns)), sweeps=tunnel.sweeps)
    wind = onp.stack([onp.zeros(GRID_OF_WING), onp.ones(GRID_OF_WING)])  # rows first: along y

    def loss(theta: Any) -> Any:
        end = simulate(
            scheme, wind, onp.zeros((1, *GRID_OF_WING)), steps=tunnel.steps,
            medium=Medium(solid=tunnel.solid(theta)), project_first=True,
        )  # fmt: skip
        return -np.mean(end.velocity[0]) / np.mean(1 - end.velocity[1])

    theta = tunnel.start + 0.3 * rng.standard_normal((20, 20))
    ours, gradient = value_and_grad(loss)(theta)
    theirs, expected = value_and_grad(tunnel.loss)(theta)
    assert ours == pytest.approx(theirs, rel=1e-12)
    onp.testing.assert_allclose(gradient, expected, rtol=0, atol=1e-12 * abs(expected).max())


GRID_OF_WING = (40, 60)


def test_settings_that_are_refused(rng: onp.random.Generator) -> None:
    velocity, smoke = start(rng)
    with pytest.raises(ConfigError, match="step 7 is not within"):
        simulate(SCHEME, velocity, smoke, steps=6, keep=(7,))
    with pytest.raises(ConfigError, match="the least is 3456 bytes"):
        simulate(SCHEME, velocity, smoke, steps=6, keep=(2,), memory="1 kB")
    with pytest.raises(ValueError, match="must have shapes"):
        simulate(SCHEME, velocity, smoke[0], steps=6)
    with pytest.raises(ValueError, match="forces must have shape"):
        simulate(SCHEME, velocity, smoke, steps=6, forces=Forces(velocity, 2))
