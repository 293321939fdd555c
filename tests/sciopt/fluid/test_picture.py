"""Every kind of file that users have, written by the test itself."""

import struct
import tracemalloc
import warnings
import zlib

import numpy as np
import pytest
from PIL import Image, ImageFile

from sciopt.errors import TargetError
from sciopt.fluid.picture import read_picture

GREY = np.random.default_rng(7).integers(0, 256, (6, 9), dtype=np.uint8)
LEVELS = np.float32(GREY / 255)


def read(path):
    """The brightness and the opacity of a whole picture."""
    picture = read_picture(path)
    _, brightness, opacity = zip(*picture.strips(columns=10), strict=True)
    parts = [np.broadcast_to(o, b.shape) for o, b in zip(opacity, brightness, strict=True)]
    return np.concatenate(brightness), np.concatenate(parts)


def saved(path, image, **options):
    image.save(path, **options)
    return path


def png_header(width, height, depth=8, colour=0):
    """A PNG that claims a size and then has a single byte of pixels."""

    def chunk(kind, data):
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    size = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(b"\0"))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + pixels + chunk(b"IEND", b"")


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "P"])
@pytest.mark.parametrize("suffix", ["png", "tiff"])
def test_an_8_bit_grey_value_is_read_as_its_255th_part_to_the_bit(tmp_path, mode, suffix):
    path = saved(tmp_path / f"grey.{suffix}", Image.fromarray(GREY).convert(mode))
    brightness, opacity = read(path)
    assert (brightness == LEVELS).all()
    assert (opacity == 1).all()


def test_colours_become_the_luma_of_rec_709(tmp_path):
    pure = np.zeros((2, 4, 3), np.uint8)
    pure[:, 0, 0] = pure[:, 1, 1] = pure[:, 2, 2] = 255
    pure[:, 3] = 100, 200, 50
    brightness, _ = read(saved(tmp_path / "colours.png", Image.fromarray(pure)))
    mixed = (0.2126 * 100 + 0.7152 * 200 + 0.0722 * 50) / 255
    np.testing.assert_allclose(
        brightness[0], np.float32([0.2126, 0.7152, 0.0722, mixed]), rtol=1e-7
    )


def test_a_palette_is_looked_up(tmp_path):
    image = Image.new("P", (4, 3))
    image.putpalette([255, 255, 255, 0, 0, 0, 51, 51, 51])
    image.putdata([0, 1, 2, 1] * 3)
    brightness, _ = read(saved(tmp_path / "palette.png", image))
    assert (brightness == np.float32([1.0, 0.0, 0.2, 0.0])).all()


@pytest.mark.parametrize("mode", ["P", "L", "RGB"])
def test_a_transparent_colour_has_no_opacity(tmp_path, mode):
    image = Image.fromarray(np.array([[0, 1, 2]] * 2, dtype=np.uint8))
    image = image.convert(mode) if mode != "P" else image
    if mode == "P":
        image.putpalette([10, 10, 10, 20, 20, 20, 30, 30, 30])
    marked = {"P": 1, "L": 1, "RGB": (1, 1, 1)}[mode]
    path = saved(tmp_path / "hole.png", image, transparency=marked)
    assert (read(path)[1] == [1.0, 0.0, 1.0]).all()


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_opacity_is_the_255th_part_of_alpha(tmp_path, mode):
    image = Image.fromarray(GREY).convert(mode)
    image.putalpha(Image.fromarray(GREY[::-1].copy()))
    brightness, opacity = read(saved(tmp_path / "alpha.png", image))
    assert (brightness == LEVELS).all()
    assert (opacity == GREY[::-1] / 255).all()


def test_one_bit_pixels_are_black_and_white(tmp_path):
    bits = GREY > 127
    brightness, _ = read(saved(tmp_path / "bits.png", Image.fromarray(bits)))
    assert (brightness == bits).all()


