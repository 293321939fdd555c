"""Systems of equations: vectors, matrices, stacks, rectangular systems, tensors."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad
from autodiff.core import make_vjp
from autodiff.extend import getval
from autodiff.test_util import check_grads


@pytest.mark.parametrize(
    ("a_shape", "b_shape"),
    [
        ((3, 3), (3,)),
        ((3, 3), (3, 2)),
        ((2, 3, 3), (3,)),
        ((2, 3, 3), (3, 1)),
        ((3, 3), (2, 3, 1)),
        ((2, 1, 3, 3), (4, 3, 2)),
        ((0, 0), (0, 2)),
    ],
)
def test_solve_reads_its_right_hand_side_as_numpy_does(
    a_shape: tuple[int, ...], b_shape: tuple[int, ...], rng: Any
) -> None:
    a, b = rng.standard_normal(a_shape), rng.standard_normal(b_shape)
    _, value = make_vjp(lambda ab: np.linalg.solve(*ab), (a, b))
    onp.testing.assert_allclose(value, onp.linalg.solve(a, b), rtol=1e-12)
    check_grads(np.linalg.solve, (0, 1))(a, b)
    check_grads(np.linalg.solve, (0, 1))(a + 1j, b)


def test_keyword_operands_are_traced() -> None:
    gradient = grad(lambda b: np.sum(np.linalg.solve(2 * onp.eye(2), b=b)))(onp.ones(2))
    assert gradient.tolist() == [0.5, 0.5]


def test_mixed_precision_keeps_each_operands_dtype(rng: Any) -> None:
    a, b = rng.standard_normal((3, 3)).astype("f"), rng.standard_normal((3, 1))
    vjp, value = make_vjp(lambda ab: np.linalg.solve(*ab), (a, b))
    assert [g.dtype for g in vjp(onp.ones_like(value))] == [onp.float32, onp.float64]


@pytest.mark.parametrize("shape", [(4, 3), (3, 4), (2, 3, 3), (2, 4, 2)])
def test_pinv_of_full_rank(shape: tuple[int, ...], rng: Any) -> None:
    check_grads(np.linalg.pinv)(rng.standard_normal(shape))
    check_grads(np.linalg.pinv)(rng.standard_normal(shape) + 1j * rng.standard_normal(shape))


def test_pinv_along_changes_that_keep_the_rank(rng: Any) -> None:
    left, right = rng.standard_normal((4, 2)), rng.standard_normal((2, 3))
    check_grads(lambda u, v: np.linalg.pinv(u @ v, rcond=1e-10), (0, 1))(left, right)


def test_pinv_of_a_hermitian_matrix(rng: Any) -> None:
    check_grads(lambda x: np.linalg.pinv(x, hermitian=True))(rng.standard_normal((3, 3)))


@pytest.mark.parametrize(("m", "n"), [(5, 3), (3, 5), (3, 3)])
@pytest.mark.parametrize("columns", [(), (2,)])
def test_lstsq_gives_what_numpys_does(m: int, n: int, columns: tuple[int, ...], rng: Any) -> None:
    a, b = rng.standard_normal((m, n)), rng.standard_normal((m, *columns))
    expected = onp.linalg.lstsq(a, b)
    plain: list[Any] = []

    def fun(a: Any, b: Any) -> Any:
        plain[:] = map(getval, np.linalg.lstsq(a, b))
        return np.linalg.lstsq(a, b)[0]

    make_vjp(lambda ab: fun(*ab), (a, b))
    for got, wanted in zip(plain, expected):
        onp.testing.assert_allclose(got, wanted, rtol=1e-10)
    check_grads(fun, (0, 1))(a, b)
    check_grads(lambda a: np.linalg.lstsq(a, b)[3])(a)


def test_lstsq_residuals_are_differentiable(rng: Any) -> None:
    a, b = rng.standard_normal((5, 2)), rng.standard_normal((5, 3))
    check_grads(lambda a, b: np.linalg.lstsq(a, b)[1], (0, 1))(a, b)
    check_grads(lambda a, b: np.linalg.lstsq(a, b)[1], (0, 1))(a, b[:, 0] + 1j)


def test_tensor_equations(rng: Any) -> None:
    a, b = rng.standard_normal((2, 3, 6)), rng.standard_normal((2, 3))
    check_grads(np.linalg.tensorsolve, (0, 1))(a, b)
    moved = onp.moveaxis(a, 2, 0)
    check_grads(lambda a, b: np.linalg.tensorsolve(a, b, axes=(0,)), (0, 1))(moved, b)
    check_grads(np.linalg.tensorinv)(a)
    check_grads(lambda x: np.linalg.tensorinv(x, ind=1))(moved)
    with pytest.raises(ValueError, match="ind must be positive"):
        grad(lambda x: np.sum(np.linalg.tensorinv(x, 0)))(a)
