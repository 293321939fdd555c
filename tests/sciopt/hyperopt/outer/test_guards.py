"""Gradients that explode and steps that do not help."""

from __future__ import annotations

import numpy as np
import pytest

from sciopt.hyperopt.outer.guards import Clipping, StepLength


def test_a_gradient_of_usual_size_passes_as_it_is() -> None:
    clip = Clipping(None)
    for norm in (1.0, 0.8, 1.2, 2.9):
        g = np.array([norm, 0.0])
        assert clip(g) is g


def test_a_burst_is_cut_to_three_times_the_median_and_leaves_it() -> None:
    clip = Clipping(None)
    for _ in range(10):
        clip(np.array([1.0, 0.0]))
    for _ in range(4):
        assert clip(np.array([0.0, -5000.0])) == pytest.approx([0.0, -3.0])


def test_a_fixed_bound_replaces_the_median() -> None:
    assert Clipping(0.5)(np.array([3.0, 4.0])) == pytest.approx([0.3, 0.4])


def test_length_falls_faster_with_each_failure_and_comes_back() -> None:
    length = StepLength()
    shares = []
    for _ in range(3):
        length.failed()
        shares.append(length.share)
    assert shares == [1 / 2, 1 / 8, 1 / 32]
    for _ in range(9):
        length.helped()
    assert (length.share, length.failures) == (1.0, 0)
