"""Settings of the model that is trained."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, Strict

from sciopt.config import Config

Width = Annotated[int, Field(ge=1, le=100_000)]
# Strict mode would not take a list for a tuple behind the shorthand of a name alone.
Widths = Annotated[tuple[Width, ...], Strict(False)]


class ModelConfig(Config):
    """The model whose weights the inner problem finds."""

    name: str = Field(
        "mlp",
        min_length=1,
        description="linear, logistic, mlp, convnet, or a model of yours as path/to/file.py:name",
        json_schema_extra={"file": True},
    )
    hidden: Widths = Field(
        (32,), description="widths of the hidden layers of mlp, input side first"
    )
    channels: Widths = Field(
        (8, 16), description="channels of the convolutions of convnet, input side first"
    )
    activation: Literal["tanh", "relu", "softplus", "gelu"] = Field(
        "tanh", description="the nonlinearity between layers"
    )
    bias: bool = Field(True, description="whether layers add a constant")
    options: dict[str, int | float | bool | str] = Field(
        {}, description="named arguments of a model of yours that stay fixed"
    )
