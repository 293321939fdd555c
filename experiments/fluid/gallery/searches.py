"""Pictures of searches as a whole: keyframes, the way from coarse to fine, and ways of looking."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from sciopt.fluid.config import FluidConfig
from sciopt.fluid.objectives import blur
from sciopt.fluid.problem import Stage, build_problem
from sciopt.fluid.solve import solve
from sciopt.optimize import Iterate
from sciopt.plotting.keyframes import draw_keyframes, strip
from sciopt.plotting.scenes import Scene, pictures

from .panels import image, page, smoke


def keyframes() -> Figure:
    """A star on the way to a heart on the way to a smile, beside what was asked for."""
    config = FluidConfig.model_validate(
        {
            "size": 64, "steps": 60, "scheme": "exact", "smoke": "sorted", "iterations": 300,
            "keyframes": {"20": {"target": "star"}, "40": {"target": "heart"}},
            "controls": {"forces": {"every": 5}},
        }
    )  # fmt: skip
    result = solve(build_problem(config))
    steps = [0, *result.keyframe_steps.tolist()]
    return draw_keyframes(
        strip(
            steps,
            [result.smoke_initial, *result.keyframe_smoke],
            [None, *result.targets],
        )
    )


def levels() -> Figure:
    """Where each level ends, from coarse and blurred to fine and sharp, and what it aimed at."""
    config = FluidConfig.model_validate(
        {
            "target": "butterfly", "size": 96, "steps": 60, "scheme": "exact", "match_mass": True,
            "iterations": 200, "controls": {"forces": {"every": 6}},
            "levels": {"grids": 3, "blurs": (2.0, 0.0), "scale_steps": True},
        }
    )  # fmt: skip
    seen: list[tuple[Stage, Any]] = []

    def on_stage(stage: Stage) -> None:
        seen.append((stage, None))

    def on_iterate(iterate: Iterate) -> None:
        seen[-1] = (seen[-1][0], iterate.x)

    solve(build_problem(config), on_iterate, on_stage=on_stage)
    reached, aims = [], []
    for stage, vector in seen:
        nx, ny = stage.level.shape
        target = stage.pictures.keyframes[-1].target
        reached.append(smoke(f"{nx} x {ny} cells", stage.flow(vector).smoke[-1]))
        blurred = f"blurred by {stage.level.blur:g}" if stage.level.blur else "sharp"
        aims.append(smoke(blurred, blur(target, stage.level.blur, stage.domain.periodic)))
    return page([*reached, *aims], len(seen))


def looking() -> Figure:
    """One moment of one flow, in the four ways of looking at it."""
    config = FluidConfig.model_validate(
        {
            "target": "yin-yang", "size": 80, "steps": 40, "scheme": "exact", "smoke": "sorted",
            "iterations": 60, "controls": {"forces": {"every": 5}}, "frames": 5,
            "overlay": "arrows",
        }
    )  # fmt: skip
    result = solve(build_problem(config))
    at = slice(3, 4)
    fields = {"smoke": result.frames[at] / 255.0, "velocity": result.frame_velocity[at]}
    panels = []
    for title, show, overlay in (
        ("smoke", "smoke", "none"),
        ("arrows", "smoke", "arrows"),
        ("streamlines", "smoke", "streamlines"),
        ("vorticity", "vorticity", "none"),
    ):
        scene = Scene(**fields, show=show, overlay=overlay)  # type: ignore[arg-type]
        panels.append(image(title, np.asarray(next(pictures(scene, 480)))))
    return page(panels, 4)


FIGURES = {"keyframes": keyframes, "levels": levels, "looking": looking}
"""By the name of the file, without fluid- and .png."""
