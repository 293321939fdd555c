"""Products that sum over axes: shapes of every rank, batches, dtypes."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autodiff.numpy as np
from autodiff import grad, make_vjp
from autodiff.test_util import check_duality, check_grads

SETTINGS = settings(derandomize=True, deadline=None, max_examples=80)
side = st.integers(0, 3)


def arrays(*shapes: tuple[int, ...]) -> tuple[Any, ...]:
    rng = onp.random.default_rng(0)
    return tuple(rng.standard_normal(shape) for shape in shapes)


@SETTINGS
@given(st.lists(side, max_size=2), st.lists(side, max_size=2), side)
def test_dot_and_inner_of_any_rank(left: list[int], right: list[int], n: int) -> None:
    right_shape = (*right[:-1], n, *right[-1:])
    a, b = arrays((*left, n), right_shape)
    check_duality(lambda ab: np.dot(*ab), (a, b), rtol=1e-11)
    a, b = arrays((*left, n), (*right, n))
    check_duality(lambda ab: np.inner(*ab), (a, b), rtol=1e-11)


@SETTINGS
@given(
    st.sampled_from(["", "2", "12", "32"]), st.sampled_from(["", "1", "2", "31"]), side, side, side
)
def test_matmul_broadcasts_its_batches(one: str, two: str, i: int, j: int, k: int) -> None:
    batch = [tuple(map(int, text)) for text in (one, two)]
    try:
        onp.broadcast_shapes(*batch)
    except ValueError:
        return
    a, b = arrays((*batch[0], i, j), (*batch[1], j, k))
    check_duality(lambda ab: ab[0] @ ab[1], (a, b), rtol=1e-11)
    a, b = arrays((*batch[0], i, j), (j,))
    check_duality(lambda ab: ab[0] @ ab[1], (a, b), rtol=1e-11)
    check_duality(lambda ab: ab[1] @ np.swapaxes(ab[0], -1, -2), (a, b), rtol=1e-11)


@SETTINGS
@given(st.permutations(range(3)), st.permutations(range(3)), st.integers(0, 3))
def test_tensordot_over_any_axes(order_a: Any, order_b: Any, count: int) -> None:
    sizes = (2, 3, 4)
    axes_a, axes_b = order_a[:count], order_b[:count]
    shape_a, shape_b = [5, 6, 7], [2, 3, 1]
    for k, (p, q) in enumerate(zip(axes_a, axes_b)):
        shape_a[p] = shape_b[q] = sizes[k]
    a, b = arrays(tuple(shape_a), tuple(shape_b))
    axes = ([p - 3 for p in axes_a], list(axes_b))
    check_duality(lambda ab: np.tensordot(*ab, axes), (a, b), rtol=1e-11)
    check_duality(lambda ab: np.tensordot(*ab, axes=axes), (a, b), rtol=1e-11)


@pytest.mark.parametrize(
    "fun",
    [np.dot, np.matmul, np.inner, np.tensordot, lambda a, b: np.einsum("ij,jk->ik", a, b)],
)
def test_mixed_precision_and_mixed_fields(fun: Any) -> None:
    a, b = arrays((3, 3), (3, 3))
    for left, right in ((a.astype("f"), b), (a, b + 1j), (a + 1j * b, b), (a + 1j, b - 1j)):
        vjp, value = make_vjp(lambda a, b, f=fun: f(a, b), (0, 1))(left, right)
        for pulled, operand in zip(vjp(onp.ones_like(value)), (left, right)):
            assert pulled.dtype == operand.dtype
            assert pulled.shape == operand.shape
    check_grads(fun, (0, 1))(a, b + 1j)


def test_products_with_numbers() -> None:
    a = onp.ones((2, 3))
    for fun in (np.dot, np.inner, np.outer):
        check_grads(fun, (0, 1))(2.0, a)
        check_grads(fun, (0, 1))(a, 2.0)
        check_grads(fun, (0, 1))(3.0, 2.0)


def test_matmul_takes_the_options_of_a_ufunc() -> None:
    a, b = arrays((2, 3), (3, 2))
    gradient = grad(lambda a: np.sum(np.matmul(a, b, dtype=onp.float32)))(a)
    onp.testing.assert_allclose(gradient, onp.ones((2, 2)) @ b.T, rtol=1e-6)
    assert gradient.dtype == onp.float64
    with pytest.raises(NotImplementedError, match="axes="):
        grad(lambda a: np.sum(np.matmul(a, b.T, axes=[(0, 1), (1, 0), (0, 1)])))(a)


def test_methods_and_operators() -> None:
    a, b = arrays((2, 3), (3,))
    check_grads(lambda a, b: a.dot(b) + a @ b, (0, 1))(a, b)
    check_grads(lambda b: a @ b + a.dot(onp.ones(3)))(b)
    onp.testing.assert_array_equal(grad(lambda b: np.sum(a @ b))(b), a.sum(0))


def test_einsum_sums_out_indices_of_one_operand() -> None:
    a, b = arrays((2, 3), (3, 4))
    check_grads(lambda a, b: np.einsum("ij,kl->il", a, b), (0, 1))(a, b)
    check_grads(lambda a: np.einsum("ij->", a))(a)
    check_grads(lambda a: np.einsum("ij,i->j", a, onp.ones(2), optimize=True))(a)
