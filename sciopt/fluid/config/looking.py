"""Settings of what is shown and exported."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sciopt.config import Config


class LookingConfig(Config):
    """Animation, export, watching."""

    frames: int = Field(
        60,
        ge=2,
        le=1000,
        description="frames of the animation",
        json_schema_extra={"unit": "frames"},
    )
    fps: int = Field(
        20,
        ge=1,
        le=60,
        description="speed of the animation",
        json_schema_extra={"unit": "frames per second"},
    )
    show: Literal["smoke", "vorticity"] = Field(
        "smoke", description="what the animation's colours mean"
    )
    overlay: Literal["none", "arrows", "streamlines"] = Field(
        "none", description="how velocity is drawn on top"
    )
    export: Literal["none", "png", "npz"] = Field(
        "none",
        description="whether the frames are left for other programs too: pictures, or numbers",
    )
    watch: bool = Field(
        False,
        description="whether the search is shown as it goes: in a window where there is a display, "
        "else in live.png",
    )
