"""Coarse matrices against dense ones: the same energy, for interpolated values."""

from __future__ import annotations

import numpy as np
import pytest
from dense_tori import interpolation_matrix, matrix

from sciopt.fluid.multigrid.coarsening import coarsened, interpolation

SHAPES = [(8, 6), (7, 9), (6, 5), (4, 2), (2, 1), (1, 6), (3, 1)]
CLOSINGS = [(1, 1), (-1, 1), (1, -1)]


def edges(shape: tuple[int, int], open_share: float, rng: np.random.Generator) -> np.ndarray:
    """Random edges along the axes, of which some are closed."""
    w = np.zeros((4, *shape))
    w[:2] = rng.random((2, *shape)) * (rng.random((2, *shape)) < open_share)
    return w


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("closing", CLOSINGS)
@pytest.mark.parametrize("open_share", [1.0, 0.7])
def test_coarse_matrix_is_that_of_interpolated_values(
    shape: tuple[int, int], closing: tuple[int, int], open_share: float, rng: np.random.Generator
) -> None:
    w = edges(shape, open_share, rng)
    for _ in range(2):  # from five points to nine, and from nine to nine
        p = interpolation(w)
        coarse = coarsened(w, p)
        dense = interpolation_matrix(p, w.shape[1:], closing)
        expected = dense.T @ matrix(w, closing) @ dense
        np.testing.assert_allclose(matrix(coarse, closing), expected, rtol=0, atol=1e-12)
        w = coarse


@pytest.mark.parametrize("shape", SHAPES)
def test_a_constant_is_interpolated_to_itself_where_there_is_a_way(
    shape: tuple[int, int], rng: np.random.Generator
) -> None:
    w = edges(shape, 0.6, rng)
    p = interpolation(w)
    constant = interpolation_matrix(p, shape, (1, 1)).sum(axis=1)
    connected = np.diag(matrix(w, (1, 1))) > 0
    np.testing.assert_allclose(constant[connected], 1.0, rtol=0, atol=1e-14)


def test_open_space_is_interpolated_linearly() -> None:
    w = np.zeros((4, 6, 6))
    w[:2] = 0.25
    p = interpolation(w)
    np.testing.assert_array_equal(p[:4], 0.5)
    np.testing.assert_array_equal(p[4:], 0.25)


def test_nothing_is_interpolated_through_a_wall() -> None:
    w = np.zeros((4, 8, 8))
    w[:2] = 0.25
    w[0, 2] = 0  # no way from row 2 to row 3
    p = interpolation(w)
    np.testing.assert_array_equal(p[0, 1], 0.0)
    np.testing.assert_array_equal(p[1, 1], 1.0)
