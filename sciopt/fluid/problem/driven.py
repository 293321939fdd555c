"""Forces to begin with: those that drive the smoke towards its target, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as onp
from numpy.typing import NDArray

from sciopt.fluid.config import FluidConfig
from sciopt.fluid.config.controls import ForcesControl
from sciopt.fluid.controls import Domain, mean_per_knot
from sciopt.fluid.driving import driving_force
from sciopt.fluid.physics import Scheme, State, step

from .medium import medium_of
from .pictures import Pictures

_WIDTH = 1 / 18  # of the longer side: about the distance between details of a picture


def driven_start(
    scheme: Scheme,
    fixed: Mapping[str, Any],
    pictures: Pictures,
    domain: Domain,
    settings: ForcesControl,
    config: FluidConfig,
) -> NDArray[onp.float64]:
    """Knots of held forces, shape (knots, 2, nx, ny), cells per step^2.

    The flow is run once, each step pushed towards the next keyframe by `driving_force`.
    """
    medium = medium_of(scheme, fixed, config.smoke_enters)
    state = State(fixed["velocity"], fixed["smoke"])
    width = _WIDTH * max(domain.shape)
    rows = onp.empty((domain.steps, 2, *domain.shape))
    for n in range(domain.steps):
        ahead = [frame for frame in pictures.keyframes if frame.step > n]
        force = driving_force(state.smoke, ahead[0].target, width, domain.periodic, settings.driven)
        rows[n] = force
        state = step(scheme, medium, state, force.astype(config.dtype))
    return mean_per_knot(rows, settings.every)
