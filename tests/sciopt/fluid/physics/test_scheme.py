"""One step: the lecture's to the bit, analytic flows, and combinations that are refused."""

from __future__ import annotations

from typing import Any

import lecture_scheme as reference
import numpy as np
import pytest

from autodiff import compiled
from autodiff.test_util import check_grads
from sciopt.errors import ConfigError
from sciopt.fluid.physics import Grid, Inflow, Medium, Scheme, State, step


def test_default_step_is_the_lectures(rng: np.random.Generator) -> None:
    v, s = rng.standard_normal((2, 7, 8)), rng.random((1, 7, 8))
    ours = step(Scheme(Grid((7, 8))), Medium(), State(v, s))
    moved = reference.project(reference.advect(v, v), 10)
    np.testing.assert_array_equal(ours.velocity, moved)
    np.testing.assert_array_equal(ours.smoke, reference.advect(s, moved))


@pytest.mark.parametrize("advection", ["bilinear", "bicubic", "maccormack"])
def test_vortices_of_taylor_and_green_decay_as_they_must(advection: Any) -> None:
    """v = (cos x sin y, -sin x cos y) keeps its shape and decays as exp(-2 k^2 viscosity t)."""
    n, dt, viscosity, speed = 64, 0.5, 0.4, 0.25
    k = 2 * np.pi / n
    x, y = np.mgrid[:n, :n] * k
    v = speed * np.stack([np.cos(x) * np.sin(y), -np.sin(x) * np.cos(y)])
    scheme = Scheme(Grid((n, n)), advection, "midpoint", projection="spectral", dt=dt)
    state, medium = State(v, np.zeros((1, n, n))), Medium(viscosity=viscosity)
    for _ in range(40):
        state = step(scheme, medium, state)
    expected = np.exp(-2 * k**2 * viscosity * 40 * dt) * v
    # The bilinear transport adds a viscosity of about |v| (1 - dt |v|) / 2.
    error = np.abs(state.velocity - expected).max() / np.abs(expected).max()
    assert error < {"bilinear": 0.05, "bicubic": 2e-3, "maccormack": 2e-3}[advection]
    if advection == "bilinear":
        assert error > 0.01


def test_smoke_and_flow_keep_out_of_what_is_solid(rng: np.random.Generator) -> None:
    solid = np.zeros((9, 8))
    solid[3:6, 3:6] = 1.0
    state = State(rng.standard_normal((2, 9, 8)), rng.random((2, 9, 8)))
    for projection in ("jacobi", "multigrid"):
        after = step(Scheme(Grid((9, 8)), projection=projection), Medium(solid=solid), state)  # type: ignore[arg-type]
        assert np.all(after.velocity[:, solid == 1] == 0)
        assert np.all(after.smoke[:, solid == 1] == 0)


def test_hot_smoke_rises_in_a_closed_box() -> None:
    n = 24
    x, y = np.mgrid[:n, :n]
    smoke = np.exp(-((x - 16) ** 2 + (y - 12) ** 2) / 8.0)[None]
    scheme = Scheme(Grid((n, n), ("no-slip", "no-slip")), "bicubic", projection="spectral")
    state = State(np.zeros((2, n, n)), smoke)
    for _ in range(20):
        state = step(scheme, Medium(buoyancy=0.05), state)
    height = (x * state.smoke[0]).sum() / state.smoke.sum()
    assert height < 15


@pytest.mark.parametrize("projection", ["jacobi", "spectral", "multigrid"])
def test_float32_stays_float32(projection: Any, rng: np.random.Generator) -> None:
    state = State(*(rng.random((2, 8, 9)).astype(np.float32) for _ in range(2)))
    scheme = Scheme(
        Grid((8, 9), ("periodic", "no-slip")), "maccormack", "midpoint", "smooth", projection,
        dt=0.5, tolerance=1e-5,
    )  # fmt: skip
    after = step(scheme, Medium(viscosity=0.1, buoyancy=0.1), state)
    assert after.velocity.dtype == after.smoke.dtype == np.float32


def test_a_step_is_compiled_whole_but_for_the_solvers(rng: np.random.Generator) -> None:
    shape = (8, 9)
    scheme = Scheme(Grid(shape, ("channel", "no-slip")), "maccormack", "midpoint", "smooth")
    inflow = Inflow(rng.random((2, 9)), rng.random((1, 9)))
    medium = Medium(0.1, 0.2, rng.random(shape), inflow)
    v, s = rng.random((2, *shape)), rng.random((1, *shape))
    stepping = compiled(lambda v, s: step(scheme, medium, State(v, s)))
    np.testing.assert_array_equal(
        stepping(v, s).velocity, step(scheme, medium, State(v, s)).velocity
    )
    report = stepping.explain(v, s)  # type: ignore[attr-defined]
    assert "2 are calls of Python" in report
    assert report.count("diffused") == 2


@pytest.mark.parametrize(
    ("settings", "medium", "message"),
    [
        ({"limiter": "smooth"}, Medium(), "advection: maccormack or limiter: none"),
        ({"projection": "spectral"}, Medium(solid=np.zeros((8, 8))), "projection: multigrid"),
        ({}, Medium(inflow=Inflow(np.zeros((2, 8)), np.zeros((1, 8)))), "periodic and periodic"),
        ({"grid": Grid((8, 8), ("channel", "periodic"))}, Medium(), "a channel needs an inflow"),
    ],
)
def test_combinations_that_are_refused(
    settings: dict[str, Any], medium: Medium, message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        Scheme(**{"grid": Grid((8, 8)), **settings}).check(medium)


def test_a_step_with_everything_has_derivatives_to_second_order_in_both_modes(
    rng: np.random.Generator,
) -> None:
    shape = (5, 6)
    scheme = Scheme(
        Grid(shape, ("channel", "no-slip")), "bicubic", "midpoint", projection="multigrid",
        tolerance=1e-13,
    )  # fmt: skip
    arguments = {
        "velocity": 0.4 + 0.05 * rng.standard_normal((2, *shape)),
        "smoke": rng.random((1, *shape)),
        "solid": 0.3 * rng.random(shape),
        "viscosity": np.array(0.1),
        "buoyancy": np.array(0.2),
        "inflow": 0.4 + 0.05 * rng.standard_normal((2, 6)),
    }

    def end(given: dict[str, Any]) -> Any:
        inflow = Inflow(given["inflow"], np.ones((1, 6)))
        medium = Medium(given["viscosity"], given["buoyancy"], given["solid"], inflow)
        return tuple(step(scheme, medium, State(given["velocity"], given["smoke"])))

    check_grads(end, order=2)(arguments)
