"""Settings of the flow: what it is made of, and how it is computed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sciopt.config import Config

Boundary = Literal["periodic", "free-slip", "no-slip", "channel"]
Speed = Annotated[float, Field(ge=-1000, le=1000)]


class PhysicsConfig(Config):
    """The scheme, the sides of the box, and what is in it."""

    scheme: Literal["lecture", "exact", "sharp"] = Field(
        "lecture",
        description="the numerical scheme where no part of it is chosen below; lecture: bilinear "
        "transport, Jacobi projection; exact: the same with an exact projection; sharp: MacCormack "
        "transport by the midpoint rule, exact projection",
    )
    advection: Literal["auto", "bilinear", "bicubic", "maccormack"] = Field(
        "auto", description="how fields are carried along; bilinear smears, auto is the scheme's"
    )
    limiter: Literal["none", "smooth"] = Field(
        "none", description="what holds maccormack's overshoots at edges"
    )
    backtrace: Literal["auto", "euler", "midpoint"] = Field(
        "auto", description="how places are traced back: of first or second order in time"
    )
    projection: Literal["auto", "jacobi", "spectral", "multigrid"] = Field(
        "auto",
        description="how divergence is taken out of the flow; jacobi leaves some, spectral is "
        "exact without obstacles, multigrid exact with them, auto is what fits the scheme",
    )
    sweeps: int = Field(
        10,
        ge=0,
        le=10_000,
        description="Jacobi sweeps of each projection; few leave the flow compressible",
        json_schema_extra={"unit": "sweeps"},
    )
    tolerance: float = Field(
        1e-8,
        ge=1e-13,
        le=0.1,
        description="divergence that the projection multigrid may leave, of what there was",
    )
    boundary: Boundary | tuple[Boundary, Boundary] = Field(
        "periodic",
        description="the sides of the box, or [of rows, of columns]: periodic, walls with free "
        "slip or no slip, or a channel, in which the wind flows in at the low side and out again",
    )
    wind: tuple[Speed, Speed] = Field(
        (0.0, 0.0),
        description="velocity at the start along [rows, columns], and of what enters a channel",
        json_schema_extra={"unit": "cells per step"},
    )
    smoke_enters: bool = Field(
        True, description="whether smoke goes on entering a channel as it lies there at the start"
    )
    viscosity: float = Field(
        0.0, ge=0, le=1e6, description="how fast velocity spreads",
        json_schema_extra={"unit": "cells^2 per step"},
    )  # fmt: skip
    buoyancy: float = Field(
        0.0, ge=-1000, le=1000,
        description="how fast full smoke speeds up; negative for heavy smoke",
        json_schema_extra={"unit": "cells per step^2"},
    )  # fmt: skip
    up: Literal["top", "bottom", "left", "right"] = Field(
        "top", description="the side towards which buoyancy pushes"
    )
    dt: float = Field(
        1.0,
        gt=0,
        le=1000,
        description="length of a time step; per step, in all other settings, is per unit of time",
    )
    obstacle: str | None = Field(
        None,
        min_length=1,
        description="what stands in the flow: a picture, as the setting target, bright is solid",
        json_schema_extra={"file": True},
    )
    project_start: bool = Field(
        False, description="whether divergence is taken out of the velocity before the first step"
    )
