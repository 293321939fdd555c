"""Every setting of `sciopt fluid`, with its unit, bounds and default."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sciopt.config import Config

Cells = Annotated[int, Field(ge=8, le=4096)]


class FluidConfig(Config):
    """The search for an initial velocity that carries smoke into a picture."""

    target: str = Field(
        "smile",
        min_length=1,
        description="the picture to form: an image file, a built-in name such as smile, "
        "or text:WORD",
        json_schema_extra={"file": True},
    )
    invert: bool = Field(False, description="whether the dark parts of the picture become smoke")
    resample: Literal["area", "lanczos", "bilinear", "nearest", "stride"] = Field(
        "area",
        description="how an image comes to the grid's size; "
        "stride takes every k-th pixel, where the size divides the image's",
    )
    smoke: str = Field(
        "bands",
        min_length=1,
        description="the smoke at the start: bands (three, horizontal), columns, "
        "or whatever can be a target",
        json_schema_extra={"file": True},
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
    scheme: Literal["lecture"] = Field(
        "lecture", description="the numerical scheme: semi-Lagrangian transport, Jacobi projection"
    )
    sweeps: int = Field(
        10,
        ge=0,
        le=10_000,
        description="Jacobi sweeps of each pressure projection; few leave the flow compressible",
        json_schema_extra={"unit": "sweeps"},
    )
    backend: Literal["numba", "numpy"] = Field(
        "numba",
        description="compiled kernels, or the readable reference in plain NumPy (slow)",
    )
    dtype: Literal["float64", "float32"] = Field(
        "float64", description="the precision of the simulation; float32 is faster on large grids"
    )
    optimizer: str = Field(
        "L-BFGS-B",
        description="Adam, or a gradient method of scipy.optimize.minimize by its SciPy name "
        "(L-BFGS-B, CG, TNC, ...)",
    )
    iterations: int = Field(
        300,
        ge=1,
        le=1_000_000,
        description="most iterations of the optimiser",
        json_schema_extra={"unit": "iterations"},
    )
    learning_rate: float = Field(
        0.1,
        gt=0,
        description="the step of Adam; other optimisers find their own",
        json_schema_extra={"unit": "cells per step"},
    )
    optimizer_options: dict[str, int | float | bool | str] = Field(
        {},
        description="options of the chosen optimiser, such as {maxcor: 20} for L-BFGS-B "
        "or {b1: 0.9} for Adam",
    )
    velocity_noise: float = Field(
        0.0,
        ge=0,
        description="standard deviation of a smooth random velocity to start from",
        json_schema_extra={"unit": "cells per step"},
    )
    seed: int = Field(0, ge=0, le=2**63 - 1, description="seed of everything random")
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
