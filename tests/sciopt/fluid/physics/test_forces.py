"""Buoyancy: up, and not on the whole."""

from __future__ import annotations

import numpy as np

from autodiff.test_util import check_grads
from sciopt.fluid.physics.forces import buoyant


def test_smoke_rises_and_air_sinks_as_much(rng: np.random.Generator) -> None:
    smoke = np.zeros((2, 5, 6))
    smoke[0, 2, 3] = smoke[1, 2, 3] = 1.0
    push = buoyant(smoke, 0.3)
    assert push[0, 2, 3] == -0.3 * (2 - 2 / 30)  # rows are counted downwards
    assert abs(push.sum()) < 1e-14
    np.testing.assert_array_equal(push[1], 0.0)
    np.testing.assert_array_equal(buoyant(smoke, 0.3, (0.0, 1.0))[1], -push[0])


def test_derivatives(rng: np.random.Generator) -> None:
    smoke = rng.random((2, 3, 4))
    check_grads(buoyant, 0)(smoke, 0.3)
    check_grads(buoyant, 1)(smoke, 0.3)