@pytest.mark.parametrize("suffix", ["png", "tiff", "pgm"])
def test_16_bit_pixels_keep_all_their_bits(tmp_path, suffix):
    deep = np.random.default_rng(3).integers(0, 2**16, (5, 7), dtype=np.uint16)
    path = tmp_path / f"deep.{suffix}"
    if suffix == "pgm":
        path.write_bytes(b"P5 7 5 65535\n" + deep.astype(">u2").tobytes())
    else:
        Image.fromarray(deep).save(path)
    brightness, _ = read(path)
    assert (brightness == deep / 65535).all()


def test_dim_16_bit_pixels_are_not_stretched(tmp_path):
    deep = np.full((4, 4), 255, np.uint16)
    deep[0] = 0
    assert read(saved(tmp_path / "dim.png", Image.fromarray(deep)))[0].max() == 255 / 65535


def test_32_bit_whole_numbers_are_scaled_by_their_depth(tmp_path):
    deep = np.array([[0, 2**30], [2**31 - 1, 5]], np.int32)
    brightness, _ = read(saved(tmp_path / "deep.tiff", Image.fromarray(deep)))
    np.testing.assert_allclose(brightness, deep / (2**31 - 1), rtol=1e-15)


@pytest.mark.parametrize(("top", "white"), [(1.0, 1.0), (0.5, 1.0), (40.0, 40.0)])
def test_floating_point_pixels_are_taken_as_they_are_unless_brighter_than_one(tmp_path, top, white):
    values = np.array([[0.0, 0.25], [0.5, 1.0]], np.float32) * np.float32(top)
    brightness, _ = read(saved(tmp_path / "float.tiff", Image.fromarray(values)))
    np.testing.assert_allclose(brightness, values / white, rtol=1e-7)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_pixels_that_are_not_finite_are_refused(tmp_path, bad):
    values = np.array([[0.0, 0.25], [0.5, bad]], np.float32)
    path = saved(tmp_path / "float.tiff", Image.fromarray(values))
    if bad == -np.inf:
        assert read(path)[0][1, 1] == 0
    else:
        with pytest.raises(TargetError, match=r"float\.tiff has pixels that are infinite or not"):
            read(path)


def test_cmyk_is_read_as_ink(tmp_path):
    ink = np.zeros((16, 16, 4), np.uint8)
    ink[:, 8:, 3] = 255  # black ink on the right
    brightness, _ = read(
        saved(tmp_path / "ink.tiff", Image.frombytes("CMYK", (16, 16), ink.tobytes()))
    )
    assert brightness[:, :8].min() > 0.99
    assert brightness[:, 8:].max() < 0.01


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_exif_orientation_is_obeyed(tmp_path, orientation):
    upright = Image.fromarray(GREY)
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(undo[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    brightness, _ = read(saved(tmp_path / "turned.png", stored, exif=exif))
    assert (brightness == LEVELS).all()


def test_the_first_frame_of_an_animation_is_read(tmp_path):
    frames = [Image.new("L", (8, 8), 40 * k) for k in range(3)]
    frames[0].paste(200, (0, 0, 4, 8))
    path = saved(tmp_path / "moving.gif", frames[0], save_all=True, append_images=frames[1:])
    assert read_picture(path).frames == 3
    assert (read(path)[0][0] == [np.float32(200 / 255)] * 4 + [0.0] * 4).all()


def test_strips_are_bounded_and_cover_the_picture_once(tmp_path):
    grey = np.random.default_rng(5).integers(0, 256, (1000, 30), dtype=np.uint8)
    picture = read_picture(saved(tmp_path / "tall.png", Image.fromarray(grey)))
    strips = list(picture.strips(columns=100_000))
    assert len(strips) > 10
    assert max(b.shape[0] for _, b, _ in strips) * 100_000 <= 2_000_000
    joined = np.zeros(grey.shape)
    for rows, brightness, _ in strips:
        joined[rows] += brightness
    assert (joined == np.float32(grey / 255)).all()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"hello, this is not a picture\n" * 10, "not an image"),
        (b"\x89PNG\r\n\x1a\n", "not an image"),
    ],
)
def test_a_file_that_is_no_picture_is_refused(tmp_path, content, words):
    path = tmp_path / "fake.png"
    path.write_bytes(content)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(TargetError, match=rf"fake\.png.*{words}"):
            read_picture(path)


