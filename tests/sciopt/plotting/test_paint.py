from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from sciopt.plotting import style
from sciopt.plotting.paint import (
    OBSTACLE,
    enlarged,
    picture_size,
    smoke_picture,
    vorticity,
    vorticity_picture,
    with_obstacle,
)


def test_one_dye_has_the_colours_of_all_other_figures(rng):
    density = rng.random((5, 7))
    expected = style.SMOKE(density, bytes=True)[..., :3]
    np.testing.assert_array_equal(smoke_picture(density[None]), expected)


def test_three_dyes_are_the_pictures_own_red_green_and_blue():
    dyes = np.zeros((3, 2, 2))
    dyes[:, 0, 1] = [1.0, 0.5, 0.2]
    dyes[:, 1, 1] = [1.7, -0.3, np.nan]
    picture = smoke_picture(dyes)
    assert picture.shape == (2, 2, 3)
    assert picture[0, 0].tolist() == [0, 0, 0]
    assert picture[0, 1].tolist() == [255, 128, 51]
    assert picture[1, 1].tolist() == [255, 0, 0], "held within what can be shown"


def test_two_dyes_are_told_apart_on_dark_paper():
    dyes = np.array([[[0.0, 1.0, 0.0]], [[0.0, 0.0, 1.0]]])
    none, first, second = smoke_picture(dyes)[0].astype(int)
    paper = np.rint(255 * np.array(to_rgb(style.PAPER)))
    np.testing.assert_array_equal(none, paper)
    assert first[0] > first[2] and second[2] > second[0]  # noqa: PT018


def test_four_dyes_cannot_be_shown():
    with pytest.raises(ValueError, match="one to three dyes can be shown, got 4"):
        smoke_picture(np.zeros((4, 2, 2)))


def test_vorticity_of_a_rigid_rotation_is_twice_its_rate():
    x, y = np.indices((9, 8)).astype(float)
    curl = vorticity(np.stack([-0.1 * (y - 4), 0.1 * (x - 4)]))
    np.testing.assert_allclose(curl, 0.2, rtol=1e-12)


def test_vorticity_is_blue_where_negative_and_dark_where_none():
    negative, none, positive, beyond = vorticity_picture(np.array([[-1.0, 0, 1, 5]]), 1.0)[0]
    assert negative[2] > negative[0]
    assert none.max() < 45
    assert positive[0] > positive[2]
    np.testing.assert_array_equal(beyond, positive)


def test_an_obstacle_hides_what_is_behind_as_far_as_it_is_solid():
    picture = np.full((1, 3, 3), 200, np.uint8)
    free, half, solid = with_obstacle(picture, np.array([[0.0, 0.5, 1.0]]))[0].astype(float)
    grey = np.rint(255 * np.array(to_rgb(OBSTACLE)))
    np.testing.assert_array_equal(free, 200)
    np.testing.assert_array_equal(solid, grey)
    np.testing.assert_allclose(half, (grey + 200) / 2, atol=0.5)


@pytest.mark.parametrize(
    ("shape", "size"), [((110, 110), (440, 440)), ((50, 100), (200, 400)), ((512, 256), (440, 220))]
)
def test_pictures_have_whole_pixels_per_cell_or_are_scaled_down(shape, size):
    assert picture_size(shape, 440) == size
    assert enlarged(np.zeros(shape), size).shape == size
