"""Every setting of `sciopt fluid`, with its unit, bounds and default."""

from __future__ import annotations

from pydantic import Field

from .controls import ControlsConfig
from .looking import LookingConfig
from .objectives import LevelsConfig, ObjectivesConfig
from .physics import PhysicsConfig
from .pictures import Keyframe, PicturesConfig
from .search import SearchConfig

__all__ = ["ControlsConfig", "FluidConfig", "Keyframe", "LevelsConfig", "ObjectivesConfig"]


class _Aims(PhysicsConfig, PicturesConfig):
    """What may be chosen, and what for. Settings of the last of the bases come first."""

    controls: ControlsConfig = Field(
        ControlsConfig(), description="what may be chosen; true turns one on, false off"
    )
    objectives: ObjectivesConfig = Field(
        ObjectivesConfig(), description="what is made small: the sum of these, weighted"
    )
    levels: LevelsConfig = Field(
        LevelsConfig(), description="the way from coarse to fine; by default there is one level"
    )


class FluidConfig(LookingConfig, SearchConfig, _Aims):
    """The search for what carries smoke into a picture."""

    preset: str = Field(
        "none",
        description="settings to begin with, which those given here change: best, lecture, or "
        "any other of `sciopt config list`",
        json_schema_extra={"preset": "fluid"},
    )
