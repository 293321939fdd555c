"""Cotangents are added in place only into memory of the backward pass itself."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, make_vjp
from autodiff.core import (
    SparseObject,
)
from autodiff.cotangents import add_cotangents
from autodiff.extend import defvjp, primitive
from autodiff.vspace import vspace


def fan_out(x: Any) -> Any:
    """Many cotangents meet at x: handed-on g, broadcast views, sparse ones, fresh ones."""
    y = x + 0.0
    return y + x + y + x[0] + np.sum(x) + x[::-1] + 2.0 * x + x[1] * x + x


def test_cotangents_of_the_caller_are_never_written_to() -> None:
    x = onp.array([1.0, 2.0, 3.0])
    g = onp.array([1.0, 10.0, 100.0])
    g.flags.writeable = False
    x.flags.writeable = False
    vjp, _ = make_vjp(fan_out)(x)
    expected = onp.array(
        [
            [fan_out(x + 1e-6 * e)[k] - fan_out(x - 1e-6 * e)[k] for e in onp.eye(3)]
            for k in range(3)
        ]
    )
    onp.testing.assert_allclose(vjp(g), g @ expected / 2e-6, rtol=1e-8)
    onp.testing.assert_array_equal(g, [1, 10, 100])


@pytest.mark.parametrize(
    "fun",
    [
        lambda x: x + x,
        lambda x: (x + 0.0) + x[0],
        lambda x: x[0] + (x + 0.0),
        lambda x: (x + x) + (x + x),
        lambda x: np.sum(x) + x + x + x,
        lambda x: np.reshape(x, (3, 1))[:, 0] + x + x + x,
        lambda x: x[[0, 0, 1]] + x + x[0] + x,
        lambda x: np.broadcast_to(x, (2, 3)) + x + x + x,
    ],
)
def test_a_read_only_cotangent_is_enough(fun: Any) -> None:
    x = onp.array([1.0, 2.0, 3.0])
    vjp, value = make_vjp(fun)(x)
    writeable = onp.arange(1.0, 1 + value.size).reshape(value.shape)
    read_only = writeable.copy()
    read_only.flags.writeable = False
    onp.testing.assert_array_equal(vjp(read_only), vjp(writeable))
    onp.testing.assert_array_equal(writeable, read_only)


def test_arrays_that_rules_hand_out_are_never_written_to() -> None:
    shared = onp.ones(3)
    shared.flags.writeable = False
    hands_out = primitive(lambda x: x * 1.0)
    defvjp(hands_out, lambda ans, x: lambda g: shared)
    fun = lambda x: np.sum(hands_out(x) + hands_out(x) + hands_out(x) + x)  # noqa: E731
    onp.testing.assert_array_equal(grad(fun)(onp.zeros(3)), [4, 4, 4])


def test_two_gradients_do_not_share_memory() -> None:
    left, right = grad(lambda x, y: np.sum((x + y) * 2.0), (0, 1))(onp.ones(3), onp.ones(3))
    gradient = grad(lambda x: np.sum(x + x + x))(onp.ones(3))
    gradient += 1
    onp.testing.assert_array_equal(left, [2, 2, 2])
    onp.testing.assert_array_equal(right, [2, 2, 2])


def test_cotangents_of_two_precisions_are_added_without_loss() -> None:
    """A rule may return another dtype than its argument's: the sum must not be squeezed into it."""
    odd = primitive(lambda x: x * 1.0)
    defvjp(odd, lambda ans, x: lambda g: g.astype(onp.complex128) * 1j)
    x = onp.ones(2)
    for fun in (lambda x: x + x + x + odd(x), lambda x: odd(x) + x + x + x):  # last, and first
        vjp, _ = make_vjp(fun)(x)
        onp.testing.assert_array_equal(vjp(onp.ones(2)), [3 + 1j, 3 + 1j])


def test_sparse_cotangents_add_up() -> None:
    space = vspace(onp.zeros(3))

    def add_one(dense: Any) -> Any:
        dense[1] += 1
        return dense

    at_one = primitive(lambda x: x[1])
    defvjp(at_one, lambda ans, x: lambda g: SparseObject(space, add_one))
    fun = lambda x: at_one(x) + at_one(x) + np.sum(x) + at_one(x)  # noqa: E731
    onp.testing.assert_array_equal(grad(fun)(onp.zeros(3)), [1, 4, 1])
    assert add_cotangents(onp.ones(2), onp.ones(2)).tolist() == [2, 2]
    assert add_cotangents(1.0, 2.0) == 3.0


@pytest.mark.parametrize("kind", [tuple, list])
def test_containers_are_added_entry_by_entry_not_joined(kind: Any) -> None:
    total = add_cotangents(kind((1.0, onp.ones(2))), kind((10.0, onp.ones(2))))
    assert type(total) is kind
    assert total[0] == 11.0
    onp.testing.assert_array_equal(total[1], [2, 2])
    assert add_cotangents({"a": 1.0}, {"a": 2.0}) == {"a": 3.0}
    gradient = grad(lambda p: p[0] * p[1] + p[0])(kind((2.0, 3.0)))
    assert gradient == kind((4.0, 2.0))
