"""The lecture's scheme by kernels: its order of operations, its measured number, states kept."""

from __future__ import annotations

from pathlib import Path

import lecture_scheme
import numpy as np
import pytest

from sciopt.fluid.simulate import lecture_states, rollout


def lecture_steps(
    velocity: np.ndarray, smoke: np.ndarray, steps: int, sweeps: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Velocity and smoke after 0 to `steps` steps, in the lecture's own order of operations."""
    states = [(velocity, smoke)]
    for _ in range(steps):
        velocity = lecture_scheme.project(lecture_scheme.advect(velocity, velocity), sweeps)
        states.append((velocity, lecture_scheme.advect(states[-1][1], velocity)))
    return states


@pytest.mark.parametrize("steps", [1, 2, 7])
def test_rollout_takes_the_lectures_steps(steps: int, rng: np.random.Generator) -> None:
    velocity, smoke = rng.standard_normal((2, 9, 12)), rng.random((9, 12))
    expected = lecture_steps(velocity, smoke[None], steps, 4)[-1][1][0]
    got = rollout(velocity, smoke, steps=steps, sweeps=4)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-12)


def test_smoke_at_rest_stays(rng: np.random.Generator) -> None:
    smoke = rng.random((8, 8))
    np.testing.assert_array_equal(rollout(np.zeros((2, 8, 8)), smoke, steps=5, sweeps=3), smoke)


@pytest.mark.parametrize("keep", [(0,), (1,), (5,), (0, 1, 2), (2, 7), (0, 3, 7)])
def test_states_are_kept_after_the_steps_named(
    keep: tuple[int, ...], rng: np.random.Generator
) -> None:
    velocity, smoke = rng.standard_normal((2, 8, 8)), rng.random((2, 8, 8))
    kept = lecture_states(velocity, smoke, keep=keep, sweeps=2)
    expected = lecture_steps(velocity, smoke, keep[-1], 2)
    assert len(kept) == len(keep)
    for step, state in zip(keep, kept):
        np.testing.assert_allclose(state.velocity, expected[step][0], rtol=0, atol=1e-12)
        np.testing.assert_allclose(state.smoke, expected[step][1], rtol=0, atol=1e-12)


def test_float32_follows_float64_over_a_hundred_steps(rng: np.random.Generator) -> None:
    from autodiff import value_and_grad
    from sciopt.fluid.problem import smooth_noise

    shape = (64, 64)
    velocity, smoke, target = smooth_noise(shape, 1), rng.random(shape), rng.random(shape)

    def loss_and_gradient(dtype: type) -> tuple[float, np.ndarray]:
        def loss(v: np.ndarray) -> float:
            final = rollout(v, smoke.astype(dtype), steps=100, sweeps=10)
            return ((final - target.astype(dtype)) ** 2).mean()

        return value_and_grad(loss)((0.3 * velocity).astype(dtype))

    (single, single_gradient), (double, double_gradient) = map(
        loss_and_gradient, (np.float32, np.float64)
    )
    assert single_gradient.dtype == np.float32
    assert abs(single - double) < 1e-5
    error = np.linalg.norm(single_gradient - double_gradient)
    assert error < 1e-3 * np.linalg.norm(double_gradient)


@pytest.mark.parametrize("backend", ["numba", "compiled"])
def test_the_lectures_objective_at_rest(backend: str, lecture_images: Path) -> None:
    from sciopt.fluid.config import FluidConfig
    from sciopt.fluid.problem import build_problem

    config = FluidConfig(
        target=str(lecture_images / "skull.png"),
        smoke=str(lecture_images / "init_smoke.png"),
        resample="stride",
        steps=100,
        backend=backend,
    )
    stage = build_problem(config).last
    assert float(stage.loss(stage.start())) == pytest.approx(0.5489387848172027, rel=1e-12)
