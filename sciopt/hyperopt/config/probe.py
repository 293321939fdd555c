"""Settings of what is looked at besides the search itself."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, Strict

from sciopt.config import Config

Positive = Annotated[float, Field(gt=0)]


class ProbeConfig(Config):
    """Closer looks for the figures: a point costs a hypergradient, a difference 8 training runs."""

    rates: int = Field(
        0,
        ge=0,
        le=10_000,
        description="factors on the learning rates found, at which outer loss and its derivative "
        "are taken, to see where training turns chaotic",
    )
    span: Annotated[tuple[Positive, Positive], Strict(False)] = Field(
        (0.1, 10.0), description="the smallest and the largest of these factors"
    )
    differences: int = Field(
        0,
        ge=0,
        le=1000,
        description="hyperparameters whose derivative at the start is compared with a central "
        "difference: the largest derivatives of each kind in turn; none with method online",
    )
