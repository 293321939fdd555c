"""Adam against its definition, and on a bowl."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sciopt.optimize import Iterate, minimize

Array = NDArray[Any]


def bowl(x: Array) -> tuple[float, Array]:
    return float(np.sum(x**2)), 2 * x


def test_the_first_step_has_the_length_of_the_learning_rate() -> None:
    seen: list[Iterate] = []
    options = {"learning_rate": 0.25}
    minimize(bowl, np.array([3.0, -4.0]), method="adam", iterations=1, options=options,
             on_iterate=seen.append)  # fmt: skip
    # m / (1 - b1) is g and v / (1 - b2) is g^2: whatever its size, a gradient counts by its sign.
    np.testing.assert_allclose(seen[1].x, [2.75, -3.75], rtol=1e-8)


def test_the_second_step_is_that_of_the_paper() -> None:
    seen: list[Iterate] = []
    options = {"learning_rate": 0.1, "b1": 0.5, "b2": 0.8, "eps": 0.01}
    minimize(bowl, np.array([1.0]), method="Adam", iterations=2, options=options,
             on_iterate=seen.append)  # fmt: skip
    x1 = 1 - 0.1 * 2 / (2 + 0.01)
    g2 = 2 * x1
    m2, v2 = 0.5 * (0.5 * 2) + 0.5 * g2, 0.8 * (0.2 * 4) + 0.2 * g2**2
    x2 = x1 - 0.1 * (m2 / 0.75) / (np.sqrt(v2 / 0.36) + 0.01)
    np.testing.assert_allclose([seen[1].x[0], seen[2].x[0]], [x1, x2], rtol=1e-14)


def test_it_takes_one_evaluation_per_iteration_and_finds_the_minimum() -> None:
    outcome = minimize(bowl, np.full((2, 3), 2.0), method="ADAM", iterations=300)
    assert outcome.evaluations == 301
    assert outcome.loss == pytest.approx(0, abs=1e-4)


def test_a_vanishing_gradient_does_not_divide_by_zero() -> None:
    assert minimize(bowl, np.zeros(3), method="Adam", iterations=3).loss == 0
