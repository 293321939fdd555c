"""Settings of what the optimiser may choose."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, Strict

from sciopt.config import Config

Pair = Annotated[tuple[float, float], Strict(False)]
Place = Annotated[int, Field(ge=0)]
Block = Annotated[tuple[Place, Place, Place, Place], Strict(False)]


class _Control(Config):
    shorthand: ClassVar[str] = "true, false"

    effort: float = Field(0.0, ge=0, description="weight of a penalty on its mean square")


class _RoughControl(_Control):
    roughness: float = Field(
        0.0, ge=0, description="weight of a penalty on mean square differences of neighbours"
    )


class VelocityControl(_RoughControl):
    """The velocity at the start, cell by cell."""

    limit: float | None = Field(
        None, gt=0, description="largest size of each component",
        json_schema_extra={"unit": "cells per step"},
    )  # fmt: skip


class StreamFunctionControl(_RoughControl):
    """A stream function at the start: its curl is a velocity free of divergence."""

    limit: float | None = Field(
        None, gt=0, description="largest size; twice this flows between two places",
        json_schema_extra={"unit": "cells^2 per step"},
    )  # fmt: skip


class ForcesControl(_RoughControl):
    """Force fields through time."""

    every: int = Field(
        10,
        ge=1,
        description="steps from one field to the next",
        json_schema_extra={"unit": "steps"},
    )
    between: Literal["held", "linear"] = Field("held", description="how they go on in between")
    limit: float | None = Field(
        None, gt=0, description="largest size of each component",
        json_schema_extra={"unit": "cells per step^2"},
    )  # fmt: skip
    driven: float = Field(
        0.0, ge=0, description="strength of forces to begin with, which drive the smoke towards "
        "the target; 0 for none",
    )  # fmt: skip


class SmokeControl(_RoughControl):
    """The smoke at the start, its mass kept."""

    most: float | None = Field(
        None, gt=0, description="density of full smoke; null for 1, or the densest at the start"
    )


class InflowControl(_RoughControl):
    """The speed at which the stream enters a channel, cell by cell."""

    bounds: Pair | None = Field(
        None, description="lowest and highest speed", json_schema_extra={"unit": "cells per step"}
    )
    keep_flux: bool = Field(True, description="whether the mean speed stays that of the wind")


class ObstacleControl(_RoughControl):
    """The shape of an obstacle: theta, of which (tanh(theta) + 1) / 2 is solid."""

    area: Block | None = Field(
        None,
        description="where it may be: [first row, row behind, first column, column behind]; null "
        "for the middle half",
        json_schema_extra={"unit": "cells"},
    )
    block: Block | None = Field(
        None,
        description="where it is at the start, if the setting obstacle draws none; null for the "
        "middle half of the area",
        json_schema_extra={"unit": "cells"},
    )
    inside: float = Field(0.0, ge=-3, le=3, description="theta in the block at the start")
    outside: float = Field(-1.0, ge=-3, le=3, description="theta around it at the start")
    limit: float | None = Field(None, gt=0, description="largest size of theta")


class CoefficientControl(_Control):
    """One number, from its setting on, moved by factors."""

    bounds: Pair | None = Field(None, description="lowest and highest value, above 0")


def _switched(value: Any) -> Any:
    """Plain true and false turn a control on, with its defaults, and off."""
    return ({} if value else None) if isinstance(value, bool) else value


_SWITCH = BeforeValidator(_switched)


class ControlsConfig(Config):
    """What may be chosen: any of these at once."""

    initial_velocity: Annotated[VelocityControl | None, _SWITCH] = Field(
        VelocityControl(), description="the velocity at the start"
    )
    stream_function: Annotated[StreamFunctionControl | None, _SWITCH] = Field(
        None, description="a stream function for the velocity at the start, in place of it"
    )
    forces: Annotated[ForcesControl | None, _SWITCH] = Field(
        None, description="forces through time"
    )
    initial_smoke: Annotated[SmokeControl | None, _SWITCH] = Field(
        None, description="the smoke at the start"
    )
    inflow: Annotated[InflowControl | None, _SWITCH] = Field(
        None, description="the profile of the stream that enters a channel"
    )
    obstacle: Annotated[ObstacleControl | None, _SWITCH] = Field(
        None, description="the shape of an obstacle"
    )
    viscosity: Annotated[CoefficientControl | None, _SWITCH] = Field(
        None, description="the viscosity, starting from its setting"
    )
    buoyancy: Annotated[CoefficientControl | None, _SWITCH] = Field(
        None, description="the buoyancy, starting from its setting"
    )
