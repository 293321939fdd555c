from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from autodiff import compiled, grad
from autodiff.test_util import check_grads
from sciopt.fluid.objectives import blur, blurred_mean_square, mean_square


@pytest.mark.parametrize(("periodic", "mode"), [(True, "wrap"), (False, "reflect")])
def test_blur_is_scipys_gaussian_filter(periodic, mode, rng):
    fields = rng.random((2, 18, 31))
    expected = [gaussian_filter(f, 1.7, mode=mode, truncate=9) for f in fields]
    blurred = blur(fields, 1.7, (periodic, periodic))
    np.testing.assert_allclose(blurred, expected, rtol=0, atol=1e-14)


def test_axes_may_differ(rng):
    field = rng.random((14, 10))
    expected = gaussian_filter(field, 2.0, mode=["wrap", "reflect"], truncate=9)
    np.testing.assert_allclose(blur(field, 2.0, (True, False)), expected, rtol=0, atol=1e-14)


def test_width_zero_is_the_plain_mean_square(rng):
    smoke, target = rng.random((2, 1, 8, 8))
    assert blurred_mean_square(smoke, target, 0) == mean_square(smoke, target)


def test_blurring_draws_smoke_to_a_target_that_it_does_not_touch():
    smoke, target = np.zeros((2, 1, 32, 32))
    smoke[0, 4:8, 12:20] = 1
    target[0, 14:18, 12:20] = 1
    nearer = np.roll(smoke, 1, axis=1)
    assert mean_square(nearer, target) == mean_square(smoke, target)
    assert blurred_mean_square(nearer, target, 4) < 0.95 * blurred_mean_square(smoke, target, 4)


def test_gradients_in_both_modes_and_compiled(rng):
    smoke, target = rng.random((2, 2, 6, 7))

    def f(s):
        return blurred_mean_square(s, target, 1.5, (True, False))

    check_grads(f)(smoke)
    np.testing.assert_array_equal(compiled(grad(f))(smoke), grad(f)(smoke))
