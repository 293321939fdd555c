"""Multiple shooting: pieces that meet are the simulation, and each has the gradient of its own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autodiff import grad, value_and_grad
from autodiff.test_util import check_duality, taylor_order
from sciopt.fluid.config import FluidConfig
from sciopt.fluid.controls import state_of, value_names
from sciopt.fluid.physics import Forces, simulate
from sciopt.fluid.problem import FluidProblem, Stage, build_problem, smooth_noise
from sciopt.fluid.solve import solve

BACKENDS = ["numpy", "numba", "compiled"]
SHAPE = (20, 16)
LETTERS: dict[str, Any] = {
    "target": "smile",
    "keyframes": {"4": {"target": "heart"}, "7": {"target": "star", "weight": 2.0}},
    "size": SHAPE,
    "steps": 12,
    "iterations": 8,
    "frames": 3,
}
GAP = 0.3
FORCES = {"controls": {"forces": {"every": 3}}}


def shooting_problem(**settings: Any) -> FluidProblem:
    changed = {**LETTERS, "levels": {"shooting": (GAP,)}, **settings}
    return build_problem(FluidConfig.model_validate(changed))


def joined(stage: Stage, single: Stage, vector: Any) -> Any:
    """A vector of the pieces which go on from where those before them ended."""
    flow = single.flow(vector)
    parameters = dict(single.controls.parameters(vector))
    for step in stage.joints:
        k = flow.at(step)
        parameters.update(zip(value_names(step), (flow.velocity[k], flow.smoke[k])))
    return stage.controls.vector(parameters)


def test_the_last_level_is_the_simulation_in_one_piece() -> None:
    problem = shooting_problem()
    first, last = problem.stage(0), problem.last
    assert first.joints == (4, 7)
    assert last.joints == ()
    extra = 2 * (2 + 1) * SHAPE[0] * SHAPE[1]
    assert first.controls.size == last.controls.size + extra
    np.testing.assert_array_equal(first.refined(first.start(), last), last.start())


@pytest.mark.parametrize("backend", BACKENDS)
def test_pieces_that_meet_have_the_loss_of_the_simulation(backend: str) -> None:
    problem = shooting_problem(backend=backend)
    pieces, single = problem.stage(0), problem.last
    assert pieces.backend == backend
    vector = 0.8 * smooth_noise(SHAPE, 1).ravel()
    whole = joined(pieces, single, vector)
    parts = pieces.parts(whole, pieces.flow(whole))
    # The same operations in the same order, the kernels' fusion of two steps at a joint aside.
    assert parts["gaps"] <= 1e-28
    assert pieces.loss(whole) == pytest.approx(single.loss(vector), rel=1e-13)


def test_gaps_are_what_the_pieces_miss_each_other_by(rng: np.random.Generator) -> None:
    problem = shooting_problem(backend="numpy", **FORCES)
    pieces, single = problem.stage(0), problem.last
    vector = 0.5 * rng.standard_normal(single.controls.size)
    whole = joined(pieces, single, vector)
    moved = dict(pieces.controls.parameters(whole))
    in_velocity, in_smoke = value_names(7)
    off = rng.standard_normal((3, *SHAPE))
    moved[in_velocity] = moved[in_velocity] + off[:2]
    moved[in_smoke] = moved[in_smoke] + off[2]
    missed = pieces.controls.vector(moved)
    parts = pieces.parts(missed, pieces.flow(missed))
    expected = GAP * (np.mean(off[:2] ** 2) + np.mean(off[2] ** 2)) / 2  # at one joint of two
    assert parts["gaps"] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_loss_in_pieces_has_a_gradient(backend: str, rng: np.random.Generator) -> None:
    stage = shooting_problem(backend=backend).stage(0)
    # Slow, and one direction for all cells: nothing crosses a cell's edge, where a kink is.
    slow = [0.4 + 0.05 * smooth_noise(SHAPE, seed).ravel() for seed in range(3)]
    smoke = [rng.random(SHAPE[0] * SHAPE[1]) for _ in range(2)]
    vector = np.concatenate([slow[0], slow[1], smoke[0], slow[2], smoke[1]])
    direction = np.concatenate(
        [
            smooth_noise(SHAPE, 3).ravel(), smooth_noise(SHAPE, 4).ravel(), smoke[1],
            smooth_noise(SHAPE, 5).ravel(), smoke[0],
        ]
    )  # fmt: skip
    assert taylor_order(stage.loss, vector, direction, largest=0.02) == pytest.approx(2, abs=0.1)
    check_duality(stage.loss, vector, rtol=1e-12)


def test_a_state_moves_its_own_piece_and_the_gap_before_it(rng: np.random.Generator) -> None:
    stage = shooting_problem(backend="numpy", **FORCES).stage(0)
    vector = 0.3 * rng.standard_normal(stage.controls.size)
    values, flow = stage.values(vector), stage.flow(vector)
    begun, ended = state_of(values, 4), state_of(values, 7)
    # The forces of steps 4 to 6, whose knots lie at 3 and 6, and the second of three pictures.
    knots = values["forces"][[1, 1, 2]]
    frame = stage.pictures.keyframes[1]

    def piece(state: Any) -> Any:
        end = simulate(stage.scheme, *state, steps=3, forces=Forces(knots, 1), compiled=False)
        picture = ((end.smoke - frame.target) ** 2).mean() * frame.weight / 4
        before = ((state[0] - flow.velocity[0]) ** 2).mean() + (
            (state[1] - flow.smoke[0]) ** 2
        ).mean()
        after = ((end.velocity - ended.velocity) ** 2).mean() + (
            (end.smoke - ended.smoke) ** 2
        ).mean()
        return picture + GAP * (before + after) / 2

    expected = grad(piece)((begun.velocity, begun.smoke))
    gradient, places = grad(stage.loss)(vector), stage.controls.slices()
    for name, theirs in zip(value_names(4), expected):
        np.testing.assert_allclose(gradient[places[name]], theirs.ravel(), rtol=0, atol=1e-14)


def test_the_states_begin_as_the_pictures_with_the_mass_that_the_flow_keeps() -> None:
    for scheme, factor in (("lecture", 1.0), ("exact", None)):
        stage = shooting_problem(scheme=scheme, wind=(0.0, 0.5)).stage(0)
        velocity, smoke = state_of(stage.values(stage.start()), 4)
        picture = stage.pictures.keyframes[0].target
        factor = factor or stage.pictures.smoke.mean() / picture.mean()
        np.testing.assert_allclose(smoke, factor * picture, rtol=1e-12)
        np.testing.assert_array_equal(velocity[1], 0.5)


def test_pieces_keep_to_the_memory() -> None:
    vector, losses = None, []
    for memory in ("60 kB", "auto"):  # 7 states, of 12, and 6 are the least
        stage = shooting_problem(memory=memory, backend="compiled", **FORCES).stage(0)
        vector = stage.start() + 0.1 if vector is None else vector
        losses.append(value_and_grad(stage.loss)(vector))
    assert losses[0][0] == losses[1][0]
    np.testing.assert_array_equal(losses[0][1], losses[1][1])


def test_a_search_that_began_in_pieces_ends_with_a_true_flow() -> None:
    problem = shooting_problem(backend="numpy", iterations=12)
    stages: list[Stage] = []
    result = solve(problem, on_stage=stages.append)
    assert [stage.level.gap for stage in stages] == [GAP, 0.0]
    assert list(result.part_names) == ["mean square"]
    assert result.loss_final == problem.last.loss(result.vector)
    assert result.loss_final < 0.8 * result.loss_initial


def test_ctrl_c_among_the_pieces_gives_a_true_flow_too() -> None:
    def interrupt(iterate: Any) -> None:
        if iterate.index == 2:
            raise KeyboardInterrupt

    problem = shooting_problem(backend="numpy")
    result = solve(problem, interrupt)
    assert result.status == "interrupted"
    assert result.loss_final == problem.last.loss(result.vector)


def test_pieces_go_with_coarse_grids_and_several_starts() -> None:
    problem = shooting_problem(
        backend="numpy", size=32, restarts=1, trial_iterations=1, velocity_noise=0.3,
        levels={"shooting": (0.3, 3.0), "grids": 2, "scale_steps": True}, iterations=20,
    )  # fmt: skip
    assert [(level.shape, level.gap) for level in problem.levels] == [
        ((16, 16), 0.3), ((16, 16), 3.0), ((16, 16), 0.0), ((32, 32), 0.0),
    ]  # fmt: skip
    assert problem.stage(0).joints == (2, 4)
    result = solve(problem)
    assert result.loss_final < result.loss_initial
    assert len(result.trial_losses) == 2
