"""Every setting of `sciopt hyperopt`, with its unit, bounds and default."""

from __future__ import annotations

from typing import Any

from pydantic import Field, field_validator

from sciopt.config import Config

from .data import DataConfig
from .hypergradient import HypergradientConfig
from .hyperparameters import Hyperparameter, HyperparametersConfig, LearnedInputs
from .model import ModelConfig
from .outer import OuterConfig, RandomStart
from .probe import ProbeConfig
from .training import RuleName, TrainingConfig

__all__ = [
    "DataConfig",
    "HypergradientConfig",
    "HyperoptConfig",
    "Hyperparameter",
    "HyperparametersConfig",
    "LearnedInputs",
    "ModelConfig",
    "OuterConfig",
    "ProbeConfig",
    "RandomStart",
    "RuleName",
    "TrainingConfig",
]


class HyperoptConfig(Config):
    """Hyperparameters tuned by the gradient of an outer loss through a training run."""

    name: str = Field("", description="a short name for the run folder; empty for the data's")
    data: DataConfig = Field(
        default_factory=DataConfig,
        description="the examples and how they are split; a source alone stands for {source: ...}",
        json_schema_extra={"shorthand": "source"},
    )
    model: ModelConfig = Field(
        default_factory=ModelConfig,
        description="the model; a name alone stands for {name: ...}",
        json_schema_extra={"shorthand": "name"},
    )
    training: TrainingConfig = Field(
        default_factory=TrainingConfig, description="the inner problem"
    )
    hyperparameters: HyperparametersConfig = Field(
        default_factory=HyperparametersConfig, description="what is tuned, and what is fixed"
    )
    hypergradient: HypergradientConfig = Field(
        default_factory=HypergradientConfig, description="how the outer loss is differentiated"
    )
    outer: OuterConfig = Field(
        default_factory=OuterConfig, description="the search over hyperparameters"
    )
    probe: ProbeConfig = Field(
        default_factory=ProbeConfig, description="closer looks for the figures; none by default"
    )
    seed: int = Field(0, ge=0, le=2**32 - 1, description="seed of initial weights and minibatches")

    @field_validator("data", mode="before")
    @classmethod
    def _source_alone(cls, value: Any) -> Any:
        return {"source": value} if isinstance(value, str) else value

    @field_validator("model", mode="before")
    @classmethod
    def _name_alone(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value
