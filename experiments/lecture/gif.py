"""Figures in a row as an animation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from sciopt.runs import replacing

_DOTS_PER_INCH = 84


def write(frames: Sequence[Figure], path: Path, milliseconds: int, colours: int = 32) -> Path:
    """Write figures as a GIF of so many colours that loops; the last is held three times as long.

    Raises:
        ValueError: the figures are not of one size.
    """
    pictures = [_pixels(figure) for figure in frames]
    if len(sizes := {image.size for image in pictures}) > 1:
        raise ValueError(f"{path.name}: frames of different sizes {sorted(sizes)}")
    seen = [np.asarray(pictures[k]) for k in (0, len(pictures) // 2, -1)]
    together = Image.fromarray(np.vstack(seen))  # one palette for all: nothing flickers
    palette = together.quantize(colours, method=Image.Quantize.MAXCOVERAGE)
    plain = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in pictures]
    pauses = [milliseconds] * (len(plain) - 1) + [3 * milliseconds]
    with replacing(path) as partial:
        plain[0].save(
            partial, format="GIF", save_all=True, append_images=plain[1:], duration=pauses, loop=0
        )
    return path


def _pixels(figure: Figure) -> Image.Image:
    figure.set_dpi(_DOTS_PER_INCH)
    figure.canvas.draw()
    return Image.fromarray(np.asarray(figure.canvas.buffer_rgba())).convert("RGB")  # type: ignore[attr-defined]
