"""Settings of what is to be made small, and from coarse to fine."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, Strict

from sciopt.config import Config

Weight = Annotated[float, Field(ge=0)]
Width = Annotated[float, Field(ge=0, le=1000)]


class BlurredConfig(Config):
    """The mean square difference of blurred fields: shapes before details."""

    weight: float = Field(0.0, ge=0, description="its weight")
    width: float = Field(
        4.0, gt=0, le=1000, description="of the blur, a standard deviation",
        json_schema_extra={"unit": "cells"},
    )  # fmt: skip


class TransportConfig(Config):
    """Optimal transport: the square of the distance by which smoke must be carried."""

    weight: float = Field(0.0, ge=0, description="its weight")
    cells: int = Field(
        32, ge=4, le=256, description="along the longer side of the coarse grid it is solved on",
        json_schema_extra={"unit": "cells"},
    )  # fmt: skip
    width: float = Field(
        0.04, gt=0, le=1, description="below which details are not told apart",
        json_schema_extra={"unit": "longer sides"},
    )  # fmt: skip
    iterations: int = Field(60, ge=1, le=10_000, description="of the Sinkhorn algorithm")


class ObjectivesConfig(Config):
    """What is made small: the sum of these, each times its weight."""

    shorthand: ClassVar[str] = ""

    mean_square: float = Field(
        1.0, ge=0, description="weight of the mean square difference of smoke and target"
    )
    blurred: BlurredConfig = Field(
        BlurredConfig(),
        description="the same of blurred fields; a number alone is the weight",
        json_schema_extra={"shorthand": "weight"},
    )
    transport: TransportConfig = Field(
        TransportConfig(),
        description="optimal transport of smoke to target; a number alone is the weight",
        json_schema_extra={"shorthand": "weight"},
    )
    lift_over_drag: float = Field(
        0.0, ge=0, description="weight of -lift / drag, for what stands in a wind"
    )
    lift: float = Field(
        0.0, ge=0, description="weight of -lift: the mean velocity across the wind, in the end"
    )
    drag: float = Field(
        0.0, ge=0, description="weight of drag: the mean velocity that the wind has lost"
    )
    energy: float = Field(
        0.0, ge=0, description="weight of the flow's mean kinetic energy, at ten times and the end"
    )


class LevelsConfig(Config):
    """From coarse to fine: grids that double, and blurs that fall on each of them."""

    grids: int = Field(1, ge=1, le=8, description="how many grids, the last one of the full size")
    blurs: Annotated[tuple[Width, ...], Strict(False)] = Field(
        (0.0,),
        description="widths of the blurred mean square on each grid, falling; 0 is sharp, and the "
        "widest of several is for the first grid only",
        json_schema_extra={"unit": "cells of the grid"},
    )
    shares: Annotated[tuple[Weight, ...], Strict(False)] = Field(
        (),
        description="how the iterations are shared out among the levels; none for evenly",
    )
    transport: float = Field(
        0.0, ge=0, description="weight of optimal transport on the first grid, besides"
    )
    shooting: Annotated[tuple[Weight, ...], Strict(False)] = Field(
        (),
        description="weights of gaps, rising, for a level each before all others: the simulation "
        "runs in pieces from keyframe to keyframe, with gaps in between; none for no pieces",
    )
    scale_steps: bool = Field(
        False, description="whether a grid of half the cells has half the steps, too"
    )
    smooth_first: bool = Field(
        True, description="whether all levels but the last carry smoke by the bilinear scheme"
    )
