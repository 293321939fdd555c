"""Sets of numbers and bin edges: NumPy's values, and derivatives that move with the entries."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, value_of
from autodiff.test_util import check_grads

X, Y = onp.array([0.7, -1.2, 0.7, 2.5]), onp.array([0.3, 2.5, -1.2, 4.0])


@pytest.mark.parametrize("name", ["union1d", "setdiff1d", "setxor1d", "intersect1d"])
def test_entries_of_two_sets_carry_their_derivatives(name: str) -> None:
    kept = []

    def loss(x: Any, y: Any) -> Any:
        values = getattr(np, name)(x, y)
        kept.append(np.shape(values))
        return np.sum(values**2)

    expected = getattr(onp, name)(X, Y)
    of_x, of_y = grad(loss, (0, 1))(X, Y)
    assert kept[0] == expected.shape
    # Each entry that the set holds is met once, in one of the two operands.
    assert np.sum(np.abs(of_x)) + np.sum(np.abs(of_y)) == pytest.approx(2 * abs(expected).sum())
    assert set(of_x[of_x != 0] / 2) | set(of_y[of_y != 0] / 2) == set(expected)


@pytest.mark.parametrize("name", ["unique_values", "unique_all", "unique_counts", "unique_inverse"])
def test_unique_values_in_numpys_order(name: str) -> None:
    if not hasattr(onp, name):
        pytest.skip("not in this NumPy")
    expected = getattr(onp, name)(X)
    values = []

    def loss(x: Any) -> Any:
        found = getattr(np, name)(x)
        for ours, theirs in zip(found[1:], expected[1:]):
            if name != "unique_values":
                onp.testing.assert_array_equal(ours, theirs)
        found = getattr(found, "values", found)
        values.append(value_of(found))
        return np.sum(found**2)

    onp.testing.assert_array_equal(grad(loss)(X), [1.4, -2.4, 0.0, 5.0])
    onp.testing.assert_array_equal(values[0], getattr(expected, "values", expected))


@pytest.mark.parametrize("bins", [3, "sturges"])
def test_bin_edges_move_with_the_extremes(bins: Any) -> None:
    x = onp.array([0.1, 0.9, 0.4])
    edges = lambda x: np.histogram_bin_edges(x, bins)  # noqa: E731
    check_grads(edges)(x)
    onp.testing.assert_allclose(edges(x), onp.histogram_bin_edges(x, bins))
    fixed = grad(lambda r: np.sum(np.histogram_bin_edges(x, 2, (0.0, r))))(1.0)
    assert fixed == pytest.approx(1.5)
    assert grad(lambda v: np.histogram_bin_edges(v, 1)[1])(onp.array([2.0])) == 1
