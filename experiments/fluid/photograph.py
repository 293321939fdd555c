"""A photograph in colour, painted by a flow: the largest picture of docs/fluid.md.

Commands, the second some ten minutes on two idle cores:

    python -m experiments.fluid.photograph flower photo.png
    sciopt fluid --preset photo --target photo.png --memory "100 MB"
    python -m experiments.fluid.photograph --run RUN [--out FOLDER]

The first writes the middle of `sklearn.datasets.load_sample_image`'s flower.jpg (by vultilion on
Flickr) or china.jpg (by danielbuechele), both CC BY 2.0. The last draws start, end and photograph
side by side from the run's folder; without FOLDER that replaces the picture in docs/images.
Expected: the flower's petals and colours.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from PIL import Image
from sklearn.datasets import load_sample_image

from experiments.fluid.gallery.panels import page, smoke
from experiments.lecture_page import IMAGES
from sciopt.fluid.result import FluidResult
from sciopt.plotting import style
from sciopt.runs import load_result


def write_square(name: str, path: Path) -> None:
    """Write the middle of a photograph, as wide as it is high, as a picture file."""
    pixels = load_sample_image(f"{name}.jpg")
    height, width, _ = pixels.shape
    left = (width - height) // 2
    Image.fromarray(pixels[:, left : left + height]).save(path)


def draw_page(result: FluidResult) -> Figure:
    """Where the smoke begins and where it ends, beside the photograph."""
    panels = [
        smoke("the start: its colours, sorted", np.asarray(result.smoke_initial)),
        smoke(f"after {result.frame_steps[-1]} steps", np.asarray(result.smoke_final)),
        smoke("the photograph", np.asarray(result.targets[-1])),
    ]
    return page(panels, 3)


def _shrink(path: Path, width: int) -> None:
    """Make a picture `width` pixels wide; a photograph's colours want no palette."""
    with Image.open(path) as image:
        height = round(image.height * width / image.width)
        small = image.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
    small.save(path, optimize=True)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("name", nargs="?", default="flower", choices=("flower", "china"))
    parser.add_argument("picture", nargs="?", type=Path, default=Path("photo.png"))
    parser.add_argument("--run", type=Path, metavar="RUN", help="draw what this run found")
    parser.add_argument("--out", type=Path, default=IMAGES, metavar="FOLDER")
    options = parser.parse_args(arguments)
    if options.run is None:
        write_square(options.name, options.picture)
        print(options.picture)
        return
    options.out.mkdir(parents=True, exist_ok=True)
    path = options.out / "fluid-photo.png"
    with style.themed():
        style.save(draw_page(load_result(options.run, FluidResult)), path)
    _shrink(path, 960)
    print(path)


if __name__ == "__main__":
    main()
