"""Bad combinations: one message that names the keys and says what would work."""

from __future__ import annotations

from typing import Any

import pytest

from sciopt.errors import ConfigError
from sciopt.fluid.config import FluidConfig
from sciopt.fluid.problem import build_problem

FORCES = {"forces": {"every": 5}}

BAD: list[tuple[dict[str, Any], str]] = [
    ({"projection": "spectral", "obstacle": "heart"}, "projection: spectral .*multigrid"),
    ({"projection": "spectral", "controls": {"obstacle": True}}, "controls.obstacle .*multigrid"),
    ({"boundary": ("free-slip", "channel")}, r"boundary: a channel .* wind: \[0, 1\]"),
    ({"boundary": ("channel", "channel"), "wind": (1.0, 1.0)}, "boundary: only one axis"),
    ({"keyframes": {"70": "heart"}}, "keyframes.70: .*1 to 59, since steps is 60.*raise steps"),
    ({"keyframes": {"60": "heart"}}, "keyframes.60: .*the setting target"),
    ({"keyframes": {"x": "heart"}}, "keyframes.x: .*time step"),
    (
        {"viscosity": 0.1, "controls": {"viscosity": {"bounds": (0.5, 0.2)}}},
        r"controls.viscosity.bounds: \[0.5, 0.2\] .*swap or widen",
    ),
    ({"viscosity": 0.1, "controls": {"viscosity": {"bounds": (0.2, 0.5)}}}, "viscosity: .*bounds"),
    ({"controls": {"viscosity": True}}, "viscosity: 0 cannot be moved .*viscosity: 0.01"),
    ({"memory": "1 kB"}, "memory: 1 kB is less than 1 state .*at least 290 kB"),
    ({"memory": "290 kB", "controls": FORCES}, "memory: .*12 states.*controls.forces.every"),
    ({"memory": "lots"}, "memory: .*500 MB"),
    ({"backend": "numba", "scheme": "exact"}, "numba .*projection is spectral; .*compiled"),
    ({"backend": "numba", "controls": FORCES}, "backend: numba .*there is forces"),
    ({"limiter": "smooth"}, "limiter: smooth .*advection is bilinear; .*maccormack"),
    ({"controls": {"stream_function": True}}, "initial_velocity and stream_function both"),
    ({"controls": {"initial_velocity": False}}, "controls: nothing may be chosen"),
    ({"controls": {"inflow": True}}, "controls.inflow: .*channel"),
    ({"controls": {"obstacle": {"area": (10, 200, 0, 5)}}}, "controls.obstacle.area: .*110 x 110"),
    (
        {"optimizer": "CG", "controls": {"initial_velocity": {"limit": 3.0}}},
        "optimizer: CG keeps no bounds, and controls.initial_velocity.limit .*L-BFGS-B",
    ),
    ({"objectives": {"mean_square": 0.0}}, "objectives: nothing .*mean_square: 1"),
    ({"objectives": {"drag": 1.0}}, r"objectives: lift and drag .*wind: \[0, 1\]"),
    (
        {
            "objectives": {"lift_over_drag": 1.0}, "wind": (0.0, 1.0),
            "boundary": ("periodic", "channel"),
        },
        "objectives: drag .*channel.*objectives.lift",
    ),
    ({"target": None}, "objectives: mean square .*name a target"),
    ({"target": ("smile", "heart"), "smoke": ("bands",) * 3}, "target: 2 pictures, .*smoke 3"),
    ({"target": ("smile",) * 4}, "target: 4 pictures, .*one to 3 dyes"),
    ({"colour": True}, "colour: target must then be one image file, got 'smile'"),
    ({"target": None, "smoke": "sorted"}, "smoke: sorted .*target is null; name one"),
    ({"levels": {"grids": 2, "shares": (1.0,)}}, "levels.shares: 2 levels need"),
    ({"levels": {"blurs": (0.0, 4.0)}}, "levels: .*falling blurs"),
    ({"levels": {"grids": 3}, "iterations": 2}, "iterations: 3 levels"),
    ({"levels": {"shooting": (1.0,)}}, r"levels.shooting: .*there is one; .*\{30: heart\}"),
    (
        {"levels": {"shooting": (1.0, 0.1)}, "keyframes": {"30": "heart"}},
        r"levels.shooting: rising weights above 0 are needed, got \[1.0, 0.1\]",
    ),
    ({"restarts": 2}, "restarts: without noise .*velocity_noise: 0.5"),
    (
        {"restarts": 2, "controls": {"initial_velocity": False, "stream_function": True}},
        "restarts: .*turn on controls.initial_velocity",
    ),
    (
        {
            "restarts": 3, "velocity_noise": 0.5, "iterations": 70, "trial_iterations": 20,
            "levels": {"grids": 2},
        },
        "restarts: 4 starts of trial_iterations: 20 need 81 .*first level has 35; lower either",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("settings", "message"), BAD, ids=lambda value: str(value)[:60])
def test_bad_combinations_are_refused(settings: dict[str, Any], message: str) -> None:
    config = FluidConfig.model_validate({"keyframes": {}, **_written_out(settings)})
    with pytest.raises(ConfigError, match=message) as caught:
        build_problem(config)
    assert "\n" not in str(caught.value)


def _written_out(settings: dict[str, Any]) -> dict[str, Any]:
    frames = {step: {"target": name} for step, name in settings.get("keyframes", {}).items()}
    return {**settings, "keyframes": frames}


def test_a_flow_that_keeps_masses_is_told_apart() -> None:
    def notices(**settings: Any) -> str:
        return " ".join(build_problem(FluidConfig(size=32, **settings)).notices)

    assert notices() == ""  # ten sweeps leave the flow compressible
    assert "1.62 times the smoke's mass" in notices(scheme="exact")
    assert "match_mass: true" in notices(scheme="exact")
    assert notices(scheme="exact", match_mass=True) == ""

    channel = {"boundary": ("free-slip", "channel"), "wind": (0.0, 1.0)}
    assert notices(scheme="exact", **channel) == ""


@pytest.mark.parametrize("target", ["text:GO", "smile"])
def test_smoke_of_the_targets_mass_is_never_thin(target: str) -> None:
    """Less than the bands have, and more."""
    pictures = build_problem(FluidConfig(size=64, target=target, match_mass=True)).last.pictures
    assert pictures.smoke.mean() == pytest.approx(pictures.keyframes[-1].target.mean(), rel=1e-12)
    assert pictures.smoke.max() >= 1 - 1e-12
