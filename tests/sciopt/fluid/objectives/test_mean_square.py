from __future__ import annotations

import numpy as np
import pytest

from autodiff.test_util import check_grads
from sciopt.fluid.objectives import mean_square


def test_it_is_the_mean_over_dyes_and_cells(rng):
    smoke, target = rng.random((2, 3, 4, 5))
    expected = sum((a - b) ** 2 for a, b in zip(smoke.ravel(), target.ravel())) / 60
    assert mean_square(smoke, target) == pytest.approx(expected, rel=1e-14)


def test_weights_leave_cells_out(rng):
    smoke, target = rng.random((2, 3, 4, 6))
    air = np.ones((4, 6))
    air[:, 3:] = 0
    weighted = mean_square(smoke, target, 0.3 * air)
    expected = mean_square(smoke[..., :3], target[..., :3])
    assert weighted == pytest.approx(expected, rel=1e-14)


def test_gradients(rng):
    target, air = rng.random((1, 3, 4)), rng.random((3, 4))
    check_grads(lambda s: mean_square(s, target, air))(rng.random((1, 3, 4)))
    check_grads(lambda w: mean_square(target, 0.5, w))(air)
