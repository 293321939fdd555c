import os
import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sciopt.errors import TargetError
from sciopt.fluid.drawings import DRAWINGS, draw, draw_text
from sciopt.fluid.target import load_target

GREY = np.random.default_rng(11).integers(0, 256, (40, 40), dtype=np.uint8)


@pytest.fixture(autouse=True)
def empty_folder(tmp_path, monkeypatch):
    """Names are looked up in the current folder first: let it be one that the test fills."""
    monkeypatch.chdir(tmp_path)


def saved(name, pixels, **options):
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    image.save(name, **options)
    return name


def refusal(spec, shape=(20, 20), **options):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(TargetError) as caught:
            load_target(spec, shape, **options)
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 400
    return message


def test_stride_on_a_grey_picture_is_the_slice_divided_by_255_to_the_bit():
    target = load_target(saved("skull.png", GREY), (20, 20), resample="stride")
    assert target.density.dtype == np.float64
    assert target.density.flags.c_contiguous
    assert (target.density == np.float32(GREY[::2, ::2] / 255.0)).all()


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "P"])
def test_stride_is_as_exact_for_grey_pixels_of_other_modes(mode):
    saved("skull.png", Image.fromarray(GREY).convert(mode))
    target = load_target("skull.png", (10, 10), resample="stride")
    assert (target.density == np.float32(GREY[::4, ::4] / 255.0)).all()


def test_stride_on_a_grid_that_does_not_divide_names_both_sizes():
    saved("wide.png", GREY[:30])
    message = refusal("wide.png", (15, 15), resample="stride")
    assert "wide.png has 30 rows and 40 columns, the grid 15 and 15" in message
    assert "resample: area" in message


@pytest.mark.parametrize("resample", ["area", "lanczos", "bilinear", "nearest", "stride"])
@pytest.mark.parametrize("shape", [(20, 20), (10, 10)])
def test_every_way_of_resampling_gives_a_density_of_the_grids_size(resample, shape):
    hard = np.where(GREY > 127, 255, 0).astype(np.uint8)  # makes lanczos overshoot
    density = load_target(saved("a.png", hard), shape, resample=resample).density
    assert density.shape == shape
    assert density.dtype == np.float64
    assert density.min() >= 0
    assert density.max() <= 1
    assert np.ptp(density) > 0.3


def test_area_averages_without_rounding_to_grey_levels():
    density = load_target(saved("a.png", GREY), (10, 10)).density
    blocks = np.float32(GREY / 255).astype(float).reshape(10, 4, 10, 4).mean(axis=(1, 3))
    np.testing.assert_allclose(density, blocks, rtol=1e-14)


def test_a_file_knows_its_name_and_where_it_comes_from():
    Path("pictures").mkdir()
    spec = saved(str(Path("pictures", "My Face.png")), GREY)
    target = load_target(spec, (20, 20))
    assert (target.name, target.source, target.notices) == ("My Face", spec, ())


