"""Solving small problems whole: descent, determinism, interrupts and divergence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autodiff import stop_gradient
from sciopt.errors import DivergenceError
from sciopt.fluid.config import FluidConfig
from sciopt.fluid.problem import Stage, build_problem
from sciopt.fluid.solve import solve

SMALL: dict[str, Any] = {"target": "heart", "size": 16, "steps": 8, "iterations": 10, "frames": 5}


def test_the_result_is_what_its_velocity_gives() -> None:
    problem = build_problem(FluidConfig(**SMALL))
    result = solve(problem)
    assert result.status == "finished"
    assert result.loss_final < 0.7 * result.loss_initial
    assert problem.last.loss(result.vector) == result.loss_final
    assert np.mean((result.smoke_final - result.targets[-1]) ** 2) == pytest.approx(
        result.loss_final
    )
    assert result.picture_mismatch == pytest.approx(result.loss_final)
    assert result.parts_final.sum() == pytest.approx(result.loss_final)
    assert list(result.part_names) == ["mean square"]
    assert result.frames.dtype == np.uint8
    assert result.frames.shape == (5, 1, 16, 16)
    assert result.frame_smoke.size == result.frame_velocity.size == 0
    assert result.forces.size == result.occlusion.size == 0
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
    monkeypatch.setattr(Stage, "loss", lambda stage, vector: vector.sum() * np.nan)
    with pytest.raises(DivergenceError, match="the start itself") as caught:
        solve(build_problem(FluidConfig(**SMALL)))
    assert caught.value.result is None


def test_a_loss_that_turns_nan_keeps_the_last_good_flow(monkeypatch: pytest.MonkeyPatch) -> None:
    calls, loss = {"count": 0}, Stage.loss

    def failing(stage: Stage, vector: Any) -> Any:
        calls["count"] += 1
        return loss(stage, vector) * (np.nan if calls["count"] > 6 else 1.0)

    monkeypatch.setattr(Stage, "loss", failing)
    with pytest.raises(DivergenceError, match="likely cause") as caught:
        solve(build_problem(FluidConfig(**SMALL)))
    result = caught.value.result
    assert result is not None
    assert result.status == "diverged"
    assert np.isfinite(result.velocity).all()
    assert result.loss_final < result.loss_initial


LEVELS = {**SMALL, "size": 32, "backend": "numpy", "iterations": 8}


def test_levels_go_from_coarse_to_fine_and_count_on() -> None:
    config = FluidConfig(**LEVELS, levels={"grids": 2, "blurs": (2.0, 0.0)})
    problem, seen = build_problem(config), []
    stages: list[Stage] = []
    result = solve(problem, seen.append, on_stage=stages.append)
    assert [(s.level.shape, s.level.blur) for s in stages] == [
        ((16, 16), 2.0), ((16, 16), 0.0), ((32, 32), 0.0),
    ]  # fmt: skip
    assert [iterate.index for iterate in seen] == [0, 1, 2, 3, 3, 4, 5, 5, 6, 7, 8]
    assert all(np.diff([iterate.evaluations for iterate in seen]) >= 0)
    assert result.iterations == 8
    assert result.evaluations == seen[-1].evaluations
    assert list(result.level_history) == [0] * 4 + [1] * 3 + [2] * 4
    assert result.velocity.shape == (2, 32, 32)
    assert result.loss_final < 0.8 * result.loss_initial
    # What the coarse levels found is a head start.
    assert result.loss_history[7] < 0.9 * result.loss_initial


def test_a_search_that_ends_on_a_coarse_level_gives_a_flow_on_the_last_grid() -> None:
    def interrupt(iterate: Any) -> None:
        if iterate.index == 2:
            raise KeyboardInterrupt

    result = solve(build_problem(FluidConfig(**LEVELS, levels={"grids": 2})), interrupt)
    assert result.status == "interrupted"
    assert result.velocity.shape == (2, 32, 32)
    assert result.loss_final < result.loss_initial


NOISY = {**SMALL, "velocity_noise": 0.6}
RESTARTS = {**NOISY, "iterations": 20, "restarts": 2, "trial_iterations": 3, "seed": 7}


def test_of_several_starts_the_best_after_its_trial_goes_on() -> None:
    seen: list[Any] = []
    told: list[list[float]] = []
    result = solve(
        build_problem(FluidConfig(**RESTARTS)),
        seen.append,
        on_trial=lambda losses: told.append(list(losses)),
    )
    alone = [
        solve(build_problem(FluidConfig(**{**NOISY, "iterations": 3, "seed": seed})))
        for seed in (7, 8, 9)
    ]
    assert result.trial_losses.tolist() == [trial.loss_final for trial in alone]
    assert [len(losses) for losses in told] == [0, 1, 2, 3]
    best = result.start_chosen
    assert best != 0, "another seed would show more"
    assert result.trial_losses[best] == min(result.trial_losses)
    assert result.loss_initial == alone[best].loss_initial
    assert result.search_history.tolist() == [0] * 4 + [1] * 4 + [2] * 4 + [3] * 12
    assert not result.level_history.any()
    assert result.loss_history[12] == min(result.trial_losses), "it goes on from there"
    assert result.loss_final < result.loss_history[12]
    assert result.iterations == seen[-1].index == 20
    assert result.evaluations == seen[-1].evaluations
    assert all(np.diff([iterate.evaluations for iterate in seen]) > 0)


def test_ctrl_c_in_a_trial_keeps_the_best_of_all_trials() -> None:
    def interrupt(iterate: Any) -> None:
        if iterate.index == 7:
            raise KeyboardInterrupt

    result = solve(build_problem(FluidConfig(**RESTARTS)), interrupt)
    assert result.status == "interrupted"
    assert (result.iterations, len(result.trial_losses)) == (7, 3)
    assert result.loss_final == min(result.trial_losses)


@pytest.mark.parametrize("settings", [{"levels": {"grids": 2}}, {**RESTARTS, "size": 32}])
def test_ctrl_c_before_the_next_search_has_begun_keeps_the_last(settings: dict[str, Any]) -> None:
    begun: list[Any] = []
    found: list[Any] = []

    def interrupt(question: Any, compute: Any) -> Any:
        if len(begun) == 2:
            raise KeyboardInterrupt
        return compute()

    problem = build_problem(FluidConfig(**{**LEVELS, **settings}))
    callbacks = {"on_trial" if "restarts" in settings else "on_stage": begun.append}
    result = solve(problem, found.append, remember=interrupt, **callbacks)
    assert result.status == "interrupted"
    assert result.iterations == found[-1].index > 0
    assert result.loss_final < result.loss_initial


@pytest.mark.parametrize("most", [2, 7, 15])
def test_trials_count_as_evaluations(most: int) -> None:
    result = solve(build_problem(FluidConfig(**RESTARTS, evaluations=most)))
    assert (result.status, result.evaluations) == ("finished", most)
    assert result.loss_final == min(*result.trial_losses, *result.loss_history)


def test_a_trial_that_diverges_loses(monkeypatch: pytest.MonkeyPatch) -> None:
    loss = Stage.loss
    spoiled = build_problem(FluidConfig(**RESTARTS)).last.start(1)

    def failing(stage: Stage, vector: Any) -> Any:
        near = float(np.linalg.norm(np.asarray(stop_gradient(vector)) - spoiled)) < 1e-9
        return loss(stage, vector) * (np.nan if near else 1.0)

    monkeypatch.setattr(Stage, "loss", failing)
    result = solve(build_problem(FluidConfig(**RESTARTS)))
    assert result.status == "finished"
    assert np.isinf(result.trial_losses[1])
    assert result.start_chosen != 1


@pytest.mark.parametrize("settings", [{"levels": {"grids": 2}}, {**RESTARTS, "size": 32}])
def test_answers_of_an_earlier_run_are_not_computed_again(settings: dict[str, Any]) -> None:
    config = FluidConfig(**{**LEVELS, **settings})
    kept: list[Any] = []

    def keep(question: Any, compute: Any) -> Any:
        kept.append(compute())
        return kept[-1]

    first = solve(build_problem(config), remember=keep)
    old = iter(kept)
    second = solve(build_problem(config), remember=lambda question, compute: next(old))
    np.testing.assert_array_equal(first.vector, second.vector)
    np.testing.assert_array_equal(first.loss_history, second.loss_history)
    assert next(old, None) is None


@pytest.mark.parametrize("most", [3, 9])
def test_evaluations_of_all_levels_end_at_their_limit(most: int) -> None:
    config = FluidConfig(**LEVELS, levels={"grids": 2}, evaluations=most)
    asked: list[int] = []

    def remember(question: Any, compute: Any) -> Any:
        asked.append(question.size)
        return compute()

    result = solve(build_problem(config), remember=remember)
    assert len(asked) == result.evaluations == most
    assert len(set(asked)) == (1 if most == 3 else 2)  # how many levels were reached
    assert result.velocity.shape == (2, 32, 32)
