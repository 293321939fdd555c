"""sort, partition, unique: ties, axes, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, make_jvp
from autodiff.numpy.ordering import permute_along_axis
from autodiff.test_util import check_grads


def test_sorting_moves_the_derivative_with_the_entry(rng: Any) -> None:
    x = rng.permutation(12.0 * onp.arange(12)).reshape(3, 4)
    weights = rng.standard_normal((3, 4))
    for axis in (0, 1, -2):
        gradient = grad(lambda x, axis=axis: np.sum(np.sort(x, axis) * weights))(x)
        moved = onp.take_along_axis(gradient, onp.argsort(x, axis), axis)
        onp.testing.assert_array_equal(moved, weights)


def test_a_permutation_is_undone_by_its_adjoint(rng: Any) -> None:
    x, order = rng.standard_normal((3, 5)), onp.argsort(rng.standard_normal((3, 5)), 0)
    moved = permute_along_axis(x, order, 0)
    onp.testing.assert_array_equal(permute_along_axis(moved, order, 0, back=True), x)
    check_grads(lambda x: permute_along_axis(x, order, 0, True) ** 2)(x)


def test_equal_entries_keep_one_derivative_each() -> None:
    x = onp.array([2.0, 1.0, 2.0, 2.0])
    gradient = grad(lambda x: np.dot(np.sort(x), onp.array([1.0, 10, 100, 1000])))(x)
    assert gradient[1] == 1
    assert sorted(gradient) == [1, 10, 100, 1000]
    tangent = make_jvp(np.sort)(x)(gradient)[1]
    onp.testing.assert_array_equal(tangent, [1, 10, 100, 1000])


def test_a_partition_has_the_derivative_of_its_order() -> None:
    x = onp.array([[3.0, 1.0, 2.0], [9.0, 7.0, 8.0]])
    gradient = grad(lambda x: np.sum(np.partition(x, 1)[:, 1]))(x)
    onp.testing.assert_array_equal(gradient, [[0, 0, 1], [0, 0, 1]])


def test_the_first_of_equal_entries_stands_for_a_unique_value() -> None:
    x = onp.array([3.0, 1.0, 3.0])
    onp.testing.assert_array_equal(grad(lambda x: np.sum(np.unique(x) ** 2))(x), [6, 2, 0])
    values = lambda x: np.unique(x, return_inverse=True)[0]  # noqa: E731
    check_grads(values)(onp.array([3.0, 1.0, 2.0]))
    with pytest.raises(NotImplementedError, match="axis"):
        grad(lambda x: np.sum(np.unique(x, axis=0)))(onp.ones((2, 2)))


def test_counts_and_bins_pass_untraced() -> None:
    x = onp.array([0.1, 0.4, 0.9])
    counts = []
    gradient = grad(lambda x: (counts.append(np.histogram(x, 2, (0, 1))[0]), np.sum(x))[1])(x)
    onp.testing.assert_array_equal(counts[0], [2, 1])
    onp.testing.assert_array_equal(gradient, 1)
    gradient = grad(lambda x: np.sum(x * np.digitize(x, [0.3, 0.5])))(x)
    onp.testing.assert_array_equal(gradient, [0, 1, 2])
