"""max, min, ptp: ties, masks and start values."""

from __future__ import annotations

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, make_jvp


@pytest.mark.parametrize("name", ["max", "min", "amax", "amin"])
def test_ties_of_extremes_share_the_derivative(name: str) -> None:
    x = onp.array([[1.0, 1.0], [1.0, 0.0]])
    extreme = getattr(np, name)
    expected = {"a": [[1, 1], [1, 0]], "i": [[0, 0], [0, 1]]}[name[-2]]
    gradient = grad(extreme)(x)
    onp.testing.assert_allclose(gradient * (3 if name.endswith("ax") else 1), expected)
    assert make_jvp(extreme)(x)(onp.ones((2, 2)))[1] == pytest.approx(1.0)


def test_a_start_value_takes_part_in_ties() -> None:
    assert grad(lambda x: np.max(x, initial=2.0))(onp.array([2.0])) == 0.5
    assert grad(lambda x: np.max(x, initial=3.0))(onp.array([2.0])) == 0.0
    assert grad(lambda x: np.min(x, initial=3.0))(onp.array([2.0])) == 1.0


def test_only_entries_under_the_mask_can_be_the_extreme() -> None:
    x = onp.array([5.0, 2.0, 2.0])
    mask = onp.array([False, True, True])
    gradient = grad(lambda x: np.max(x, initial=-1.0, where=mask))(x)
    onp.testing.assert_array_equal(gradient, [0, 0.5, 0.5])


def test_the_range_moves_with_its_two_ends() -> None:
    onp.testing.assert_array_equal(grad(np.ptp)(onp.array([3.0, 9.0, 1.0])), [0, 1, -1])
    assert grad(np.ptp)(onp.array([4.0])) == 0.0
