"""What the flow goes through, from the values of the controls and the settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import autodiff.numpy as np
from sciopt.fluid.physics import Inflow, Medium, Scheme


def medium_of(scheme: Scheme, values: Mapping[str, Any], smoke_enters: bool) -> Medium:
    """The medium of a simulation.

    Args:
        values: what the simulation takes, by name; may be traced.
        smoke_enters: whether smoke goes on entering a channel as it lies there at the start.
    """
    return Medium(
        viscosity=values.get("viscosity"),
        buoyancy=values.get("buoyancy"),
        solid=values.get("occlusion"),
        inflow=_inflow(scheme, values, smoke_enters),
    )


def _inflow(scheme: Scheme, values: Mapping[str, Any], smoke_enters: bool) -> Inflow | None:
    """The stream straight along a channel, and the smoke that it brings."""
    along = scheme.grid.channel_axis
    if along is None:
        return None
    stream, smoke = values["inflow"], values["smoke"]
    still = np.zeros_like(stream)
    edge = smoke[:, 0, :] if along == 0 else smoke[:, :, 0]
    return Inflow(
        np.stack([still, stream] if along == 1 else [stream, still]),
        edge if smoke_enters else np.zeros_like(edge),
    )
