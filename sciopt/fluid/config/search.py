"""Settings of the search and of what it may use of the machine."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sciopt.config import Config


class SearchConfig(Config):
    """The optimiser, its start, the machine."""

    optimizer: str = Field(
        "L-BFGS-B",
        description="Adam, or a gradient method of scipy.optimize.minimize by its SciPy name "
        "(L-BFGS-B, CG, TNC, ...)",
    )
    iterations: int = Field(
        300,
        ge=1,
        le=1_000_000,
        description="most iterations of the optimiser, in all levels together",
        json_schema_extra={"unit": "iterations"},
    )
    evaluations: int | None = Field(
        None,
        ge=1,
        description="most evaluations of loss and gradient, line searches included, in all levels "
        "together; by default there is no limit",
        json_schema_extra={"unit": "evaluations"},
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
    restarts: int = Field(
        0,
        ge=0,
        le=1000,
        description="further starts, with the noise of the seeds that follow; after a trial of "
        "each start the best of them goes on",
    )
    trial_iterations: int = Field(
        10,
        ge=1,
        description="of each trial, if there are restarts; part of the first level's",
        json_schema_extra={"unit": "iterations"},
    )
    seed: int = Field(0, ge=0, le=2**63 - 1, description="seed of everything random")
    backend: Literal["auto", "numba", "compiled", "numpy"] = Field(
        "auto",
        description="kernels for the lecture's scheme (numba), any scheme compiled, or in plain "
        "NumPy (slow); auto takes the first of these that can do it",
    )
    dtype: Literal["float64", "float32"] = Field(
        "float64", description="the precision of the simulation; float32 is faster on large grids"
    )
    memory: str | int = Field(
        "auto",
        description="what the stored states of a gradient may take, such as 500 MB; others are "
        "computed again; auto takes at most half of what is free",
    )
