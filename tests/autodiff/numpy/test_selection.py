"""Entries taken by index and condition."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, make_vjp


def test_entries_taken_twice_add_up() -> None:
    x = onp.arange(6.0).reshape(2, 3)
    gradient = grad(lambda x: np.sum(np.take(x, [1, 1, 2], axis=1)))(x)
    onp.testing.assert_array_equal(gradient, [[0, 2, 1]] * 2)
    gradient = grad(lambda x: np.sum(np.take_along_axis(x, onp.array([[0, 0], [2, 1]]), 1)))(x)
    onp.testing.assert_array_equal(gradient, [[2, 0, 0], [0, 1, 1]])


def test_indices_out_of_range_are_an_error_unless_a_mode_says_otherwise() -> None:
    x = onp.arange(3.0)
    with pytest.raises(IndexError):
        grad(lambda x: np.sum(np.take(x, [3])))(x)
    onp.testing.assert_array_equal(
        grad(lambda x: np.sum(np.take(x, [4], mode="wrap")))(x), [0, 1, 0]
    )
    onp.testing.assert_array_equal(
        grad(lambda x: np.sum(np.take(x, [4], mode="clip")))(x), [0, 0, 1]
    )


@pytest.mark.parametrize(("indices", "axis"), [([[1], [0]], 1), ([[0, 1, 0]], 0), ([5, 1], None)])
def test_writing_along_an_axis_is_an_assignment(indices: Any, axis: int | None) -> None:
    places = onp.array(indices)

    def written(xp: Any, x: Any, y: Any) -> Any:
        array = xp.array(x)
        xp.put_along_axis(array, places, y, axis)
        return array

    x, y = onp.arange(6.0).reshape(2, 3), 2.0 * onp.ones(places.shape)
    onp.testing.assert_array_equal(make_vjp(lambda x: written(np, x, y))(x)[1], written(onp, x, y))
    kept, used = grad(lambda *xs: np.sum(written(np, *xs)), (0, 1))(x, y)
    onp.testing.assert_array_equal(kept, written(onp, onp.ones((2, 3)), 0 * y))
    onp.testing.assert_array_equal(used, 1)


def test_writing_traced_values_into_a_plain_array_is_refused_with_a_way_out() -> None:
    with pytest.raises(TypeError, match=r"put_along_axis.*autodiff\.numpy"):
        grad(lambda v: np.put_along_axis(onp.ones(2), onp.array([0]), v, 0))(1.0)


def test_piecewise_functions_see_only_their_own_entries() -> None:
    x = onp.array([-1.0, 0.0, 4.0])
    with onp.errstate(all="raise"):
        gradient = grad(lambda x: np.sum(np.piecewise(x, [x > 0], [np.sqrt, lambda s: 2 * s])))(x)
    onp.testing.assert_array_equal(gradient, [2, 2, 0.25])


def test_a_later_condition_of_piecewise_wins() -> None:
    x = onp.array([1.0, 3.0])
    parts = [lambda s: s, lambda s: 10 * s]
    gradient = grad(lambda x: np.sum(np.piecewise(x, [x > 0, x > 2], parts)))(x)
    onp.testing.assert_array_equal(gradient, [1, 10])
    with pytest.raises(ValueError, match="2 conditions"):
        grad(lambda x: np.sum(np.piecewise(x, [x > 0, x > 2], [np.sin])))(x)


def test_the_first_condition_of_select_wins() -> None:
    x = onp.array([-1.0, 1.0, 3.0])
    gradient = grad(lambda x: np.sum(np.select([x > 2, x > 0], [x**2, 5 * x], -x)))(x)
    onp.testing.assert_array_equal(gradient, [-1, 5, 6])
    with pytest.raises(ValueError, match="as many"):
        grad(lambda x: np.sum(np.select([x > 2], [x, x])))(x)


def test_compress_and_extract_keep_what_the_condition_says() -> None:
    x = onp.arange(6.0).reshape(2, 3)
    gradient = grad(lambda x: np.sum(np.compress([False, True], x, axis=0)))(x)
    onp.testing.assert_array_equal(gradient, [[0, 0, 0], [1, 1, 1]])
    onp.testing.assert_array_equal(grad(lambda x: np.sum(np.extract(x > 3, x)))(x), x > 3)


def test_choose_takes_from_traced_choices() -> None:
    index = onp.array([1, 0, 1])
    gradients = grad(lambda x, y: np.sum(np.choose(index, [x, y]) * [1.0, 2, 4]), (0, 1))(
        onp.ones(3), 5.0
    )
    onp.testing.assert_array_equal(gradients[0], [0, 2, 0])
    assert gradients[1] == 5.0
