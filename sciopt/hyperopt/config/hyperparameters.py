"""Settings of what is tuned: each hyperparameter's start, bounds, scale and granularity."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, Strict

from sciopt.config import Config

Axis = Literal["layer", "array", "step", "weight"]
# Behind a validator that takes shorthands, a list from YAML is a list, no longer JSON's array,
# and strict mode would not take it for a tuple.
Axes = Annotated[tuple[Axis, ...], Strict(False)]
Bounds = Annotated[tuple[float, float], Strict(False)]


class Hyperparameter(Config):
    """One hyperparameter, or a family of them; a plain number instead keeps it fixed."""

    shorthand: ClassVar[str] = "a number"

    start: float | None = Field(None, description="the value to start from")
    tune: bool = Field(True, description="whether it is tuned, or stays at its start")
    bounds: Bounds | None = Field(None, description="lowest and highest value")
    scale: Literal["linear", "log", "logit"] | None = Field(
        None, description="the scale on which steps are taken"
    )
    per: Literal["global"] | Axis | Axes = Field(
        "global",
        description="what has a value of its own: global (one value), layer, array (weights and "
        "biases apart), step, weight, or [step, layer] or [step, array]",
    )
    every: int = Field(
        1,
        ge=1,
        description="steps that share a value, where values are per step",
        json_schema_extra={"unit": "steps"},
    )


class LearnedInputs(Config):
    """The training inputs themselves."""

    tune: bool = Field(True, description="whether they are tuned, or stay at their start")
    count: int | None = Field(
        None,
        ge=1,
        description="inputs to learn, with classes in turn; null learns the training data",
    )
    noise: float = Field(
        0.01, ge=0, description="standard deviation of the start, where count is given"
    )
    bounds: Bounds | None = Field(None, description="lowest and highest value")


def _fixed(value: Any) -> Any:
    """A plain number means: this value, not tuned."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return {"start": value, "tune": False} if is_number else value


Setting = Annotated[Hyperparameter, BeforeValidator(_fixed)]


class HyperparametersConfig(Config):
    """What training depends on: a number fixes a value, a mapping tunes it."""

    learning_rate: Setting = Field(
        Hyperparameter(start=0.1, tune=False), description="step length of the update rule"
    )
    rate_multiplier: Setting | None = Field(
        None, description="factor on the learning rate, such as one per step"
    )
    rate_decay: Setting | None = Field(
        None, description="d: the learning rate of step t of T is divided by 1 + d t/T"
    )
    momentum: Setting = Field(
        Hyperparameter(start=0.9, tune=False),
        description="b of heavy-ball, momentum and nesterov",
    )
    beta1: Setting = Field(
        Hyperparameter(start=0.9, tune=False), description="decay of adam's mean gradient"
    )
    beta2: Setting = Field(
        Hyperparameter(start=0.999, tune=False),
        description="decay of the mean square gradient of adam and rmsprop",
    )
    weight_decay: Setting | None = Field(None, description="decay of the weights per step")
    init_scale: Setting | None = Field(
        None,
        description="standard deviation of the initial weights and biases; "
        "without it weights start as the model chooses, biases at 0",
    )
    l2: Setting | None = Field(None, description="c of the penalty sum c w^2 on the weights")
    l1: Setting | None = Field(None, description="c of the penalty sum c |w| on the weights")
    initial_weights: Setting | None = Field(None, description="the initial weights themselves")
    example_weights: Setting | None = Field(
        None, description="factor on the loss of each training example; divided by their number"
    )
    label_smoothing: Setting | None = Field(
        None, description="share of each label that is spread over all classes"
    )
    shift: Setting | None = Field(
        None,
        description="standard deviation of random shifts of training images",
        json_schema_extra={"unit": "pixels"},
    )
    rotation: Setting | None = Field(
        None,
        description="standard deviation of random rotations of training images",
        json_schema_extra={"unit": "degrees"},
    )
    contrast: Setting | None = Field(
        None, description="standard deviation of the logarithm of random contrasts"
    )
    training_inputs: LearnedInputs | None = Field(None, description="the training data as unknowns")
    training_labels: Setting | None = Field(
        None, description="logits of the labels of the training data; start is the true class's"
    )
    model: dict[str, Setting] = Field({}, description="named arguments of a model of yours")
