"""convolve and correlate: every mode, whichever operand is longer."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad
from autodiff.test_util import check_duality


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize("lengths", [(7, 3), (3, 7), (4, 4), (6, 4), (4, 6), (1, 5), (5, 1)])
def test_gradients_equal_those_of_the_matrix(mode: str, lengths: tuple[int, int], rng: Any) -> None:
    a, v = (rng.standard_normal(n) for n in lengths)
    for ours, theirs in ((np.convolve, onp.convolve), (np.correlate, onp.correlate)):
        weights = rng.standard_normal(theirs(a, v, mode).shape)
        gradient = grad(lambda a, v, f=ours, w=weights: np.sum(f(a, v, mode) * w), (0, 1))(a, v)
        columns = [theirs(row, v, mode) @ weights for row in onp.eye(lengths[0])]
        onp.testing.assert_allclose(gradient[0], columns, rtol=1e-12, atol=1e-14)
        columns = [theirs(a, row, mode) @ weights for row in onp.eye(lengths[1])]
        onp.testing.assert_allclose(gradient[1], columns, rtol=1e-12, atol=1e-14)
        check_duality(lambda a, f=ours, v=v: f(a, v, mode), a)


def test_numbers_count_as_arrays_of_one() -> None:
    onp.testing.assert_array_equal(grad(lambda s: np.sum(np.convolve(s, [1.0, 2.0])))(2.0), 3.0)
