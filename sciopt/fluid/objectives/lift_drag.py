"""Lift and drag of what stands in a stream, by the momentum that the fluid has gained and lost."""

from __future__ import annotations

from typing import Any

import autodiff.numpy as np


def lift(velocity: Any, along: int = 1) -> Any:
    """mean(v across the stream), cells per step: positive where the fluid was turned to larger x
    (or y), so that what turned it is pushed the other way.

    Args:
        velocity: shape (2, nx, ny), in the end.
        along: the axis along which the stream came; nothing of it went across.
    """
    return np.mean(velocity[1 - along])


def drag(velocity: Any, speed: float = 1.0, along: int = 1) -> Any:
    """mean(speed - v along the stream), cells per step: what the stream has lost since the start.

    Args:
        velocity: shape (2, nx, ny), in the end.
        speed: of the stream at the start.
        along: its axis.
    """
    return np.mean(speed - velocity[along])


def minus_lift_over_drag(velocity: Any, speed: float = 1.0, along: int = 1) -> Any:
    """-lift / drag, to be minimised: Autograd's `wing` example, where `along` is 1 and speed 1.

    Without a drag it is infinite: where nothing stands in the stream, both are round-off.
    """
    return -lift(velocity, along) / drag(velocity, speed, along)
