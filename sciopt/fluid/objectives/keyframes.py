"""Targets at several times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from .flow import Flow

Distance = Callable[[Any, Any], Any]
"""(smoke, target), both (dyes, nx, ny), to a number."""


@dataclass(frozen=True, eq=False)
class Keyframe:
    """A picture that the smoke shall form.

    Attributes:
        step: after which time step, at least 1.
        target: densities, shape (dyes, nx, ny).
        weight: of this keyframe among others.
    """

    step: int
    target: Any
    weight: float = 1.0


def keyframes_mismatch(flow: Flow, keyframes: Sequence[Keyframe], distance: Distance) -> Any:
    """The mean of the keyframes' distances, weighted.

    Args:
        distance: such as `mean_square`, or `blurred_mean_square` and `transport` with their
            settings bound.
    Raises: ValueError if the flow keeps no state of a keyframe's step, or there are no keyframes.
    """
    if not keyframes:
        raise ValueError("at least one keyframe is needed")
    total = sum(frame.weight for frame in keyframes)
    terms = [
        (frame.weight / total) * distance(flow.smoke[flow.at(frame.step)], frame.target)
        for frame in keyframes
    ]
    return sum(terms[1:], start=terms[0])
