"""Matrices along axes against formulas: sums, mirrors, orders of convergence."""

from __future__ import annotations

import numpy as np
import pytest

from sciopt.fluid.axes import (
    along_axes,
    average_matrix,
    blur_matrix,
    difference_matrix,
    refine_matrix,
)


def centres(cells):
    return (np.arange(cells) + 0.5) / cells


@pytest.mark.parametrize("periodic", [True, False])
@pytest.mark.parametrize("width", [0.0, 0.7, 3.0, 40.0])
def test_a_blur_is_symmetric_and_keeps_sums_even_when_wider_than_the_axis(width, periodic):
    matrix = blur_matrix(12, width, periodic)
    np.testing.assert_allclose(matrix, matrix.T, rtol=0, atol=1e-15)
    np.testing.assert_allclose(matrix.sum(axis=0), 1, rtol=0, atol=1e-14)


@pytest.mark.parametrize(
    ("periodic", "parity", "wave"),
    [
        (True, "even", lambda x: np.cos(2 * np.pi * 3 * x) + np.sin(2 * np.pi * 3 * x)),
        (False, "even", lambda x: np.cos(np.pi * 6 * x)),
        (False, "odd", lambda x: np.sin(np.pi * 6 * x)),
    ],
)
def test_a_blur_damps_waves_by_the_gaussians_transform(periodic, parity, wave):
    cells, width = 48, 2.5
    damping = np.exp(-((2 * np.pi * 3 / cells) ** 2) * width**2 / 2)
    f = wave(centres(cells))
    # A sampled Gaussian of this width differs from the continuous one by exp(-2 pi^2 width^2).
    blurred = blur_matrix(cells, width, periodic, parity) @ f
    np.testing.assert_allclose(blurred, damping * f, rtol=0, atol=1e-13)


def test_an_average_counts_cells_by_their_share():
    np.testing.assert_allclose(
        average_matrix(3, 2), [[2 / 3, 1 / 3, 0], [0, 1 / 3, 2 / 3]], rtol=0, atol=1e-15
    )


@pytest.mark.parametrize(("cells", "coarse"), [(110, 32), (32, 32), (9, 3), (7, 1)])
def test_an_average_keeps_the_mean(cells, coarse):
    matrix = average_matrix(cells, coarse)
    np.testing.assert_allclose(matrix.sum(axis=1), 1, rtol=0, atol=1e-13)
    np.testing.assert_allclose(matrix.sum(axis=0), coarse / cells, rtol=0, atol=1e-13)


@pytest.mark.parametrize("ratio", [2, 1.5])
@pytest.mark.parametrize(
    ("periodic", "parity", "wave"),
    [
        (True, "even", lambda x: np.sin(2 * np.pi * x) + np.cos(4 * np.pi * x)),
        (False, "even", lambda x: np.cos(np.pi * x) - np.cos(3 * np.pi * x)),
        (False, "odd", lambda x: np.sin(np.pi * x) + np.sin(2 * np.pi * x)),
    ],
)
def test_refining_smooth_fields_is_of_third_order(ratio, periodic, parity, wave):
    errors = []
    for cells in (32, 64, 128):
        fine = int(cells * ratio)
        refined = refine_matrix(cells, fine, periodic, parity) @ wave(centres(cells))
        errors.append(np.abs(refined - wave(centres(fine))).max())
    # Keys' kernel is of third order; at quarter points, symmetric, the constant is what it is.
    orders = np.log2(np.divide(errors[:-1], errors[1:]))
    assert orders.min() > 2.9


def test_refining_to_the_same_cells_changes_nothing():
    np.testing.assert_array_equal(refine_matrix(9, 9, False), np.eye(9))


def test_central_differences_mirror_at_walls():
    even, odd = difference_matrix(4, False), difference_matrix(4, False, "odd")
    np.testing.assert_array_equal(even[0], [-0.5, 0.5, 0, 0])
    np.testing.assert_array_equal(odd[0], [0.5, 0.5, 0, 0])
    np.testing.assert_array_equal(odd, -even.T, "divergence and gradient are adjoint to another")
    periodic = difference_matrix(4, True)
    np.testing.assert_array_equal(periodic[0], [0, 0.5, 0, -0.5])


def test_fields_keep_their_dtype_and_their_leading_axes(rng):
    fields = rng.standard_normal((3, 2, 6, 5)).astype(np.float32)
    out = along_axes(average_matrix(6, 3), fields, average_matrix(5, 5))
    assert out.dtype == np.float32
    np.testing.assert_allclose(out, fields.reshape(3, 2, 3, 2, 5).mean(3), rtol=1e-6, atol=1e-6)
