"""Settings of what is to be formed from what, and on which grid."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, Strict

from sciopt.config import Config

Cells = Annotated[int, Field(ge=8, le=4096)]
Name = Annotated[str, Field(min_length=1)]
# A list from YAML is no tuple behind a validator that takes shorthands.
Names = Annotated[tuple[Name, ...], Strict(False)]


class Keyframe(Config):
    """A picture that the smoke is to form on its way."""

    shorthand: ClassVar[str] = "a picture"

    target: Name | Names = Field(
        description="the picture, as the setting target",
        json_schema_extra={"file": True},
    )
    weight: float = Field(1.0, gt=0, description="of this picture among all, target counts 1")


def _picture_alone(value: Any) -> Any:
    return value if isinstance(value, (dict, Keyframe)) else {"target": value}


class PicturesConfig(Config):
    """Pictures, smoke and grid."""

    target: Name | Names | None = Field(
        "smile",
        description="the picture to form: an image file, a built-in name such as smile, "
        "or text:WORD; a list gives each dye its own, null none at the end",
        json_schema_extra={"file": True},
    )
    keyframes: dict[str, Annotated[Keyframe, BeforeValidator(_picture_alone)]] = Field(
        {},
        description="pictures to form on the way, by time step: {30: heart} or "
        "{30: {target: heart, weight: 2}}",
        json_schema_extra={"items": "target"},
    )
    colour: bool = Field(
        False, description="whether red, green and blue of image files are three dyes"
    )
    invert: bool = Field(False, description="whether the dark parts of the picture become smoke")
    resample: Literal["area", "lanczos", "bilinear", "nearest", "stride"] = Field(
        "area",
        description="how an image comes to the grid's size; "
        "stride takes every k-th pixel, where the size divides the image's",
    )
    smoke: Name | Names = Field(
        "bands",
        description="the smoke at the start: bands (three, horizontal), columns, streaks, top, "
        "bottom, sorted (the target's own cells, bright ones on top), or whatever can be a target; "
        "a list gives each dye its own",
        json_schema_extra={"file": True},
    )
    match_mass: bool = Field(
        False,
        description="whether the smoke at the start is brought to the target's mass: bands, "
        "columns, streaks, top and bottom are drawn narrower for less; otherwise it is scaled",
    )
    size: Cells | tuple[Cells, Cells] = Field(
        110,
        description="the grid: cells per side of a square, or [rows, columns]",
        json_schema_extra={"unit": "cells"},
    )
    steps: int = Field(
        60,
        ge=1,
        le=100_000,
        description="time steps of the simulation",
        json_schema_extra={"unit": "steps"},
    )
