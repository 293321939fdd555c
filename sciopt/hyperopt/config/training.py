"""Settings of the inner problem: how the model is trained."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sciopt.config import Config

Count = Annotated[int, Field(ge=1)]
RuleName = Literal["sgd", "heavy-ball", "momentum", "nesterov", "rmsprop", "adam"]


class TrainingConfig(Config):
    """The training run that every hypergradient goes through."""

    optimizer: RuleName = Field(
        "heavy-ball",
        description="the update rule; heavy-ball averages: v = b v - (1 - b) g, w = w + a v; "
        "momentum is the other convention: v = b v + g, w = w - a v",
    )
    steps: int = Field(
        200,
        ge=1,
        le=10_000_000,
        description="training steps",
        json_schema_extra={"unit": "steps"},
    )
    batch: Count | Literal["full"] = Field(
        64, description="examples in a minibatch, or full for all of them"
    )
    order: Literal["replacement", "epochs", "consecutive"] = Field(
        "epochs",
        description="how minibatches are drawn: with replacement, a new shuffle per epoch, "
        "or one after the other in the order of the data",
    )
    decay: Literal["plain", "decoupled"] = Field(
        "plain",
        description="whether weight_decay is added to the gradient, or shrinks the weights "
        "directly (AdamW)",
    )
    clip_norm: float | None = Field(
        None, gt=0, description="largest norm of the gradient of one step; null for no limit"
    )
    eps: float = Field(1e-8, gt=0, description="added to the root in adam and rmsprop")
    eps_root: float = Field(0.0, ge=0, description="added inside the root in adam and rmsprop")
    dtype: Literal["float64", "float32"] = Field("float64", description="precision of training")
