from __future__ import annotations

import numpy as np
import pytest

from sciopt.fluid.objectives import Flow, Keyframe, keyframes_mismatch, mean_square


def flow_of(*levels):
    smoke = tuple(np.full((1, 4, 4), level) for level in levels)
    return Flow((10, 20, 30)[: len(levels)], smoke, smoke)


def test_each_keyframe_is_compared_with_its_step_by_its_weight():
    zero = np.zeros((1, 4, 4))
    frames = [Keyframe(30, zero, weight=3.0), Keyframe(10, zero)]
    value = keyframes_mismatch(flow_of(1.0, 7.0, 2.0), frames, mean_square)
    assert value == (3 * 2.0**2 + 1.0**2) / 4


def test_one_keyframe_is_a_target():
    flow, target = flow_of(0.0, 0.5), np.ones((1, 4, 4))
    assert keyframes_mismatch(flow, [Keyframe(20, target)], mean_square) == 0.25


def test_a_step_that_was_not_kept_is_named():
    with pytest.raises(ValueError, match="step 15, only after 10, 20"):
        keyframes_mismatch(flow_of(0.0, 0.0), [Keyframe(15, np.zeros((1, 4, 4)))], mean_square)
    with pytest.raises(ValueError, match="at least one keyframe"):
        keyframes_mismatch(flow_of(0.0), [], mean_square)
