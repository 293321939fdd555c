"""Directions from gradients."""

from __future__ import annotations

import numpy as np
import pytest

from sciopt.hyperopt.config import OuterConfig
from sciopt.hyperopt.outer.moves import direction, no_moments


@pytest.mark.parametrize("optimizer", ["adam", "rmsprop"])
def test_the_first_step_has_the_same_length_everywhere(optimizer: str) -> None:
    config = OuterConfig(optimizer=optimizer, learning_rate=0.1)
    step, _ = direction(config, no_moments(3), np.array([1e-3, -7.0, 50.0]))
    assert step == pytest.approx([-0.1, 0.1, -0.1], rel=1e-4)  # eps is 1e-5 of the smallest


def test_sgd_follows_the_gradient() -> None:
    step, _ = direction(OuterConfig(optimizer="sgd", learning_rate=0.5), no_moments(2), np.ones(2))
    assert step == pytest.approx([-0.5, -0.5])


def test_adam_is_algorithm_1_of_the_paper(rng: np.random.Generator) -> None:
    config = OuterConfig(learning_rate=0.3, beta1=0.8, beta2=0.95)
    m, v, moments = np.zeros(4), np.zeros(4), no_moments(4)
    for t in range(1, 6):
        g = rng.standard_normal(4)
        m, v = 0.8 * m + 0.2 * g, 0.95 * v + 0.05 * g**2
        expected = -0.3 * (m / (1 - 0.8**t)) / (np.sqrt(v / (1 - 0.95**t)) + 1e-8)
        step, moments = direction(config, moments, g)
        np.testing.assert_allclose(step, expected, rtol=1e-13)  # sums in another order
