"""Decode an image file of any kind into brightness and opacity, within bounded memory.

Pillow decodes; the arithmetic after it is float64. A picture is handed out in strips of rows, so
that a large one never exists as floating-point numbers as a whole.
"""

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from sciopt.errors import TargetError

MEGAPIXEL = 1_000_000
MOST_PIXELS = 100 * MEGAPIXEL
"""Larger pictures are refused before they are decoded (JPEG files are decoded smaller instead)."""

SHORTEST_SIDE = 2
"""Least pixels per side."""

LARGEST_ASPECT = 100
"""Most times that one side may be as long as the other; nothing would be left of the short one."""

Strip = NDArray[np.float64]

_STRIP_NUMBERS = 2 * MEGAPIXEL
_VECTOR_FORMATS = ("EPS", "WMF", "EMF")  # Pillow would start another program to draw these
_BITS_PER_SAMPLE, _SAMPLE_FORMAT, _SIGNED = 258, 339, 2  # TIFF tags and a value of the second
_UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    LookupError,
    TypeError,
    EOFError,
    RuntimeError,
    OverflowError,
    struct.error,
    zlib.error,
)  # what Pillow's decoders raise on damaged files


@dataclass(frozen=True)
class Picture:
    """A decoded picture, upright.

    Attributes:
        path: where it was read from.
        image: the first frame.
        white: the pixel value that is full brightness.
        frames: how many frames the file has.
    """

    path: Path
    image: Image.Image
    white: float
    frames: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of pixels."""
        return self.image.height, self.image.width

    @property
    def is_blank(self) -> bool:
        """Whether all pixels are the same."""
        extrema = self.image.getextrema()
        per_band = extrema if isinstance(extrema[0], tuple) else (extrema,)
        return all(low == high for low, high in per_band)

    def strips(self, columns: int) -> Iterator[tuple[slice, Strip, Strip | float]]:
        """Yield (rows, brightness, opacity) from top to bottom, both in [0, 1].

        Brightness is the grey value, or for colours the luma of ITU-R Rec. 709,
        0.2126 R + 0.7152 G + 0.0722 B of the stored values; an 8-bit grey value v is v / 255,
        rounded to single precision. `columns` is the width that the caller will stretch a strip to,
        which bounds the rows of one strip.

        Raises: TargetError if a floating-point picture contains infinity or NaN.
        """
        for rows, strip in self._crops(columns):
            brightness, opacity = _brightness_and_opacity(strip, self.white)
            yield rows, self._finite(brightness), opacity

    def colour_strips(self, columns: int) -> Iterator[tuple[slice, Strip, Strip | float]]:
        """As `strips`, with red, green and blue in place of brightness, shape (3, rows, width).

        A grey picture has three equal colours.
        """
        for rows, strip in self._crops(3 * columns):
            colours, opacity = _colours_and_opacity(strip, self.white)
            yield rows, self._finite(colours), opacity

    def _crops(self, columns: int) -> Iterator[tuple[slice, Image.Image]]:
        rows, width = self.shape
        height = max(1, _STRIP_NUMBERS // max(width, columns))
        for first in range(0, rows, height):
            last = min(first + height, rows)
            yield slice(first, last), self.image.crop((0, first, width, last))

    def _finite(self, values: Strip) -> Strip:
        if not np.isfinite(values).all():
            raise TargetError(f"{self.path} has pixels that are infinite or not a number.")
        return values


def read_picture(path: Path) -> Picture:
    """Decode the image file at `path`, turned upright by its EXIF orientation.

    Raises: TargetError if the file is empty, damaged, no picture, too large, too small or too
        narrow; the message says which.
    """
    try:
        if path.stat().st_size == 0:
            raise TargetError(f"{path} is empty (0 bytes); an image file is expected.")
        with _own_limits(), Image.open(path) as image:
            _require_decodable(path, image)
            white = _full_brightness(image)
            frames = 1 if image.format == "MPO" else getattr(image, "n_frames", 1)
            image.seek(0)
            image.load()
            ImageOps.exif_transpose(image, in_place=True)
            return Picture(path, image, white, frames)
    except UnidentifiedImageError:
        raise TargetError(
            f"{path} is not an image that can be read; PNG, JPEG, GIF, TIFF, BMP or WebP expected."
        ) from None
    except _UNREADABLE as error:
        reason = getattr(error, "strerror", None) or f"it is damaged or incomplete ({error})"
        raise TargetError(f"{path} cannot be read: {reason}.") from error


@contextmanager
def _own_limits() -> Iterator[None]:
    """Replace Pillow's limit on pixels by ours, and keep its warnings from the user."""
    pillows_limit = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        Image.MAX_IMAGE_PIXELS = pillows_limit


