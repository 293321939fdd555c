from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from sciopt.errors import TargetError
from sciopt.fluid.colour import colours_from_file
from sciopt.fluid.target import density_from_file


def saved(tmp_path, pixels, mode=None):
    path = tmp_path / "picture.png"
    Image.fromarray(pixels, mode).save(path)
    return path


def test_colours_come_as_red_green_and_blue_averaged_over_cells(tmp_path, rng):
    pixels = rng.integers(0, 256, (24, 36, 3), dtype=np.uint8)
    found, frames = colours_from_file(saved(tmp_path, pixels), (8, 12))
    expected = pixels.reshape(8, 3, 12, 3, 3).mean(axis=(1, 3)) / 255
    np.testing.assert_allclose(found, np.moveaxis(expected, -1, 0), rtol=0, atol=1e-12)
    assert frames == 1


def test_brightness_is_what_a_grey_target_of_the_same_file_is(tmp_path, rng):
    path = saved(tmp_path, rng.integers(0, 256, (20, 20, 3), dtype=np.uint8))
    red, green, blue = colours_from_file(path, (10, 10))[0]
    grey, _ = density_from_file(path, (10, 10))
    # Rec. 709; grey targets are rounded to single precision.
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    np.testing.assert_allclose(luma, grey, rtol=0, atol=1e-7)


def test_transparent_parts_and_padding_hold_no_smoke(tmp_path):
    pixels = np.full((10, 20, 4), 255, np.uint8)
    pixels[:, :10, 3] = 0
    found, _ = colours_from_file(saved(tmp_path, pixels), (20, 20))
    assert found[:, 10, 5].max() == 0
    np.testing.assert_allclose(found[:, 10, 15], 1)
    assert found[:, 0].max() == found[:, -1].max() == 0


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_grey_files_have_three_equal_colours(tmp_path, dtype):
    ramp = np.linspace(0, np.iinfo(dtype).max, 64).reshape(8, 8).astype(dtype)
    found, _ = colours_from_file(saved(tmp_path, ramp), (8, 8))
    np.testing.assert_array_equal(found[0], found[1])
    np.testing.assert_allclose(found[2], ramp / np.iinfo(dtype).max, rtol=0, atol=1e-12)


def test_a_tall_picture_is_read_in_strips_to_the_same_end(tmp_path, rng, monkeypatch):
    path = saved(tmp_path, rng.integers(0, 256, (60, 30, 3), dtype=np.uint8))
    whole, _ = colours_from_file(path, (20, 10))
    monkeypatch.setattr("sciopt.fluid.picture._STRIP_NUMBERS", 30 * 7)
    strips, _ = colours_from_file(path, (20, 10))
    np.testing.assert_allclose(strips, whole, rtol=0, atol=1e-14)


def test_what_cannot_be_formed_is_refused(tmp_path):
    path = saved(tmp_path, np.full((8, 8, 3), 7, np.uint8))
    with pytest.raises(TargetError, match="the same colour everywhere"):
        colours_from_file(path, (8, 8))
    path = saved(tmp_path, np.arange(243, dtype=np.uint8).reshape(9, 9, 3))
    with pytest.raises(TargetError, match="Choose another size"):
        colours_from_file(path, (4, 4), resample="stride")
