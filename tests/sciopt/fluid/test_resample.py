"""Pillow's own resampling, and arithmetic done by hand, are the oracles."""

import numpy as np
import pytest
from PIL import Image

from sciopt.fluid.resample import METHODS, axis_weights

PILLOW = {
    "area": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "lanczos": Image.Resampling.LANCZOS,
    "nearest": Image.Resampling.NEAREST,
}


def resampled(picture, grid, method):
    rows, columns = axis_weights(picture.shape, grid, method)
    return rows @ picture @ columns.T


@pytest.fixture
def rng():
    return np.random.default_rng(2024)


@pytest.mark.parametrize(
    ("method", "shape", "grid"),
    [
        (
            "area",
            (60, 60),
            (20, 20),
        ),  # whole blocks only: else Pillow rounds a cell to whole pixels
        ("bilinear", (37, 74), (11, 22)),
        ("lanczos", (37, 74), (11, 22)),
        ("nearest", (37, 74), (11, 22)),
    ],
)
def test_shrinking_agrees_with_pillow(rng, method, shape, grid):
    picture = rng.random(shape)
    pillows = Image.fromarray(picture.astype(np.float32)).resize(grid[::-1], PILLOW[method])
    # Pillow works in single precision.
    np.testing.assert_allclose(resampled(picture, grid, method), pillows, atol=1e-6)


@pytest.mark.parametrize("method", ["bilinear", "lanczos", "nearest"])
def test_enlarging_agrees_with_pillow(rng, method):
    picture = rng.random((9, 9))
    pillows = Image.fromarray(picture.astype(np.float32)).resize((31, 31), PILLOW[method])
    np.testing.assert_allclose(resampled(picture, (31, 31), method), pillows, atol=1e-6)


def test_area_averages_blocks_exactly(rng):
    picture = rng.integers(0, 256, (12, 20)) / 256
    blocks = picture.reshape(3, 4, 5, 4).mean(axis=(1, 3))
    np.testing.assert_allclose(resampled(picture, (3, 5), "area"), blocks, rtol=1e-15)


def test_area_keeps_the_mean_on_any_grid_of_the_same_aspect(rng):
    picture = rng.random((30, 45))
    for grid in [(14, 21), (26, 39), (62, 93)]:
        assert resampled(picture, grid, "area").mean() == pytest.approx(picture.mean(), rel=1e-12)


def test_stride_picks_the_pixels_of_a_strided_slice(rng):
    picture = rng.random((21, 33))
    assert (resampled(picture, (7, 11), "stride") == picture[::3, ::3]).all()


@pytest.mark.parametrize("grid", [(4, 11), (7, 10), (22, 33), (21, 11)])
def test_stride_refuses_a_grid_that_does_not_divide_the_picture(grid):
    with pytest.raises(ValueError, match="whole multiple"):
        axis_weights((21, 33), grid, "stride")


@pytest.mark.parametrize("method", sorted(set(METHODS) - {"stride"}))
def test_a_wide_picture_is_centred_and_padded_with_nothing(method):
    padded = resampled(np.ones((20, 60)), (20, 20), method)
    beyond = 3 if method == "lanczos" else 6  # lanczos rings over three cells
    assert np.abs(padded[:beyond]).max() == 0
    np.testing.assert_allclose(padded[8:12], 1.0, atol=0.1)
    np.testing.assert_allclose(padded, padded[::-1], atol=1e-14)


def test_padding_by_half_a_pixel_is_shared_by_both_sides():
    rows, _ = axis_weights((3, 4), (4, 4), "area")
    np.testing.assert_allclose(rows.sum(axis=1).ravel(), [[0.5, 1.0, 1.0, 0.5]])


@pytest.mark.parametrize("method", sorted(set(METHODS) - {"stride"}))
def test_a_picture_of_the_grids_size_stays_as_it_is(rng, method):
    picture = rng.random((8, 13))
    np.testing.assert_allclose(resampled(picture, (8, 13), method), picture, atol=1e-15)
