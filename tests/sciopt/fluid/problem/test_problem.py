"""Laying out a problem, and the gradient of its whole objective."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autodiff.test_util import check_duality, taylor_order
from sciopt.fluid.config import FluidConfig
from sciopt.fluid.controls.domain import refine_vectors
from sciopt.fluid.physics import project
from sciopt.fluid.problem import build_problem, grid_shape, smooth_noise
from sciopt.fluid.problem.medium import medium_of


def test_grid_shape_of_a_number_is_a_square() -> None:
    assert grid_shape(12) == (12, 12)
    assert grid_shape((12, 9)) == (12, 9)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_values_have_the_configured_shape_and_dtype(dtype: str) -> None:
    problem = build_problem(FluidConfig(target="heart", size=(24, 36), dtype=dtype))
    values = problem.last.values(problem.last.start())
    assert values["smoke"].shape == (1, 24, 36)
    assert values["velocity"].shape == (2, 24, 36)
    assert {value.dtype for value in values.values()} == {np.dtype(dtype)}
    assert problem.last.pictures.keyframes[-1].target.shape == (1, 24, 36)
    assert problem.name == "heart"


def test_the_search_starts_at_rest_unless_noise_is_asked_for() -> None:
    assert not build_problem(FluidConfig(size=16)).last.start().any()
    noisy = build_problem(FluidConfig(size=16, velocity_noise=0.5, seed=3)).last.start()
    assert noisy.std() == pytest.approx(0.5)


def test_noise_is_a_function_of_the_seed_and_smooth() -> None:
    noise = smooth_noise((32, 48), 5)
    np.testing.assert_array_equal(noise, smooth_noise((32, 48), 5))
    assert np.abs(noise - smooth_noise((32, 48), 6)).max() > 0.1
    for axis in (1, 2):  # white noise would give 1.4
        assert np.abs(np.diff(noise, axis=axis)).mean() < 0.6 * np.abs(noise).mean()


def test_of_two_backends_that_can_do_it_auto_takes_the_kernels() -> None:
    assert build_problem(FluidConfig(size=16)).last.backend == "numba"
    for settings in ({"scheme": "exact"}, {"controls": {"forces": {}}}, {"dt": 0.5}):
        assert build_problem(FluidConfig(size=16, **settings)).last.backend == "compiled"
    tight = FluidConfig(size=16, steps=50, memory="20 kB")  # three states
    assert build_problem(tight).last.backend == "compiled"


BACKENDS = ["numpy", "numba", "compiled"]


def test_backends_agree() -> None:
    losses = []
    for backend in BACKENDS:
        config = FluidConfig(
            target="smile", size=(20, 26), steps=6, backend=backend, keyframes={"3": "heart"}
        )
        stage = build_problem(config).last
        losses.append(float(stage.loss(1.5 * smooth_noise((20, 26), 1).ravel())))
    assert losses == pytest.approx(losses[:1] * 3, rel=1e-12)


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_gradient_of_the_whole_problem_has_taylor_slope_two(backend: str) -> None:
    config = FluidConfig(target="smile", size=(20, 26), steps=12, backend=backend)
    loss = build_problem(config).last.loss
    # One direction for all cells, and slow: no cell's trace crosses a cell boundary, where the
    # interpolation has a kink and no Taylor expansion holds.
    velocity = np.full((2, 20, 26), 0.4) + 0.05 * smooth_noise((20, 26), 1)
    direction = smooth_noise((20, 26), 2)
    order = taylor_order(loss, velocity.ravel(), direction.ravel(), largest=0.02)
    assert order == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_modes_agree_on_the_whole_problem(backend: str) -> None:
    config = FluidConfig(target="smile", size=(16, 12), steps=8, backend=backend)
    check_duality(
        build_problem(config).last.loss, 2.0 * smooth_noise((16, 12), 1).ravel(), rtol=1e-12
    )


EVERYTHING: dict[str, Any] = {
    "target": ("smile", "heart"),
    "smoke": ("bands", "columns"),
    "keyframes": {"3": {"target": "star"}},
    "size": (14, 16),
    "steps": 6,
    "backend": "numpy",
    "scheme": "sharp",
    "limiter": "smooth",
    "tolerance": 1e-12,
    "boundary": ("periodic", "channel"),
    "wind": (0.3, 0.4),  # so that few departure points lie near the edges of cells
    "viscosity": 0.05,
    "buoyancy": 0.02,
    "controls": {
        "initial_velocity": {"effort": 0.1, "roughness": 0.1},
        "forces": {"every": 2, "between": "linear", "effort": 0.1},
        "initial_smoke": {"roughness": 0.1},
        "inflow": {"roughness": 0.1},
        "obstacle": {"outside": -2.0, "roughness": 0.1},
        "viscosity": {"effort": 0.1},
        "buoyancy": True,
    },
    "objectives": {
        "mean_square": 1.0,
        "blurred": {"weight": 0.5, "width": 2.0},
        "transport": {"weight": 0.1, "cells": 8, "width": 0.1},
        "lift": 0.1,
        "energy": 0.1,
    },
}


def test_everything_at_once_has_a_gradient(rng: np.random.Generator) -> None:
    stage = build_problem(FluidConfig.model_validate(EVERYTHING)).last
    assert stage.scheme.projection == "multigrid"
    assert [control.name for control in stage.controls.controls] == [
        "initial velocity", "forces", "initial smoke", "inflow", "obstacle", "viscosity",
        "buoyancy",
    ]  # fmt: skip
    start = stage.start()
    parts = stage.parts(start, stage.flow(start))
    assert {"mean square", "blurred", "transport", "-lift", "energy"} <= set(parts)
    assert {"effort of initial velocity", "roughness of obstacle"} <= set(parts)
    point = start + 0.02 * rng.standard_normal(start.size)
    direction = rng.standard_normal(start.size)
    order = taylor_order(stage.loss, point, direction, largest=4e-6, halvings=3)
    assert order == pytest.approx(2, abs=0.1)
    check_duality(stage.loss, point, rtol=1e-9)  # each mode solves for the pressure by itself


def test_a_stream_function_begins_with_the_wind() -> None:
    config = FluidConfig.model_validate(
        {
            "size": 16,
            "wind": (0.5, -1.0),
            "controls": {"initial_velocity": False, "stream_function": True},
        }
    )
    stage = build_problem(config).last
    velocity = stage.values(stage.start())["velocity"]
    np.testing.assert_allclose(velocity[0], 0.5, rtol=0, atol=1e-12)
    np.testing.assert_allclose(velocity[1], -1.0, rtol=0, atol=1e-12)


def test_coarse_levels_measure_in_their_own_cells_and_steps() -> None:
    config = FluidConfig.model_validate(
        {
            "size": 32, "steps": 20, "wind": (0.0, 1.0), "viscosity": 0.4, "buoyancy": 0.2,
            "levels": {"grids": 2, "scale_steps": True}, "backend": "numpy",
            "controls": {"initial_velocity": {"limit": 8.0}, "forces": {"limit": 1.0}},
        }
    )  # fmt: skip
    problem = build_problem(config)
    coarse, fine = problem.stage(0), problem.last
    assert (coarse.level.shape, coarse.level.steps) == ((16, 16), 10)
    # Half the cells in half the steps: velocities stay, forces double, viscosity halves.
    (_, high), places = coarse.controls.bounds(), coarse.controls.slices()
    assert set(high[places["initial velocity"]]) == {8.0}
    assert high[places["forces"]][0] * 0.1 == pytest.approx(2.0)  # the unit is 1 / every
    assert coarse.fixed["velocity"][1, 0, 0] == 1.0
    assert coarse.fixed["viscosity"] == pytest.approx(0.2)
    assert coarse.fixed["buoyancy"] == pytest.approx(0.4)
    assert fine.fixed["viscosity"] == 0.4
    assert coarse.refined(coarse.start(), fine).shape == fine.start().shape


@pytest.mark.parametrize("channel", [False, True])
def test_on_a_finer_grid_forces_keep_what_the_coarse_flow_did(channel: bool) -> None:
    sides: dict[str, Any] = {"boundary": ("free-slip", "channel"), "wind": (0.0, 0.5)}
    config = FluidConfig.model_validate(
        {
            "size": 48, "steps": 24, "scheme": "exact", "match_mass": True, "iterations": 40,
            "levels": {"grids": 2, "scale_steps": True}, "controls": {"forces": {"every": 6}},
            **(sides if channel else {}),
        }
    )  # fmt: skip
    problem = build_problem(config)
    coarse, fine = problem.stage(0), problem.stage(1)
    vector = 0.3 * np.random.default_rng(0).standard_normal(coarse.controls.size)
    only_counted = fine.controls.vector(coarse.controls.refined(vector, fine.domain))
    wanted = refine_vectors(
        np.asarray(coarse.flow(vector).velocity[-1]), coarse.domain, fine.domain
    )
    wanted = project(fine.scheme, medium_of(fine.scheme, fine.values(only_counted), True), wanted)

    def missed(there: Any) -> float:
        return float(np.std(fine.flow(there).velocity[-1] - wanted) / np.std(wanted))

    # Forces without any smoothness: two corrections leave a quarter in the channel, a tenth here.
    assert missed(coarse.refined(vector, fine)) < 0.4 * missed(only_counted)
