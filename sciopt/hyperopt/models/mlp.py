"""Fully connected networks; without hidden layers, linear and logistic regression."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import autodiff.numpy as np
from sciopt.hyperopt.config import ModelConfig

from .activations import ACTIVATIONS
from .contract import Model
from .losses import cross_entropy, squared_error


def mlp(config: ModelConfig, *, is_classification: bool) -> Model:
    """x -> act(x W_1 + b_1) -> ... -> x W_L + b_L, of the hidden widths that `config` names.

    Weights start normal with standard deviation 1 / sqrt(inputs of the layer), biases at zero.
    """
    hidden = config.hidden if config.name == "mlp" else ()
    activation = ACTIVATIONS[config.activation]

    def init(rng: Any, input_shape: tuple[int, ...], outputs: int) -> list[dict[str, Any]]:
        widths = (math.prod(input_shape), *hidden, outputs)
        return [
            dense_layer(rng, fan_in, fan_out, config.bias) for fan_in, fan_out in pairwise(widths)
        ]

    def predict(params: Any, inputs: Any) -> Any:
        x = np.reshape(inputs, (inputs.shape[0], -1))
        for layer in params[:-1]:
            x = activation(affine(layer, x))
        return affine(params[-1], x)

    loss = cross_entropy if is_classification else squared_error
    return Model(config.name, init, predict, loss, {})


def dense_layer(rng: Any, fan_in: int, fan_out: int, bias: bool) -> dict[str, Any]:
    """Initial weights (fan_in, fan_out) and, with `bias`, zeros (fan_out,)."""
    layer = {"weights": rng.standard_normal((fan_in, fan_out)) / math.sqrt(fan_in)}
    if bias:
        layer["bias"] = np.zeros(fan_out)
    return layer


def affine(layer: Any, x: Any) -> Any:
    """x W + b, shapes (B, fan_in) to (B, fan_out)."""
    product = np.dot(x, layer["weights"])
    return product + layer["bias"] if "bias" in layer else product
