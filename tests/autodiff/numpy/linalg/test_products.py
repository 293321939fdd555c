"""numpy.linalg's products, powers and chains."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad
from autodiff.core import make_vjp
from autodiff.test_util import check_grads


def test_every_public_name_of_numpy_is_here() -> None:
    for ours, theirs in (
        (np.linalg, onp.linalg),
        (np.fft, onp.fft),
        (np.random, onp.random),
    ):
        names = {name for name in dir(theirs) if not name.startswith("_")}
        assert {n for n in names if callable(getattr(theirs, n))} <= set(dir(ours))


@pytest.mark.parametrize("n", [1, 2, 3, 7, -1, -3])
def test_powers_of_matrices(n: int, rng: Any) -> None:
    a = rng.standard_normal((2, 3, 3))
    _, value = make_vjp(lambda x: np.linalg.matrix_power(x, n), a)
    onp.testing.assert_allclose(value, onp.linalg.matrix_power(a, n), rtol=1e-10)
    check_grads(lambda x: np.linalg.matrix_power(x, n), order=1)(a)


def test_the_power_zero_is_constant() -> None:
    a = 2 * onp.eye(2)
    assert not grad(lambda x: np.sum(np.linalg.matrix_power(x, 0)) + 0 * x[0, 0])(a).any()


def test_the_rank_is_not_traced() -> None:
    assert grad(lambda x: np.linalg.matrix_rank(x) * np.sum(x))(onp.eye(2)).tolist() == [[2, 2]] * 2


def test_chains_are_multiplied_in_the_cheapest_order(rng: Any) -> None:
    shapes = [(9, 2), (2, 9), (9, 3), (3, 4)]
    chain = [rng.standard_normal(shape) for shape in shapes]
    for arrays in (chain, [chain[0][0], *chain[1:]], [*chain, rng.standard_normal(4)], chain[:2]):
        _, value = make_vjp(lambda xs: np.linalg.multi_dot([*xs]), tuple(arrays))
        onp.testing.assert_allclose(value, onp.linalg.multi_dot(arrays), rtol=1e-12)
    check_grads(lambda a, b: np.linalg.multi_dot([a, b, chain[2]]), (0, 1))(*chain[:2])
    with pytest.raises(ValueError, match="at least two"):
        grad(lambda x: np.sum(np.linalg.multi_dot([x])))(chain[0])


def test_products_that_numpy_has_under_two_names(rng: Any) -> None:
    x, y = rng.standard_normal((2, 3)), rng.standard_normal((2, 3))
    stack = rng.standard_normal((2, 3, 4))
    for name, args, options in (
        ("cross", (x, y), {}),
        ("outer", (x[0], y[1]), {}),
        ("matmul", (x, y.T), {}),
        ("vecdot", (x, y), {"axis": 0}),
        ("tensordot", (x, stack), {"axes": 2}),
        ("trace", (stack,), {"offset": 1}),
        ("diagonal", (stack,), {"offset": -1}),
        ("matrix_transpose", (stack,), {}),
    ):
        fun = lambda *a: getattr(np.linalg, name)(*a, **options)  # noqa: B023, E731
        _, value = make_vjp(lambda a: fun(*a), args)  # noqa: B023
        expected = getattr(onp.linalg, name)(*args, **options)
        onp.testing.assert_allclose(value, expected, rtol=1e-12)
        check_grads(fun, tuple(range(len(args))))(*args)


def test_operands_of_the_wrong_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="one axis each"):
        grad(lambda x: np.sum(np.linalg.outer(x, x)))(onp.ones((2, 2)))
    with pytest.raises(ValueError, match="3 components"):
        grad(lambda x: np.sum(np.linalg.cross(x, x)))(onp.ones((2, 2)))
