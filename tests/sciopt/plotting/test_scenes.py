from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from sciopt.plotting.paint import OBSTACLE, smoke_picture
from sciopt.plotting.scenes import Scene, pictures, write_animation


def smoke_of(dyes=1, frames=2, shape=(20, 30)):
    smoke = np.zeros((frames, dyes, *shape))
    smoke[:, 0, 5:15, 5:15] = 1
    return smoke


def stream(frames=2, shape=(20, 30)):
    velocity = np.zeros((frames, 2, *shape))
    velocity[:, 1] = 1.0
    return velocity


def grey():
    return np.array([int(OBSTACLE[k : k + 2], 16) for k in (1, 3, 5)])


def test_smoke_is_enlarged_and_coloured():
    first, second = pictures(Scene(smoke_of()), long_side=120)
    assert first.shape == (80, 120, 3)
    np.testing.assert_array_equal(first, second)
    bright, dark = smoke_picture(np.array([[[1.0, 0.0]]]))[0]
    np.testing.assert_array_equal(first[40, 40], bright)
    np.testing.assert_array_equal(first[40, 100], dark)


def test_bytes_and_numbers_give_the_same_pictures(rng):
    levels = rng.integers(0, 256, (1, 3, 8, 8), dtype=np.uint8)
    (from_bytes,) = pictures(Scene(levels), 40)
    (from_numbers,) = pictures(Scene(levels / 255), 40)
    np.testing.assert_array_equal(from_bytes, from_numbers)


def test_obstacles_are_drawn_and_may_move():
    solid = np.zeros((2, 20, 30))
    solid[0, 12:18, 20:28] = 1
    first, second = pictures(Scene(smoke_of(), occlusion=solid), 120)
    np.testing.assert_array_equal(first[60, 96], grey())
    assert (second[60, 96] != grey()).any()
    (still, _) = pictures(Scene(smoke_of(), occlusion=solid[0]), 120)
    np.testing.assert_array_equal(still, first)


@pytest.mark.parametrize("overlay", ["arrows", "streamlines"])
def test_velocity_is_drawn_on_top_in_the_flows_direction(overlay):
    plain = next(pictures(Scene(smoke_of()), 300))
    drawn = next(pictures(Scene(smoke_of(), stream(), overlay=overlay), 300))
    assert drawn.shape == plain.shape
    changed = (drawn.astype(int) - plain).any(axis=-1)
    assert 0.005 < changed.mean() < 0.8
    # A stream along y is drawn along rows: some rows are full of ink and some empty.
    assert changed.mean(axis=1).max() > 0.8
    assert changed.mean(axis=1).min() == 0
    assert np.median(changed.mean(axis=0)) < 0.8


def test_still_air_has_no_streamlines():
    still = np.zeros((1, 2, 20, 30))
    drawn = next(pictures(Scene(smoke_of(frames=1), still, overlay="streamlines"), 120))
    np.testing.assert_array_equal(drawn, next(pictures(Scene(smoke_of(frames=1)), 120)))


def test_vorticity_takes_the_place_of_smoke():
    shear = np.zeros((1, 2, 20, 30))
    shear[0, 1] = -np.minimum(np.arange(20), 9)[:, None]  # dv_y/dx < 0 above, then none
    picture = next(pictures(Scene(smoke_of(frames=1), shear, show="vorticity"), 60))
    assert picture[6, 30, 2] > 150, "blue"
    assert picture[6, 30, 2] > picture[6, 30, 0] + 50
    assert picture[35, 30].max() < 60, "dark"


@pytest.mark.parametrize("wish", [{"show": "vorticity"}, {"overlay": "arrows"}])
def test_what_needs_a_velocity_says_so(wish):
    with pytest.raises(ValueError, match=f"{next(iter(wish.values()))}: the frames hold no"):
        Scene(smoke_of(), **wish)


def test_an_animation_in_colours_has_every_frame_in_one_palette(tmp_path, rng):
    smoke = np.clip(np.cumsum(rng.random((5, 3, 12, 12)), axis=0) / 4, 0, 1)
    (path,) = write_animation(Scene(smoke), tmp_path / "a.gif", tmp_path / "a.mp4", fps=20)
    expected = list(pictures(Scene(smoke)))
    with Image.open(path) as gif:
        assert gif.n_frames == 5
        assert gif.info["loop"] == 0
        errors = []
        for index, picture in enumerate(expected):
            gif.seek(index)
            errors.append(np.abs(np.asarray(gif.convert("RGB")).astype(int) - picture).mean())
    # 255 colours for five pictures of noise: measured 6.4 of 255 levels.
    assert np.mean(errors) < 8
