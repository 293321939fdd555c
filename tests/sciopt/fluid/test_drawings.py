import numpy as np
import pytest
from PIL import Image, ImageFont

from sciopt.errors import TargetError
from sciopt.fluid.drawings import DRAWINGS, draw, draw_text
from sciopt.fluid.drawings import distances as sd

MIRRORED = ["smile", "heart", "star", "sun", "flower", "butterfly", "tree", "snowflake", "peace"]
MIRRORED += ["anchor", "cat", "ghost", "skull"]


def coordinates(cells=400):
    axis = (np.arange(cells) + 0.5) * 2 / cells - 1
    return axis[np.newaxis, :], -axis[:, np.newaxis]


@pytest.mark.parametrize("name", DRAWINGS)
@pytest.mark.parametrize("shape", [(110, 110), (64, 96), (96, 64), (31, 31)])
def test_every_drawing_is_a_density_with_smoke_and_empty_space(name, shape):
    density = draw(name, shape)
    assert density.shape == shape
    assert density.dtype == np.float64
    assert density.min() == 0
    assert density.max() == 1
    square = density.sum() / min(shape) ** 2
    assert 0.15 < square < 0.5


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_drawing_keeps_clear_of_the_border(name):
    density = draw(name, (110, 110))
    rim = np.concatenate(
        [density[:2].ravel(), density[-2:].ravel(), density[:, [0, 1, -2, -1]].ravel()]
    )
    assert rim.max() == 0


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_wider_grid_only_adds_empty_space(name):
    # One part in 1e12: the coordinates of the two grids differ in round-off.
    np.testing.assert_allclose(draw(name, (60, 80))[:, 10:70], draw(name, (60, 60)), atol=1e-12)
    assert draw(name, (60, 80))[:, :10].max() == 0


@pytest.mark.parametrize("name", DRAWINGS)
def test_outlines_are_anti_aliased_to_the_area_that_they_cover(name):
    coarse = draw(name, (50, 50))
    fine = draw(name, (400, 400)).reshape(50, 8, 50, 8).mean(axis=(1, 3))
    # A distance knows the outline's slope in a cell, not its corners.
    assert np.abs(coarse - fine).max() < 0.45
    assert np.abs(coarse - fine).mean() < 0.01


@pytest.mark.parametrize("name", MIRRORED)
def test_symmetric_drawings_are_symmetric(name):
    density = draw(name, (75, 75))
    np.testing.assert_allclose(density, density[:, ::-1], atol=1e-12)


def test_the_smile_is_upright_and_has_two_eyes_and_a_mouth():
    smile = draw("smile", (110, 110))
    assert smile[40, 40] == smile[40, 69] == 0, "eyes in the upper half"
    assert smile[80, 55] == 0, "a mouth in the lower half"
    assert smile[55, 55] == 1
    assert 0.3 < smile.mean() < 0.5


def test_drawings_keep_their_own_share_of_smoke_on_finer_grids():
    for name in DRAWINGS:
        assert draw(name, (220, 220)).mean() == pytest.approx(
            draw(name, (110, 110)).mean(), abs=2e-3
        )


@pytest.mark.parametrize(
    ("shape", "outline"),
    [
        (
            lambda x, y: sd.disc(x, y, 0.5, (0.1, 0.2)),
            lambda t: (0.1 + 0.5 * np.cos(t), 0.2 + 0.5 * np.sin(t)),
        ),
        (lambda x, y: sd.ellipse(x, y, 0.6, 0.2), lambda t: (0.6 * np.cos(t), 0.2 * np.sin(t))),
        (lambda x, y: sd.star(x, y, 5, 0.8, 0.4), lambda t: (0.0 * t, 0.8 + 0.0 * t)),
    ],
)
def test_distances_vanish_on_the_outline(shape, outline):
    x, y = outline(np.linspace(0, 6, 50))
    np.testing.assert_allclose(shape(x, y), 0.0, atol=1e-12)


