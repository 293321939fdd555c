from __future__ import annotations

import numpy as np
import pytest

from autodiff.test_util import check_grads
from sciopt.fluid.objectives import drag, lift, minus_lift_over_drag


def test_the_wing_examples_formula(rng):
    vy, vx = rng.standard_normal((2, 40, 60))  # that example's names: y is axis 0
    velocity = np.stack([vy, vx])
    assert minus_lift_over_drag(velocity) == pytest.approx(
        -np.mean(vy - 0) / np.mean(1 - vx), rel=1e-13
    )


def test_a_stream_along_the_other_axis(rng):
    velocity = rng.standard_normal((2, 5, 6))
    assert lift(velocity[::-1], along=0) == lift(velocity)
    assert drag(velocity[::-1], 2.0, along=0) == drag(velocity, 2.0)


def test_gradient(rng):
    check_grads(minus_lift_over_drag)(rng.standard_normal((2, 4, 5)))
