"""Multiple shooting: the simulation in pieces, each from a state of its own, and the gaps between.

Sources: Bock and Plitt (1984), A Multiple Shooting Algorithm for Direct Solution of Optimal Control
Problems; Treuille et al. (2003), Keyframe Control of Smoke Simulations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import autodiff.numpy as np
from sciopt.fluid.controls import Control, Domain, free_state, state_of
from sciopt.fluid.levels import Level
from sciopt.fluid.mass import scaled_to_mass
from sciopt.fluid.objectives import Flow, Keyframe


def joints(level: Level, keyframes: Sequence[Keyframe]) -> tuple[int, ...]:
    """The steps after which the state is free: those of all pictures but the last, rising."""
    if not level.gap:
        return ()
    return tuple(sorted({frame.step for frame in keyframes} - {keyframes[-1].step}))


def free_states(
    domain: Domain,
    steps: Sequence[int],
    keyframes: Sequence[Keyframe],
    fixed: Mapping[str, Any],
    incompressible: bool,
) -> list[Control]:
    """The states at the joints as controls: to begin with, the picture itself in the first wind.

    Args:
        steps: the joints.
        fixed: velocity and smoke at the start of the whole, by name.
        incompressible: whether the picture is to have the smoke's mass, which the flow would keep.
    """
    found: list[Control] = []
    pictures = {frame.step: frame.target for frame in keyframes}
    for step in steps:
        smoke = pictures[step]
        if incompressible:
            smoke = scaled_to_mass(smoke, fixed["smoke"])
        found += free_state(domain, step, fixed["velocity"], smoke)
    return found


def gaps(flow: Flow, steps: Sequence[int]) -> Any:
    """What the pieces miss each other by: the mean over the joints of

        mean((s - s')^2) + mean((v - v')^2)

    with s, v where one piece ends and s', v' where the next begins; densities, cells per step.
    """
    total = 0.0
    for step in steps:
        k, begun = flow.at(step), state_of(flow.values, step)
        missed = flow.velocity[k] - begun.velocity, flow.smoke[k] - begun.smoke
        total = total + sum(np.mean(field * field) for field in missed)
    return total / len(steps)