@pytest.mark.parametrize(
    "shape",
    [
        lambda x, y: sd.ellipse(x, y, 0.6, 0.3, (0.1, 0.0), degrees=30),
        lambda x, y: sd.box(x, y, 0.5, 0.3, degrees=20),
        lambda x, y: sd.stroke(x, y, (-0.5, -0.2), (0.4, 0.3), 0.1),
        lambda x, y: sd.polygon(x, y, [(-0.5, -0.4), (0.6, -0.3), (0.0, 0.7)]),
        lambda x, y: sd.star(x, y, 5, 0.9, 0.4),
        lambda x, y: sd.arc(x, y, 0.6, 70.0, 0.2),
    ],
)
def test_distances_grow_by_one_per_length_across_the_outline(shape):
    x, y = coordinates()
    distance = shape(x, y)
    step = 2 / 400
    slope = np.hypot(*np.gradient(distance, step))[np.abs(distance) < 3 * step]
    assert np.median(slope) == pytest.approx(1, abs=0.03)
    assert np.percentile(slope, 90) < 1.1


def test_a_polygon_is_the_same_whichever_way_round_it_is_given():
    corners = [(-0.5, -0.4), (0.6, -0.3), (0.1, 0.1), (0.0, 0.7)]
    x, y = coordinates(60)
    # The foot of a distance on an edge is found from its other end.
    np.testing.assert_allclose(
        sd.polygon(x, y, corners), sd.polygon(x, y, corners[::-1]), atol=1e-14
    )


def test_turn_goes_anticlockwise():
    assert sd.box(np.array(0.0), np.array(0.4), 0.5, 0.1, degrees=90) < 0
    right, up = sd.turn(np.array(0.0), np.array(1.0), 90)
    assert (right, up) == pytest.approx((1.0, 0.0))


def test_text_fills_the_width_inside_a_margin_and_is_centred():
    density = draw_text("HELLO", (80, 160))
    used = np.flatnonzero(density.max(axis=0))
    assert density.shape == (80, 160)
    assert density.max() == 1
    assert 4 <= used[0] <= 9
    assert abs(used[0] - (159 - used[-1])) <= 1


def test_text_reads_from_left_to_right():
    density = draw_text("LI", (60, 60))
    foot = density[np.flatnonzero(density.max(axis=1))[-2]]
    assert foot[:30].sum() > foot[30:].sum()


def test_text_breaks_lines_where_letters_become_larger():
    two_lines = draw_text("SMOKE RINGS", (110, 110))
    empty_rows = np.flatnonzero(two_lines[20:90].max(axis=1) == 0)
    assert empty_rows.size > 0, "a gap between two lines"
    assert draw_text("SMOKE RINGS", (30, 240))[15].max() == 1, "one line where there is room"


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_blank_text_is_refused(text):
    with pytest.raises(TargetError, match="text:HELLO"):
        draw_text(text, (110, 110))


def test_a_word_too_long_for_the_grid_is_refused_with_both_sizes():
    with pytest.raises(TargetError, match=r"too long for 40x40 cells.*at least 8"):
        draw_text("incomprehensibilities", (40, 40))


def test_an_endless_text_is_refused_at_once():
    with pytest.raises(TargetError, match="at most 100 characters, got 1000000"):
        draw_text("a" * 1_000_000, (110, 110))


def test_letters_that_the_font_lacks_are_named():
    with pytest.raises(TargetError, match="日"):
        draw_text("A日", (110, 110))


def test_a_pillow_without_freetype_is_explained(monkeypatch):
    monkeypatch.setattr(ImageFont, "load_default", lambda size=None: ImageFont.ImageFont())
    with pytest.raises(TargetError, match="FreeType"):
        draw_text("HELLO", (110, 110))


def test_text_does_not_depend_on_the_grids_fineness():
    fine = draw_text("sci", (240, 240))
    shrunk = Image.fromarray(fine.astype(np.float32)).resize((60, 60), Image.Resampling.BOX)
    assert np.abs(np.asarray(shrunk) - draw_text("sci", (60, 60))).mean() < 0.02