@pytest.mark.parametrize("kind", ["png", "jpg", "gif", "tiff", "bmp", "webp"])
@pytest.mark.parametrize("kept", [0.03, 0.4, 0.7])
def test_a_file_cut_off_anywhere_is_refused_in_one_line(tmp_path, kind, kept):
    noise = np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8)
    path = saved(tmp_path / f"cut.{kind}", Image.fromarray(noise))
    path.write_bytes(path.read_bytes()[: int(kept * path.stat().st_size)])
    with pytest.raises(TargetError, match=rf"cut\.{kind}") as caught:
        read_picture(path)
    assert "\n" not in str(caught.value)


def test_a_file_that_may_not_be_read_is_named_with_the_systems_reason(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    path = saved(tmp_path / "secret.png", Image.fromarray(GREY))
    monkeypatch.setattr(Image, "open", refuse)
    with pytest.raises(TargetError, match=r"secret\.png cannot be read: Permission denied\."):
        read_picture(path)


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (50, 1)])
def test_a_picture_of_a_single_pixel_or_line_is_refused(tmp_path, size):
    path = saved(tmp_path / "dot.png", Image.new("L", size))
    with pytest.raises(TargetError, match=rf"{size[0]}x{size[1]} pixels; at least 2x2"):
        read_picture(path)


def test_a_picture_like_a_thread_is_refused(tmp_path):
    path = saved(tmp_path / "thread.png", Image.new("L", (1000, 5)))
    with pytest.raises(TargetError, match="at most 100 times"):
        read_picture(path)


@pytest.mark.parametrize(("colour", "depth"), [(0, 1), (0, 8), (0, 16), (6, 8), (3, 8)])
def test_a_gigantic_picture_is_refused_without_decoding_and_without_warnings(
    tmp_path, monkeypatch, colour, depth
):
    path = tmp_path / "bomb.png"
    path.write_bytes(png_header(30_000, 30_000, depth, colour))
    read_picture(saved(tmp_path / "first.png", Image.fromarray(GREY)))  # load Pillow's plug-ins
    # Pillow allocates the pixels here, out of sight of tracemalloc.
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda self: pytest.fail("decoded"))
    tracemalloc.start()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(TargetError, match=r"30000x30000 pixels, 900 megapixels; at most 100"):
            read_picture(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


def test_the_limit_on_pixels_is_ours_and_pillows_is_put_back(tmp_path, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 20)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read_picture(saved(tmp_path / "fine.png", Image.fromarray(GREY)))
    assert Image.MAX_IMAGE_PIXELS == 20


def test_a_large_jpeg_is_decoded_smaller_instead(tmp_path, monkeypatch):
    monkeypatch.setattr("sciopt.fluid.picture.MOST_PIXELS", 3000)
    ramp = np.tile(np.arange(0, 256, 2, dtype=np.uint8), (128, 1))
    picture = read_picture(saved(tmp_path / "large.jpg", Image.fromarray(ramp), quality=95))
    assert picture.shape == (32, 32)
    (_, brightness, _) = next(picture.strips(columns=32))
    assert np.abs(brightness - ramp[::4, ::4] / 255).max() < 0.04


def test_a_large_progressive_jpeg_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("sciopt.fluid.picture.MOST_PIXELS", 3000)
    path = saved(tmp_path / "large.jpg", Image.new("L", (128, 128)), progressive=True)
    with pytest.raises(TargetError, match="128x128 pixels"):
        read_picture(path)


def test_a_vector_drawing_is_refused_before_another_program_is_started(tmp_path):
    path = saved(tmp_path / "drawing.eps", Image.new("L", (20, 20)))
    with pytest.raises(TargetError, match="save it as PNG"):
        read_picture(path)


def test_reading_leaves_the_file_alone(tmp_path):
    path = saved(tmp_path / "kept.png", Image.fromarray(GREY))
    before = path.read_bytes(), path.stat().st_mtime_ns
    read(path)
    assert before == (path.read_bytes(), path.stat().st_mtime_ns)
