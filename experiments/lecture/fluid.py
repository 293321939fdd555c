"""A gradient through a whole simulation: `sciopt fluid`, small."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autodiff.test_util import taylor_order
from sciopt.config import load_config
from sciopt.fluid.config import FluidConfig
from sciopt.fluid.problem import build_problem
from sciopt.fluid.result import FluidResult
from sciopt.fluid.solve import solve
from sciopt.plotting import style
from sciopt.plotting.animation import write_gif
from sciopt.plotting.fluid.panels import draw_panels, panels

from .running import run_alone

TITLE = "Differentiating through a fluid simulation"
SLIDES = "slides 20-21"
LOOK_FOR = "nothing but the velocity at the start was chosen, by its gradient"

SETTINGS = {"target": "heart", "size": 56, "steps": 50, "iterations": 60, "frames": 40}


@dataclass(frozen=True)
class Fluid:
    """Attributes: result; order of the Taylor test of the gradient, 2 if it is right."""

    result: FluidResult
    order: float


def compute(**changes: object) -> Fluid:
    problem = build_problem(load_config(FluidConfig, flags={**SETTINGS, **changes}))
    random = np.random.default_rng(20)
    # A drift of 0.4 cells per step keeps departure points away from the cell edges, where there
    # are kinks; the rest is small enough not to bring them there.
    point = 0.4 + 0.02 * random.standard_normal(problem.last.controls.size)
    direction = random.standard_normal(point.size)
    order = taylor_order(problem.last.loss, point, direction)
    return Fluid(solve(problem), order)


def report(found: Fluid) -> list[str]:
    result = found.result
    return [
        f"velocities chosen: {result.velocity.size}, by the gradient through "
        f"{result.frame_steps[-1]} time steps",
        f"loss: {result.loss_initial:.4g} at the start, {result.loss_final:.4g} after "
        f"{result.iterations} iterations ({result.evaluations} simulations with gradient)",
        f"Taylor test of the gradient: order {found.order:.2f} (2 if right, 1 if not)",
        "",
        "For more: sciopt fluid --target smile",
    ]


def draw(found: Fluid, path: Path) -> list[Path]:
    """Target, smoke, difference and velocity; and the smoke in motion."""
    with style.themed():
        picture = style.save(draw_panels(panels(found.result)), path.with_suffix(".png"))
    return [picture, write_gif(found.result.frames[:, 0], path.with_suffix(".gif"), fps=20)]


if __name__ == "__main__":
    run_alone(__file__)
