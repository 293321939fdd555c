"""Waves between sides: each is multiplied by what differences of neighbours multiply it by."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from sciopt.fluid.physics import transforms
from sciopt.fluid.physics.differences import neighbour_sum
from sciopt.fluid.physics.grid import EVEN, INFLOW, ODD, OPEN_PRESSURE, WRAPPED, Sides

KINDS = (WRAPPED, EVEN, ODD, OPEN_PRESSURE, INFLOW)


@pytest.mark.parametrize("sides", list(product(KINDS, KINDS)))
@pytest.mark.parametrize("shape", [(6, 5), (7, 8)])
def test_filter_by_the_laplacian_is_the_laplacian(
    shape: tuple[int, int], sides: tuple[Sides, Sides], rng: np.random.Generator
) -> None:
    f = rng.standard_normal(shape)
    factors = transforms.compact_laplacian(shape, sides)
    np.testing.assert_allclose(
        transforms.filtered(f, sides, factors), 4 * f - neighbour_sum(f, sides), atol=1e-13
    )
    assert transforms.filtered(f.astype(np.float32), sides, factors.astype(np.float32)).dtype == (
        np.float32
    )


def test_large_fields_are_filtered_by_several_threads_alike(rng: np.random.Generator) -> None:
    f = rng.standard_normal((256, 257))
    factors = transforms.compact_laplacian(f.shape, (EVEN, WRAPPED))
    expected = 4 * f - neighbour_sum(f, (EVEN, WRAPPED))
    np.testing.assert_allclose(
        transforms.filtered(f, (EVEN, WRAPPED), factors), expected, atol=1e-11
    )
