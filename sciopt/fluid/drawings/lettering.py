"""A word as a target, set in the font that comes with Pillow."""

import math
import textwrap

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from sciopt.errors import TargetError

LONGEST = 100
"""Most characters of a text; far more than any grid can show."""

SMALLEST = 8.0
"""Least height of the letters in cells; below it their strokes are thinner than a cell."""

_MARGIN = 0.06  # share of the shorter side that stays free all round
_STROKE = 0.03  # each stroke gains this share of the letter size on both sides
_LEADING = 0.15  # space between lines, as a share of the letter size
_PROBE = 200.0  # letter size, in pixels, at which layouts are measured


def draw_text(text: str, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Draw `text` in bold letters, as large as the grid allows, broken at spaces where that helps.

    Args:
        text: at most `LONGEST` characters that the built-in (Latin) font has.
        shape: (nx, ny), rows and columns of cells.
    Returns: density, shape (nx, ny), in [0, 1], 1 inside the letters.
    Raises: TargetError if the text is blank, has characters without a glyph, or is too long for
        the grid.
    """
    words = " ".join(text.split())
    if not words:
        raise TargetError("text: needs a word to draw, for example text:HELLO.")
    if len(words) > LONGEST:
        raise TargetError(f"text: takes at most {LONGEST} characters, got {len(words)}.")
    _require_glyphs(words)
    lines, size = _largest_layout(words, shape)
    if size < SMALLEST:
        raise TargetError(
            f'"{words}" is too long for {shape[0]}x{shape[1]} cells: its letters would be '
            f"{size:.1f} cells high, at least {SMALLEST:g} are needed. "
            "Use a shorter text or a larger grid (--size)."
        )
    return _rasterize(lines, size, shape)


def _font(size: float) -> ImageFont.FreeTypeFont:
    try:
        font = ImageFont.load_default(size)
    except ImportError:
        font = None
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TargetError(
            "text: targets need a Pillow built with FreeType, and this one is not; "
            "install Pillow from PyPI (pip install --force-reinstall pillow)."
        )
    return font


def _require_glyphs(words: str) -> None:
    font = _font(_PROBE)
    missing = _picture_of(font, "\uffff")  # no font has this character: the empty box
    unknown = [letter for letter in dict.fromkeys(words) if _picture_of(font, letter) == missing]
    if unknown:
        raise TargetError(
            f"text: cannot draw {' '.join(unknown)} because the built-in font has Latin letters, "
            "digits and signs only. Use other characters or an image file."
        )


def _picture_of(font: ImageFont.FreeTypeFont, letter: str) -> bytes:
    tile = Image.new("L", (int(2 * _PROBE), int(2 * _PROBE)))
    ImageDraw.Draw(tile).text((0, 0), letter, fill=255, font=font)
    return tile.tobytes()


def _largest_layout(words: str, shape: tuple[int, int]) -> tuple[str, float]:
    """The line breaks that allow the largest letters, and that letter size in cells."""
    layouts = dict.fromkeys(
        "\n".join(textwrap.wrap(words, width, break_long_words=False, break_on_hyphens=False))
        for width in range(1, len(words) + 1)
    )
    return max(((lines, _fitting_size(lines, shape)) for lines in layouts), key=lambda fit: fit[1])


def _fitting_size(lines: str, shape: tuple[int, int]) -> float:
    left, top, right, bottom = _extent(lines, _PROBE)
    free = 2 * _MARGIN * min(shape)
    return _PROBE * min((shape[1] - free) / (right - left), (shape[0] - free) / (bottom - top))


def _extent(lines: str, size: float) -> tuple[float, float, float, float]:
    paper = ImageDraw.Draw(Image.new("L", (1, 1)))
    return paper.multiline_textbbox(
        (0, 0),
        lines,
        font=_font(size),
        spacing=_LEADING * size,
        align="center",
        stroke_width=round(_STROKE * size),
    )


def _rasterize(lines: str, size: float, shape: tuple[int, int]) -> NDArray[np.float64]:
    # Drawn several times finer and averaged, so that letters of a few cells keep their shape.
    finer = max(1, min(8, 4096 // max(shape)))
    nx, ny = shape
    ink = _ink(lines, math.floor(finer * size))
    sheet = Image.new("L", (finer * ny, finer * nx))
    sheet.paste(ink, ((sheet.width - ink.width) // 2, (sheet.height - ink.height) // 2))
    fine = np.asarray(sheet, dtype=np.float64).reshape(nx, finer, ny, finer)
    return np.asarray(fine.mean(axis=(1, 3)) / 255)


def _ink(lines: str, size: float) -> Image.Image:
    """The text without any margin: its measured extent leaves room that no letter fills."""
    left, top, right, bottom = _extent(lines, size)
    sheet = Image.new("L", (math.ceil(right - left) + 2, math.ceil(bottom - top) + 2))
    ImageDraw.Draw(sheet).multiline_text(
        (1 - left, 1 - top),
        lines,
        fill=255,
        font=_font(size),
        spacing=_LEADING * size,
        align="center",
        stroke_width=round(_STROKE * size),
    )
    return sheet.crop(sheet.getbbox())
