"""Rosenbrock's banana valley as a model: two weights, and a loss that ignores the data.

A model is any object with three functions; here a class that is never instantiated.
"""

import autodiff.numpy as np


class Rosenbrock:
    """(1 - x)^2 + 100 (y - x^2)^2, smallest at (1, 1), from a start on the far side."""

    @staticmethod
    def init(rng, input_shape, outputs):
        """The start (x, y); nothing random about it."""
        return [np.array([-1.2, 1.0])]

    @staticmethod
    def predict(params, inputs, steepness=100.0):
        """The value of the function, as many times as there are examples."""
        x, y = params[0]
        height = (1 - x) ** 2 + steepness * (y - x**2) ** 2
        return height * np.ones((len(inputs), 1))

    @staticmethod
    def loss(outputs, targets):
        """The value itself: training goes downhill, and the data do not matter."""
        return outputs[:, 0]
