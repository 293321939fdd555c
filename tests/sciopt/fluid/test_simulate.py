"""Rollouts: the lecture's order of operations, its measured number, and the frames kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sciopt.fluid import reference
from sciopt.fluid.simulate import rollout, smoke_frames


def lecture_steps(
    velocity: np.ndarray, smoke: np.ndarray, steps: int, sweeps: int
) -> list[np.ndarray]:
    """The smoke after 0 to `steps` steps, in the lecture's own order of operations."""
    smokes = [smoke]
    for _ in range(steps):
        velocity = reference.project(reference.advect(velocity, velocity), sweeps)
        smokes.append(reference.advect(smokes[-1][None], velocity)[0])
    return smokes


@pytest.mark.parametrize("backend", ["numpy", "numba"])
@pytest.mark.parametrize("steps", [1, 2, 7])
def test_rollout_takes_the_lectures_steps(
    backend: str, steps: int, rng: np.random.Generator
) -> None:
    velocity, smoke = rng.standard_normal((2, 9, 12)), rng.random((9, 12))
    expected = lecture_steps(velocity, smoke, steps, 4)[-1]
    got = rollout(velocity, smoke, steps=steps, sweeps=4, backend=backend)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-12)


def test_smoke_at_rest_stays(rng: np.random.Generator) -> None:
    smoke = rng.random((8, 8))
    at_end = rollout(np.zeros((2, 8, 8)), smoke, steps=5, sweeps=3, backend="numpy")
    np.testing.assert_array_equal(at_end, smoke)


@pytest.mark.parametrize("backend", ["numpy", "numba"])
@pytest.mark.parametrize(("steps", "frames"), [(10, 4), (3, 60), (1, 2), (100, 60)])
def test_frames_are_the_smoke_at_the_steps_named(
    steps: int, frames: int, backend: str, rng: np.random.Generator
) -> None:
    velocity, smoke = rng.standard_normal((2, 8, 8)), rng.random((8, 8))
    kept_steps, kept = smoke_frames(
        velocity, smoke, steps=steps, sweeps=2, backend=backend, frames=frames
    )
    expected = lecture_steps(velocity, smoke, steps, 2)
    assert kept_steps[0] == 0
    assert kept_steps[-1] == steps
    assert len(kept_steps) == len(kept) == min(frames, steps + 1)
    for step, field in zip(kept_steps, kept):
        np.testing.assert_allclose(field, expected[step], rtol=0, atol=1e-12)


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


def test_the_lectures_objective_at_rest(lecture_images: Path) -> None:
    from sciopt.fluid.config import FluidConfig
    from sciopt.fluid.problem import build_problem, mismatch

    config = FluidConfig(
        target=str(lecture_images / "skull.png"),
        smoke=str(lecture_images / "init_smoke.png"),
        resample="stride",
    )
    problem = build_problem(config)
    loss = mismatch(problem)(problem.velocity)
    assert loss == pytest.approx(0.5489387848172027, rel=1e-12)
