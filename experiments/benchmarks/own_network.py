"""A model file as a user writes it, in plain `autodiff.numpy`: the network of `training_peers`."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import autodiff.numpy as np


class Network:
    """A tanh network for classes, of any widths."""

    def __init__(self, widths: tuple[int, ...]) -> None:
        self.widths = widths

    def init(self, rng: Any, input_shape: tuple[int, ...], outputs: int) -> list[dict[str, Any]]:
        return [
            {"weights": rng.standard_normal(pair) / pair[0] ** 0.5, "bias": np.zeros(pair[1])}
            for pair in pairwise(self.widths)
        ]

    def predict(self, params: Any, inputs: Any) -> Any:
        x = inputs
        for layer in params[:-1]:
            x = np.tanh(x @ layer["weights"] + layer["bias"])
        return x @ params[-1]["weights"] + params[-1]["bias"]

    def loss(self, outputs: Any, targets: Any) -> Any:
        largest = np.max(outputs, axis=1, keepdims=True)
        log_sum = largest[:, 0] + np.log(np.sum(np.exp(outputs - largest), axis=1))
        return log_sum - np.sum(targets * outputs, axis=1)


small = Network((64, 32, 10))
large = Network((784, 50, 50, 50, 10))
tiny = Network((6, 4, 3))
