"""Solving small problems whole: descent, determinism, interrupts and divergence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sciopt.errors import DivergenceError
from sciopt.fluid import solve as solve_module
from sciopt.fluid.config import FluidConfig
from sciopt.fluid.problem import build_problem, mismatch
from sciopt.fluid.solve import solve

SMALL: dict[str, Any] = {"target": "heart", "size": 16, "steps": 8, "iterations": 10, "frames": 5}


def test_the_result_is_what_its_velocity_gives() -> None:
    problem = build_problem(FluidConfig(**SMALL))
    result = solve(problem)
    assert result.status == "finished"
    assert result.loss_final < 0.7 * result.loss_initial
    assert mismatch(problem)(result.velocity) == result.loss_final
    assert np.mean((result.smoke_final - result.target) ** 2) == pytest.approx(result.loss_final)
    assert result.frames.dtype == np.uint8
    assert result.frames.shape == (5, 16, 16)
    assert list(result.frame_steps) == [0, 2, 4, 6, 8]
    assert result.loss_history[0] == result.loss_initial
    assert len(result.loss_history) == len(result.grad_norm_history) == result.iterations + 1


@pytest.mark.parametrize("optimizer", ["L-BFGS-B", "CG", "BFGS", "TNC", "SLSQP", "Adam"])
def test_every_optimizer_gets_down(optimizer: str) -> None:
    config = FluidConfig(**{**SMALL, "size": 8, "optimizer": optimizer, "velocity_noise": 0.1})
    result = solve(build_problem(config))
    assert result.loss_final < result.loss_initial


def test_the_same_config_gives_the_same_bits() -> None:
    config = FluidConfig(**SMALL, velocity_noise=0.3, seed=4)
    first, second = (solve(build_problem(config)) for _ in range(2))
    np.testing.assert_array_equal(first.velocity, second.velocity)
    np.testing.assert_array_equal(first.frames, second.frames)
    np.testing.assert_array_equal(first.loss_history, second.loss_history)


def test_ctrl_c_keeps_the_best_flow_so_far() -> None:
    def interrupt(iterate: Any) -> None:
        if iterate.index == 3:
            raise KeyboardInterrupt

    result = solve(build_problem(FluidConfig(**SMALL)), interrupt)
    assert result.status == "interrupted"
    assert result.iterations == 3
    assert result.loss_final < result.loss_initial


def test_a_start_that_is_not_finite_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        solve_module, "mismatch", lambda problem: lambda velocity: velocity.sum() * np.nan
    )
    with pytest.raises(DivergenceError, match="the start itself") as caught:
        solve(build_problem(FluidConfig(**SMALL)))
    assert caught.value.result is None


def test_a_loss_that_turns_nan_keeps_the_last_good_flow(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = {"count": 0}

    def failing(problem: Any) -> Any:
        loss = mismatch(problem)

        def wrapped(velocity: Any) -> Any:
            calls["count"] += 1
            return loss(velocity) * (np.nan if calls["count"] > 6 else 1.0)

        return wrapped

    monkeypatch.setattr(solve_module, "mismatch", failing)
    with pytest.raises(DivergenceError, match="likely cause") as caught:
        solve(build_problem(FluidConfig(**SMALL)))
    result = caught.value.result
    assert result is not None
    assert result.status == "diverged"
    assert np.isfinite(result.velocity).all()
    assert result.loss_final < result.loss_initial