def _require_decodable(path: Path, image: ImageFile.ImageFile) -> None:
    if image.format in _VECTOR_FORMATS:
        raise TargetError(f"{path} is a vector drawing; save it as PNG and use that.")
    width, height = image.size
    size = f"{width}x{height} pixels"
    if min(width, height) < SHORTEST_SIDE:
        raise TargetError(
            f"{path} has {size}; at least {SHORTEST_SIDE}x{SHORTEST_SIDE} are needed."
        )
    if max(width, height) > LARGEST_ASPECT * min(width, height):
        raise TargetError(
            f"{path} has {size}; one side may be at most {LARGEST_ASPECT} times the other."
        )
    _shrink_while_decoding(image)
    if image.width * image.height > MOST_PIXELS:
        raise TargetError(
            f"{path} has {size}, {width * height / MEGAPIXEL:.0f} megapixels; at most "
            f"{MOST_PIXELS // MEGAPIXEL} are read. Scale it down first."
        )


def _shrink_while_decoding(image: ImageFile.ImageFile) -> None:
    """Let a too large JPEG be decoded at 1/2, 1/4 or 1/8, which needs no memory for the whole."""
    # A progressive JPEG is held as a whole all the same, in coefficients.
    if image.format != "JPEG" or "progressive" in image.info:
        return
    width, height = image.size
    for k in (1, 2, 4, 8):
        if (width // k) * (height // k) <= MOST_PIXELS:
            if k > 1:
                image.draft(image.mode, (width // k, height // k))
            return


def _full_brightness(image: ImageFile.ImageFile) -> float:
    """The pixel value that stands for white, by the file's bit depth."""
    if image.mode == "F":  # no depth to go by: 0..1, or up to the brightest pixel
        image.load()
        return max(1.0, float(np.max(np.asarray(image.getextrema(), dtype=np.float64))))
    if not image.mode.startswith("I"):
        return 255.0
    tags = getattr(image, "tag_v2", {})
    bits = int(tags.get(_BITS_PER_SAMPLE, (16,))[0])
    signed = _SIGNED in tuple(tags.get(_SAMPLE_FORMAT, ()))
    return float(2 ** (bits - 1 if signed else bits) - 1)


def _brightness_and_opacity(strip: Image.Image, white: float) -> tuple[Strip, Strip | float]:
    if strip.mode.startswith("I") or strip.mode == "F":
        return _deep_grey(strip, white), 1.0
    transparent = "transparency" in strip.info or strip.mode in ("LA", "La", "PA", "RGBA", "RGBa")
    grey = strip.mode in ("1", "L", "LA", "La")
    if transparent:
        pixels = np.asarray(strip.convert("LA" if grey else "RGBA"))
        return _luma(pixels[..., :-1]), pixels[..., -1] / 255
    pixels = np.asarray(strip.convert("L" if grey else "RGB"))
    return _luma(pixels if pixels.ndim == 3 else pixels[..., np.newaxis]), 1.0


def _colours_and_opacity(strip: Image.Image, white: float) -> tuple[Strip, Strip | float]:
    if strip.mode.startswith("I") or strip.mode == "F":
        return np.stack(3 * [_deep_grey(strip, white)]), 1.0
    pixels = np.asarray(strip.convert("RGBA"))
    return np.moveaxis(pixels[..., :3] / 255, -1, 0), pixels[..., 3] / 255


def _luma(pixels: NDArray[np.uint8]) -> Strip:
    """Brightness of 8-bit pixels, shape (rows, columns, 1 or 3)."""
    if pixels.shape[-1] == 1:
        return _single(pixels[..., 0] / 255)
    # In whole numbers up to the division, so that R = G = B = v gives what the grey v gives.
    weighted = pixels.astype(np.int32) @ np.array([2126, 7152, 722], dtype=np.int32)
    return _single(weighted / (10_000 * 255))


def _single(levels: Strip) -> Strip:
    """Levels with the precision that Matplotlib's imread gives them.

    The figures that the lecture's example is known by were measured so, and are kept to 1e-12.
    """
    return levels.astype(np.float32).astype(np.float64)


def _deep_grey(strip: Image.Image, white: float) -> Strip:
    values = np.asarray(strip)
    if values.dtype == np.int32 and white > np.iinfo(np.int32).max:
        values = values.view(np.uint32)  # Pillow keeps unsigned 32-bit pixels in signed numbers
    with np.errstate(invalid="ignore"):  # infinity / infinity: the caller looks for NaN
        return np.clip(np.asarray(values / white, dtype=np.float64), 0.0, 1.0)
