"""Singular values and vectors: every shape of result, equal and zero singular values."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad
from autodiff.test_util import check_duality, check_grads

WEIGHTS = onp.random.default_rng(2).standard_normal((4, 4))
LEFT, RIGHT = (onp.linalg.qr(WEIGHTS + k)[0] for k in (0, 1))
EQUAL = {
    "pair": LEFT @ onp.diag([3.0, 2.0, 1.0, 1.0]) @ RIGHT,
    "orthogonal": LEFT,
    "identity": onp.eye(4),
}
RANK_TWO = LEFT[:, :2] @ onp.diag([2.0, 1.0]) @ RIGHT[:2]


@pytest.mark.parametrize("a", EQUAL.values(), ids=EQUAL)
def test_functions_of_equal_singular_values_have_their_derivative(
    a: Any, by_differences: Any
) -> None:
    for fun in (
        lambda x: np.sum(np.linalg.svdvals(x) ** 3),
        lambda x: np.sum(np.linalg.svd(x)[1] ** 2),
        lambda x: np.linalg.norm(x, "nuc"),
    ):
        onp.testing.assert_allclose(grad(fun)(a), by_differences(fun, a), atol=1e-6)


@pytest.mark.parametrize("a", EQUAL.values(), ids=EQUAL)
def test_the_polar_factor_does_not_see_equal_singular_values(a: Any, by_differences: Any) -> None:
    def fun(x: Any) -> Any:
        u, _, vh = np.linalg.svd(x)
        return np.sum(WEIGHTS * (u @ vh))

    onp.testing.assert_allclose(grad(fun)(a), by_differences(fun, a), atol=1e-7)


def test_squares_of_singular_values_at_a_matrix_that_lost_rank() -> None:
    squares = lambda x: np.sum(np.linalg.svdvals(x) ** 2)  # noqa: E731
    onp.testing.assert_allclose(grad(squares)(RANK_TWO), 2 * RANK_TWO, atol=1e-12)


def test_the_null_space_has_its_derivative(rng: Any, by_differences: Any) -> None:
    tall = rng.standard_normal((4, 2))

    def fun(x: Any) -> Any:
        beyond = np.linalg.svd(x).U[:, 2:]
        return np.sum(WEIGHTS * (beyond @ beyond.T))

    onp.testing.assert_allclose(grad(fun)(tall), by_differences(fun, tall), atol=1e-8)
    wide = lambda x: fun(x.T)  # noqa: E731
    rows = lambda x: np.sum(np.linalg.svd(x).Vh[2:] ** 2 @ WEIGHTS)  # noqa: E731
    onp.testing.assert_allclose(grad(wide)(tall.T), by_differences(wide, tall.T), atol=1e-8)
    assert onp.isfinite(grad(rows)(tall.T)).all()


@pytest.mark.parametrize("shape", [(4, 2), (2, 4), (3, 3), (2, 4, 2), (0, 3), (3, 0)])
@pytest.mark.parametrize("full", [True, False])
def test_both_modes_are_transposes_for_every_shape(
    shape: tuple[int, ...], full: bool, rng: Any
) -> None:
    for a in (rng.standard_normal(shape), rng.standard_normal(shape) + 1j * rng.random(shape)):
        check_duality(lambda x: np.linalg.svd(x, full_matrices=full), a, rtol=1e-9)


def test_hermitian_input_is_read_as_its_lower_triangle(rng: Any) -> None:
    a = rng.standard_normal((3, 3))
    values = lambda x: np.linalg.svd(x, compute_uv=False, hermitian=True)  # noqa: E731
    onp.testing.assert_allclose(
        onp.abs(onp.linalg.eigvalsh(a)).sum(), np.sum(values(a)), rtol=1e-12
    )
    check_grads(values)(a)
