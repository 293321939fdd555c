"""Pictures of what the optimiser chose, one small search for each control."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from sciopt.fluid.config import FluidConfig
from sciopt.fluid.problem import Stage, build_problem
from sciopt.fluid.result import FluidResult
from sciopt.fluid.solve import solve

from .panels import Panel, curves, page, smoke

_SMALL: dict[str, Any] = {
    "size": 48, "steps": 24, "scheme": "exact", "match_mass": True, "iterations": 60,
}  # fmt: skip
_CHANNEL: dict[str, Any] = {
    "size": 48, "steps": 20, "boundary": ("free-slip", "channel"), "wind": (0.0, 1.0),
    "smoke": "columns", "match_mass": False, "scheme": "exact", "iterations": 40,
}  # fmt: skip


def fields() -> Figure:
    """Velocity, stream function, forces and smoke as chosen, above the heart that they give."""
    velocity = _solved(target="heart")
    stream = _solved(target="heart", controls=_only(stream_function={}))
    forces = _solved(target="heart", controls=_only(forces={"every": 12}))
    start = _solved(
        target="heart", velocity_noise=0.4, match_mass=False, smoke="heart",
        controls=_only(initial_smoke={}),
    )  # fmt: skip
    half_way = forces.frames[np.argmin(np.abs(forces.frame_steps - 12))] / 255
    chosen = [
        smoke("initial velocity", velocity.smoke_initial, arrows=velocity.velocity),
        smoke("stream function", stream.smoke_initial, arrows=stream.velocity),
        smoke("forces, the first", forces.smoke_initial, arrows=forces.forces[0]),
        smoke("forces, the last", half_way, arrows=forces.forces[1]),
        smoke("initial smoke", start.smoke_initial, arrows=start.velocity),
    ]
    ends = (velocity, stream, forces, forces, start)
    return page([*chosen, *(smoke("gives", end.smoke_final) for end in ends)], 5)


def coefficients() -> Figure:
    """Inflow, viscosity and buoyancy found again from a picture that was made with them."""
    profile = 1 + 0.5 * np.cos(2 * np.pi * (np.arange(48) + 0.5) / 48)
    channel = {**_CHANNEL, "controls": _only(inflow={"roughness": 1e-4})}
    found, _ = _again(channel, "inflow", profile)
    rows = np.arange(48)
    lines = {"made with": (rows, profile), "found": (rows, found.inflow)}
    panels = [curves("inflow by row", "", lines), smoke("gives", found.smoke_final)]
    for name, value, settings in (
        ("viscosity", 0.5, {"viscosity": 0.05, "velocity_noise": 1.5}),
        ("buoyancy", 0.08, {"buoyancy": 0.02, "smoke": "heart"}),
    ):
        chosen = {**_SMALL, "match_mass": False, "iterations": 20, **settings}
        chosen["controls"] = _only(**{name: {}})
        found, picture = _again(chosen, name, math.log(value))
        panels.append(_losses(name, chosen, picture, value, found))
    return page(panels, 4)


def _only(**controls: Any) -> dict[str, Any]:
    return {"initial_velocity": False, **controls}


def _solved(**settings: Any) -> FluidResult:
    return solve(build_problem(FluidConfig.model_validate({**_SMALL, **settings})))


def _stage(settings: dict[str, Any], target: str) -> Stage:
    return build_problem(FluidConfig.model_validate({**settings, "target": target})).last


def _again(settings: dict[str, Any], name: str, made: Any) -> tuple[FluidResult, Any]:
    """Make a picture with a parameter, then search for it from the settings' start.

    Returns: what was found, and the picture.
    """
    stage = _stage(settings, "heart")
    vector = stage.controls.vector({name: np.asarray(made)})
    picture = np.asarray(stage.flow(vector).smoke[-1])[0]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.png"
        Image.fromarray(np.rint(255 * picture.clip(0, 1)).astype(np.uint8)).save(path)
        config = FluidConfig.model_validate({**settings, "target": str(path)})
        return solve(build_problem(config)), picture


def _losses(
    name: str, settings: dict[str, Any], picture: Any, made: float, found: FluidResult
) -> Panel:
    """The loss by the value, and where the search began and ended."""
    stage = _stage(settings, "heart")
    values = np.geomspace(made / 20, made * 5, 25)

    def loss(value: float) -> float:
        vector = stage.controls.vector({name: np.asarray(math.log(value))})
        return float(np.mean((stage.flow(vector).smoke[-1][0] - picture) ** 2))

    ways = {"begins": settings[name], "ends": float(getattr(found, name))}
    lines = {"loss": (values, [loss(value) for value in values])}
    dots = {way: (value, loss(value)) for way, value in ways.items()}
    return curves(f"loss by {name}", "", lines, dots=dots)


FIGURES = {"controls": fields, "coefficients": coefficients}
"""By the name of the file, without fluid- and .png."""
