"""Scattered sums that are added in two halves."""

from __future__ import annotations

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import compiled, grad


@pytest.mark.parametrize("shape", [(1, 90, 90), (2, 90, 90), (5, 90, 90), (90, 90), (1, 1, 9000)])
def test_gradient_of_many_gathers_is_that_of_plain_code(
    shape: tuple[int, ...], rng: onp.random.Generator
) -> None:
    nx, ny = shape[-2:]
    i, j = rng.integers(nx, size=(4, nx, ny)), rng.integers(ny, size=(4, nx, ny))
    weights = rng.standard_normal((4, *shape))

    def total(f: onp.ndarray, weights: onp.ndarray, i: onp.ndarray, j: onp.ndarray) -> onp.ndarray:
        return np.sum(sum(weights[k] * f[..., i[k], j[k]] for k in range(4)) ** 2)

    f = rng.standard_normal(shape)
    expected = grad(total)(f, weights, i, j)
    found = compiled(grad(total))(f, weights, i, j)
    # Sums of about four terms, in another order.
    onp.testing.assert_allclose(found, expected, rtol=0, atol=1e-12 * abs(expected).max())