def test_a_file_in_the_home_folder_is_found(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    saved("face.png", GREY)
    assert load_target("~/face.png", (20, 20)).source == str(tmp_path / "face.png")


def test_invert_makes_the_dark_parts_smoke():
    saved("a.png", GREY)
    bright, dark = (load_target("a.png", (20, 20), invert=i).density for i in (False, True))
    np.testing.assert_allclose(bright + dark, 1.0, atol=1e-14)
    heart = load_target("heart", (20, 20), invert=True)
    assert (heart.density == 1 - draw("heart", (20, 20))).all()


@pytest.mark.parametrize("invert", [False, True])
def test_transparent_parts_are_never_smoke(invert):
    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[:4, :, :3] = 255  # bright above, dark below
    pixels[:, :4, 3] = 255  # opaque on the left
    density = load_target(saved("half.png", pixels), (8, 8), invert=invert).density
    assert density[:, 4:].max() == 0
    assert (density[:4, :4] == (not invert)).all()
    assert (density[4:, :4] == invert).all()


@pytest.mark.parametrize("invert", [False, True])
def test_padding_to_the_grids_aspect_is_never_smoke(invert):
    wide = np.tile(np.repeat(np.array([0, 255], np.uint8), 10), (10, 1))
    density = load_target(saved("wide.png", wide), (20, 20), invert=invert).density
    assert density[:5].max() == density[15:].max() == 0
    assert (density[5:15, :10] == invert).all()
    assert (density[5:15, 10:] == (not invert)).all()


def test_a_tall_picture_on_a_wide_grid_is_centred():
    density = load_target(saved("tall.png", GREY[:, :20]), (20, 40)).density
    assert density[:, :15].max() == density[:, 25:].max() == 0
    assert density[:, 15:25].min() > 0


def test_a_built_in_target_is_drawn_on_the_grid():
    target = load_target("smile", (50, 60))
    assert (target.density == draw("smile", (50, 60))).all()
    assert (target.name, target.source, target.notices) == ("smile", "built-in smile", ())


@pytest.mark.parametrize("spec", ["yin-yang", "Yin_Yang", "YIN YANG"])
def test_built_in_names_may_be_written_freely(spec):
    assert load_target(spec, (20, 20)).name == "yin-yang"


def test_a_missing_file_named_like_a_built_in_target_gives_that_and_says_so():
    target = load_target("smile.png", (20, 20))
    assert target.notices == ("no file smile.png here; using the built-in target smile",)
    assert target.source == "built-in smile"


def test_a_file_comes_before_the_built_in_target_of_its_name():
    saved("smile.png", GREY)
    assert load_target("smile.png", (20, 20)).source == "smile.png"


def test_a_folder_named_like_a_built_in_target_is_not_in_its_way():
    Path("smile").mkdir()
    assert load_target("smile", (20, 20)).source == "built-in smile"


def test_text_is_drawn():
    target = load_target("text:Hello", (40, 80))
    assert (target.density == draw_text("Hello", (40, 80))).all()
    assert (target.name, target.source) == ("Hello", 'built-in text "Hello"')


@pytest.mark.parametrize(
    ("spec", "nearest"), [("smlie", "smile"), ("butterflies.jpg", "butterfly"), ("SUNN", "sun")]
)
def test_a_misspelled_target_gets_the_nearest_name_and_the_list(spec, nearest):
    message = refusal(spec)
    assert spec in message
    assert f"Did you mean {nearest}?" in message
    assert all(name in message for name in DRAWINGS)


def test_a_misspelled_file_gets_the_nearest_file():
    saved("portrait.png", GREY)
    assert "Did you mean portrait.png?" in refusal("potrait.png")


def test_an_unheard_of_name_gets_no_guess():
    assert "Did you mean" not in refusal("qqqqqqqq.png")


@pytest.mark.parametrize(
    "spec", ["", "  ", "\0", "x" * 100_000, "smile.png/inside", "~nobody-of-that-name/x"]
)
def test_names_that_no_file_can_have_are_refused_in_few_words(spec):
    refusal(spec)


def test_a_folder_is_refused(tmp_path):
    assert "is a folder" in refusal(str(tmp_path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are a thing of Unix")
def test_a_pipe_is_refused_without_waiting_for_it():
    os.mkfifo("pipe.png")
    assert "not a regular file" in refusal("pipe.png")


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs symbolic links")
def test_a_symbolic_link_to_itself_is_refused():
    Path("loop.png").symlink_to("loop.png")
    assert "loop.png cannot be read" in refusal("loop.png")


def test_a_broken_file_is_refused_in_words():
    Path("broken.png").write_text("not a picture")
    assert "broken.png is not an image" in refusal("broken.png")


def test_text_without_a_word_is_refused():
    assert "text:HELLO" in refusal("text:")


@pytest.mark.parametrize("level", [0, 100, 255])
@pytest.mark.parametrize("invert", [False, True])
def test_a_blank_picture_is_refused(level, invert):
    saved("blank.png", np.full((30, 60), level, np.uint8))
    assert "same colour everywhere" in refusal("blank.png", invert=invert)


def black_on_transparent():
    pixels = np.zeros((20, 20, 4), np.uint8)
    pixels[5:15, 5:15, 3] = 255
    return pixels


def test_a_black_drawing_on_transparent_ground_gets_the_hint_to_invert():
    saved("icon.png", black_on_transparent())
    assert "use --invert" in refusal("icon.png")
    assert load_target("icon.png", (20, 20), invert=True).density.mean() == 0.25


def test_a_white_drawing_on_transparent_ground_gets_the_hint_not_to_invert():
    pixels = black_on_transparent()
    pixels[..., :3] = 255
    assert "leave out --invert" in refusal(saved("icon.png", pixels), invert=True)


def test_a_target_that_is_even_on_the_grid_is_refused():
    checkers = (255 * (np.indices((40, 40)).sum(axis=0) % 2)).astype(np.uint8)
    message = refusal(saved("fine.png", checkers), (20, 20))
    assert "density 0.50 everywhere" in message
    assert "--invert" not in message


def test_a_mostly_bright_picture_gets_a_hint():
    page = np.full((40, 40), 255, np.uint8)
    page[10:20] = 0
    (notice,) = load_target(saved("page.png", page), (20, 20)).notices
    assert "page.png is mostly bright: 75%" in notice
    assert "--invert" in notice
    assert load_target("page.png", (20, 20), invert=True).notices == ()


def test_an_animation_gives_its_first_frame_and_a_notice():
    frames = [Image.fromarray(GREY), Image.fromarray(GREY[::-1].copy())]
    saved("moving.gif", frames[0], save_all=True, append_images=frames[1:])
    target = load_target("moving.gif", (40, 40))
    assert target.notices == ("moving.gif has 2 frames; the first one is the target",)
    assert (target.density == np.float32(GREY / 255)).all()


def test_a_large_picture_passes_through_in_strips():
    ramp = np.tile(np.linspace(0, 255, 2500).astype(np.uint8), (2500, 1))
    density = load_target(saved("large.png", ramp), (50, 50)).density
    np.testing.assert_allclose(density, ramp.reshape(50, 50, 50, 50).mean((1, 3)) / 255, rtol=1e-7)
