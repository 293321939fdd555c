"""Nests of containers as vectors."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, jacobian
from autodiff.misc import flatten
from autodiff.misc.flatten import flatten_func
from autodiff.test_util import check_equivalent, check_grads

NEST = [1.0, {"b": onp.array([[2.0, 3.0]]), "a": (4.0, [])}, onp.zeros((0, 2))]


def test_keys_are_taken_in_sorted_order_and_the_way_back_restores() -> None:
    vector, unflatten = flatten(NEST)
    onp.testing.assert_array_equal(vector, [1, 4, 2, 3])
    check_equivalent(
        unflatten(vector), [1.0, {"b": onp.array([[2.0, 3.0]]), "a": (4.0, [])}, onp.zeros((0, 2))]
    )
    assert list(unflatten(vector)[1]) == ["b", "a"]


def test_both_ways_are_differentiable() -> None:
    _, unflatten = flatten(NEST)
    check_grads(lambda nest: flatten(nest)[0] ** 2)(NEST)
    check_grads(lambda v: np.sum(unflatten(v)[1]["b"] * unflatten(v)[0]))(onp.ones(4))


def test_empty_and_single_values() -> None:
    for empty in ([], (), {}):
        vector, unflatten = flatten(empty)
        assert vector.shape == (0,)
        assert unflatten(vector) == empty
    vector, unflatten = flatten(2.5)
    assert vector.shape == (1,)
    assert unflatten(onp.array([3.0])) == 3.0


def test_a_function_of_a_nest_becomes_one_of_a_vector() -> None:
    def fun(nest: Any, scale: Any) -> Any:
        return [nest["x"] * scale, nest["y"]]

    flat, unflatten, vector = flatten_func(fun, {"x": onp.ones(2), "y": 2.0})
    onp.testing.assert_array_equal(flat(vector, 3.0), [3, 3, 2])
    onp.testing.assert_array_equal(jacobian(flat)(vector, 3.0), onp.diag([3.0, 3.0, 1.0]))
    assert unflatten(vector)["y"] == 2.0


def test_a_long_list_is_flattened_in_linear_time() -> None:
    vector, unflatten = flatten([1.0] * 3000)
    assert unflatten(2 * vector)[-1] == 2.0
    assert grad(lambda entries: np.sum(flatten(entries)[0] ** 2))([0.5] * 3000)[
        17
    ] == pytest.approx(1)
