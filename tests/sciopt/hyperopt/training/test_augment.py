from __future__ import annotations

import numpy as np
import pytest

from sciopt.hyperopt.training.augment import augmented, normals


def test_whole_pixels_are_moved_and_zeros_come_in() -> None:
    images = np.random.default_rng(1).random((1, 6, 6))
    drawn = normals(3, 0, 1, float)
    down, right = drawn[:2, 0]
    only_down = 2.0 / down  # two pixels down; as many columns as the other draw says
    moved = augmented(images, {"shift": only_down}, drawn)[0]
    columns = only_down * right
    whole = int(np.floor(columns))
    u = columns - whole
    wide = np.pad(images[0], ((2, 0), (20, 20)))[:6]  # two rows down
    left = np.roll(wide, whole, axis=1)[:, 20:26]
    further = np.roll(wide, whole + 1, axis=1)[:, 20:26]
    np.testing.assert_allclose(moved, (1 - u) * left + u * further, rtol=1e-9, atol=1e-12)


def test_a_quarter_turn_is_exact() -> None:
    images = np.random.default_rng(1).random((1, 5, 5))
    drawn = normals(3, 0, 1, float)
    turned = augmented(images, {"rotation": 90.0 / drawn[2, 0]}, drawn)[0]
    candidates = [np.rot90(images[0], k) for k in (1, -1)]
    assert min(abs(turned - c).max() for c in candidates) < 1e-12


def test_contrast_multiplies_each_image() -> None:
    images = np.random.default_rng(1).random((3, 4, 4))
    drawn = normals(3, 5, 3, float)
    factors = np.exp(0.3 * drawn[3])
    expected = images * factors[:, None, None]
    np.testing.assert_allclose(augmented(images, {"contrast": 0.3}, drawn), expected, rtol=1e-14)


def test_normals_depend_on_seed_and_step_only() -> None:
    expected = np.random.default_rng([3, 2, 5]).standard_normal((4, 7))
    np.testing.assert_array_equal(normals(3, 5, 7, float), expected)
    np.testing.assert_array_equal(normals(3, 5, 7, "float32"), expected.astype(np.float32))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_images_keep_their_dtype(dtype: type) -> None:
    images = np.random.default_rng(1).random((3, 4, 4)).astype(dtype)
    hyper = {"shift": dtype(1.0), "rotation": dtype(5.0), "contrast": dtype(0.1)}
    assert augmented(images, hyper, normals(3, 0, 3, dtype)).dtype == dtype
