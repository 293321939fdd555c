"""Cholesky and QR factors, in every mode."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad
from autodiff.test_util import check_duality, check_grads


def _complex(rng: Any, *shape: int) -> Any:
    return rng.standard_normal(shape) + 1j * rng.standard_normal(shape)


@pytest.mark.parametrize("shape", [(4, 3), (3, 3), (2, 4), (2, 4, 3)])
@pytest.mark.parametrize("mode", ["reduced", "r"])
def test_qr_has_the_derivative_that_differences_show(
    shape: tuple[int, ...], mode: str, rng: Any
) -> None:
    for a in (rng.standard_normal(shape), _complex(rng, *shape)):
        if mode == "r":
            check_grads(lambda x: np.linalg.qr(x, mode="r"))(a)
        else:
            check_grads(lambda x: np.linalg.qr(x)[0])(a)
            check_grads(lambda x: np.linalg.qr(x)[1])(a)
        onp.testing.assert_allclose(np.linalg.qr(a, "r"), onp.linalg.qr(a, "r"))


@pytest.mark.parametrize("shape", [(4, 2), (2, 4), (2, 4, 2)])
def test_complete_qr_spans_what_the_matrix_does_not(shape: tuple[int, ...], rng: Any) -> None:
    def fun(x: Any) -> Any:
        beyond = np.linalg.qr(x, mode="complete").Q[..., 2:]
        return np.matmul(beyond, np.swapaxes(np.conj(beyond), -1, -2))

    for a in (rng.standard_normal(shape), _complex(rng, *shape)):
        check_grads(fun)(a)
        check_duality(lambda x: np.linalg.qr(x, mode="complete"), a, rtol=1e-10)
        check_grads(lambda x: np.linalg.qr(x, mode="complete").R)(a)


def test_qr_refuses_the_raw_mode() -> None:
    with pytest.raises(NotImplementedError, match="mode='raw'"):
        grad(lambda x: np.sum(np.linalg.qr(x, mode="raw")[0]))(onp.eye(3))


def test_cholesky_shares_the_derivative_between_both_triangles(rng: Any) -> None:
    a = rng.standard_normal((3, 3))
    a = a @ a.T + onp.eye(3)
    gradient = grad(lambda x: np.sum(np.linalg.cholesky(x)))(a)
    onp.testing.assert_allclose(gradient, gradient.T, rtol=1e-12)
    symmetric = rng.standard_normal((3, 3))
    symmetric += symmetric.T
    slope = [onp.linalg.cholesky(a + h * symmetric).sum() for h in (1e-6, -1e-6)]
    assert onp.sum(gradient * symmetric) == pytest.approx((slope[0] - slope[1]) / 2e-6, rel=1e-7)


def test_upper_cholesky_is_the_adjoint_of_the_lower_one(rng: Any) -> None:
    a = _complex(rng, 2, 3, 3)
    gram = lambda x: np.matmul(x, np.swapaxes(np.conj(x), -1, -2)) + onp.eye(3)  # noqa: E731
    onp.testing.assert_allclose(
        np.linalg.cholesky(gram(a), upper=True),
        onp.swapaxes(np.linalg.cholesky(gram(a)).conj(), -1, -2),
        rtol=1e-12,
    )
    check_grads(lambda x: np.linalg.cholesky(gram(x), upper=True))(a)
