"""What is trained: three functions on plain arrays, built in or the user's own.

- `contract` states the three functions.
- `mlp` (with linear and logistic regression) and `convnet` are built in; `losses` are theirs.
- `user` loads a model from a file and refuses what does not keep the contract.
"""

from __future__ import annotations

from sciopt.errors import ConfigError, did_you_mean
from sciopt.hyperopt.config import ModelConfig

from .contract import Model
from .convnet import convnet
from .mlp import mlp
from .user import load_model

__all__ = ["Model", "build_model"]

_BUILT_IN = ("linear", "logistic", "mlp", "convnet")


def build_model(config: ModelConfig, *, is_classification: bool) -> Model:
    """The model that a config names.

    Raises: ConfigError if there is no such model or it does not fit the task.
    """
    if ":" in config.name or config.name.endswith(".py"):
        return load_model(config.name, config.options)
    if config.name not in _BUILT_IN:
        raise ConfigError(
            f"model.name: there is no model {config.name!r}; choose one of {', '.join(_BUILT_IN)},"
            f" or name one of yours as path/to/file.py:name{did_you_mean(config.name, _BUILT_IN)}"
        )
    if config.options:
        raise ConfigError(
            f"model.options: {config.name} is built in and takes none; options are for a model"
            " of yours"
        )
    if config.name == "linear" and is_classification:
        raise ConfigError("model.name: linear is for numbers to predict; take logistic for classes")
    if config.name == "logistic" and not is_classification:
        raise ConfigError("model.name: logistic is for classes; take linear for numbers to predict")
    if config.name == "convnet":
        return convnet(config, is_classification=is_classification)
    return mlp(config, is_classification=is_classification)
