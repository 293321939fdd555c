"""Writing entries as operations that give a new array."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad
from autodiff.numpy.assignment import index_add, index_set, index_shape, write_entries
from autodiff.test_util import check_grads

X = onp.arange(6.0).reshape(3, 2) / 7


@pytest.mark.parametrize(
    "index", [0, (1, -1), slice(None, None, 2), [0, 0], (..., 1), onp.eye(3, 2) > 0, (), None]
)
def test_a_write_gives_a_new_array(index: Any) -> None:
    expected = X.copy()
    expected[index] = 9.0
    onp.testing.assert_array_equal(index_set(X, index, 9.0), expected)
    assert X[0, 0] == 0.0
    assert index_shape(X.shape, index) == X[index].shape


def test_of_two_writes_to_one_entry_the_last_counts() -> None:
    fun = lambda v: np.sum(index_set(onp.zeros(3), [0, 0, 2], v) * [1.0, 2.0, 3.0])  # noqa: E731
    onp.testing.assert_array_equal(grad(fun)(onp.ones(3)), [0.0, 1.0, 3.0])


def test_additions_to_one_entry_add_up() -> None:
    expected = X.copy()
    onp.add.at(expected, [0, 0, 2], 1.5)
    onp.testing.assert_array_equal(index_add(X, [0, 0, 2], 1.5), expected)
    check_grads(lambda x, v: index_add(x, [0, 0, 2], v) ** 2, (0, 1))(X, onp.array([0.3, 0.8]))


def test_many_entries_are_written_at_once() -> None:
    places = (onp.array([2, 0]), onp.array([1, 0]))
    onp.testing.assert_array_equal(
        write_entries(X * 0, places, 5.0, 6.0), [[6.0, 0.0], [0.0, 0.0], [0.0, 5.0]]
    )
