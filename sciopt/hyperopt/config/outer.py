"""Settings of the outer problem: what is to be made small, and how."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sciopt.config import Config


class RandomStart(Config):
    """Start from the best of some random draws from the bounds."""

    random: int = Field(40, ge=1, le=100_000, description="training runs with random settings")


class OuterConfig(Config):
    """The search over hyperparameters."""

    objective: Literal["validation", "train", "validation-error", "train-error"] = Field(
        "validation",
        description="the outer loss: the loss on validation or training data, or a smooth "
        "surrogate of the error rate there (one minus the mean probability of the true class)",
    )
    optimizer: Literal["adam", "sgd", "rmsprop", "l-bfgs"] = Field(
        "adam", description="how the hyperparameters are moved"
    )
    iterations: int = Field(
        40, ge=1, le=1_000_000, description="outer steps", json_schema_extra={"unit": "iterations"}
    )
    learning_rate: float = Field(
        0.1, gt=0, description="step length of adam, sgd and rmsprop, on each scale"
    )
    beta1: float = Field(0.9, ge=0, lt=1, description="decay of adam's mean gradient")
    beta2: float = Field(0.999, ge=0, lt=1, description="decay of the mean square gradient")
    start: Literal["settings"] | RandomStart = Field(
        "settings", description="start from the settings, or {random: 40} from the best of 40 draws"
    )
    fresh_seeds: bool = Field(
        False,
        description="whether every outer step trains from a new seed; the loss is then noisy, and "
        "what is learned does not depend on one initialisation",
    )
    clip: float | None = Field(
        None,
        gt=0,
        description="largest norm of the hypergradient; null clips against its running median",
    )
    guard: bool = Field(
        True,
        description="whether a step that does not lower a deterministic outer loss is taken back "
        "and tried again at half its length",
    )
    evaluation_seeds: int = Field(
        1,
        ge=0,
        le=1000,
        description="unseen seeds on which start and end are trained for the final report",
    )
