"""A small convolutional network for grey-scale images."""

from __future__ import annotations

import math
from typing import Any

import autodiff.numpy as np
from sciopt.errors import ConfigError
from sciopt.hyperopt.config import ModelConfig

from .activations import ACTIVATIONS
from .contract import Model
from .losses import cross_entropy, squared_error
from .mlp import affine, dense_layer

_KERNEL = 3


def convnet(config: ModelConfig, *, is_classification: bool) -> Model:
    """Convolutions of 3x3, each followed by the activation and 2x2 means, then one dense layer.

    Inputs are images (B, H, W) or (B, H, W, C). Borders are not padded: a layer takes sides of n
    to (n - 2) // 2.
    """
    activation = ACTIVATIONS[config.activation]

    def init(rng: Any, input_shape: tuple[int, ...], outputs: int) -> list[dict[str, Any]]:
        if len(input_shape) not in (2, 3):
            raise ConfigError(
                f"model.name: convnet needs images, but an input has shape {input_shape};"
                " take mlp, or data of images"
            )
        rows, columns = input_shape[:2]
        depth = input_shape[2] if len(input_shape) == 3 else 1
        layers = []
        for channels in config.channels:
            layers.append(dense_layer(rng, depth * _KERNEL**2, channels, config.bias))
            rows, columns, depth = (rows - 2) // 2, (columns - 2) // 2, channels
            if min(rows, columns) < 1:
                raise ConfigError(
                    f"model.channels: {len(config.channels)} convolutions are too many for images"
                    f" of {input_shape[0]} x {input_shape[1]}; each takes n to (n - 2) // 2"
                )
        return [*layers, dense_layer(rng, math.prod((rows, columns, depth)), outputs, config.bias)]

    def predict(params: Any, inputs: Any) -> Any:
        x = inputs if inputs.ndim == 4 else np.reshape(inputs, (*inputs.shape, 1))
        for layer in params[:-1]:
            x = halved(activation(convolve(layer, x)))
        return affine(params[-1], np.reshape(x, (x.shape[0], -1)))

    loss = cross_entropy if is_classification else squared_error
    return Model(config.name, init, predict, loss, {})


def convolve(layer: Any, x: Any) -> Any:
    """3x3 correlation without padding: (B, H, W, C) to (B, H-2, W-2, K).

    The nine shifted images are laid side by side, so that one matrix product does the work.
    """
    rows, columns = x.shape[1] - _KERNEL + 1, x.shape[2] - _KERNEL + 1
    shifted = [x[:, i : i + rows, j : j + columns] for i in range(_KERNEL) for j in range(_KERNEL)]
    return affine(layer, np.concatenate(shifted, axis=3))


def halved(x: Any) -> Any:
    """Means over 2x2 cells: (B, H, W, C) to (B, H // 2, W // 2, C); an odd edge is dropped."""
    batch, rows, columns, depth = x.shape
    even = x[:, : rows - rows % 2, : columns - columns % 2]
    cells = np.reshape(even, (batch, rows // 2, 2, columns // 2, 2, depth))
    return np.mean(cells, axis=(2, 4))
