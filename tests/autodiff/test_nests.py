"""Nests: taken apart, put together again, and named leaf by leaf."""

from __future__ import annotations

from collections import OrderedDict, namedtuple
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, make_jvp
from autodiff.nests import (
    flatten,
    is_differentiable,
    leaf_type,
    map_leaves,
    nbytes,
    paths,
    unflatten,
)
from autodiff.tracer import isbox

Pair = namedtuple("Pair", "a b")
NESTS: list[Any] = [
    1.0,
    None,
    (),
    [],
    {},
    (1.0, [2.0, {"k": 3.0, "l": ()}]),
    Pair({"x": 1}, (2, None)),
    {"b": 1, "a": [2, 3]},
]


@pytest.mark.parametrize("nest", NESTS, ids=repr)
def test_a_nest_comes_back_from_its_leaves(nest: Any) -> None:
    leaves, structure = flatten(nest)
    back = unflatten(structure, leaves)
    assert back == nest
    assert type(back) is type(nest)
    assert len(paths(structure, "x")) == len(leaves)
    assert map_leaves(lambda leaf: leaf, nest) == nest


def test_leaves_are_named_as_one_writes_them() -> None:
    _, structure = flatten({"w": [1.0, (2.0,)], 3: 4.0})
    assert paths(structure, "state") == ["state['w'][0]", "state['w'][1][0]", "state[3]"]


def test_the_order_of_a_dict_is_kept() -> None:
    leaves, structure = flatten({"b": 1, "a": 2})
    assert leaves == [1, 2]
    assert list(unflatten(structure, leaves)) == ["b", "a"]


def test_traced_containers_are_read_through() -> None:
    def fun(pair: Any) -> Any:
        leaves, _ = flatten(pair)
        assert all(map(isbox, leaves))
        return leaves[0] * leaves[1]

    assert grad(lambda pair: fun(pair))((2.0, {"k": 3.0})) == (3.0, {"k": 2.0})


def test_an_array_that_was_filled_comes_as_its_value() -> None:
    def fun(x: Any) -> Any:
        y = np.zeros(2)
        y[0] = x
        (leaf,), _ = flatten((y,))
        y[1] = x
        return np.sum(leaf)

    assert grad(fun)(1.0) == 1.0


def test_what_has_derivatives_is_told_from_what_has_none() -> None:
    for leaf in (1.0, 1j, onp.float32(1), onp.ones(2), onp.ones(2, onp.complex64)):
        assert is_differentiable(leaf)
    for other in (1, True, None, "x", onp.int64(1), onp.ones(2, int), OrderedDict()):
        assert not is_differentiable(other)


def test_numbers_of_python_and_numpy_are_of_one_type() -> None:
    assert leaf_type(1.0) == leaf_type(onp.float64(2.0)) == leaf_type(onp.array(3.0))
    assert leaf_type(1.0) != leaf_type(onp.float32(1.0))
    assert leaf_type(1) != leaf_type(1.0)
    assert leaf_type("x") != leaf_type(None)


def test_bytes_count_tangents() -> None:
    x = onp.ones(4)
    assert [nbytes(leaf) for leaf in (x, 1.0, 2, None, "x")] == [32, 8, 8, 0, 0]
    seen: list[int] = []

    def fun(x: Any) -> Any:
        seen.append(nbytes(x))
        return x

    make_jvp(fun)(x)(x)
    grad(lambda x: np.sum(fun(x)))(x)
    assert seen == [64, 32]
