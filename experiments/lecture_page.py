"""The pictures of docs/lecture.md: every demo is run and its picture made small.

Command: ``python -m experiments.lecture_page [NAME ...] [--out FOLDER]``, a minute for all; without
FOLDER the pictures replace those in docs/images. Expected: files under 150 kB.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from PIL import Image

from experiments.lecture import DEMOS
from experiments.lecture.running import run

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"

_WIDTH = 1100  # pixels; a page shows less
_NARROWER = {"graph": 620, "tanh": 800, "fluid": 640}


def make(name: str, folder: Path) -> Path:
    """Run a demo and write its picture into `folder`."""
    with tempfile.TemporaryDirectory() as scratch:
        for line in run(name, Path(scratch)):
            print(line)
        if name == "backward":  # seen best in motion
            target = folder / f"lecture-{name}.gif"
            shutil.copyfile(Path(scratch) / f"{name}.gif", target)
            return target
        target = folder / f"lecture-{name}.png"
        shrink(Path(scratch) / f"{name}.png", target, _NARROWER.get(name, _WIDTH))
        return target


def shrink(source: Path, target: Path, width: int) -> None:
    """Write a picture `width` pixels wide and with a palette, a fifth of the size."""
    with Image.open(source) as image:
        height = round(image.height * width / image.width)
        small = image.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
    palette = small.quantize(256, method=Image.Quantize.FASTOCTREE)
    small.quantize(palette=palette, dither=Image.Dither.NONE).save(target, optimize=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the pictures of docs/lecture.md.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(DEMOS))
    parser.add_argument("--out", type=Path, default=IMAGES, metavar="FOLDER")
    options = parser.parse_args()
    if unknown := set(options.names) - set(DEMOS):
        parser.error(f"there is no demo {', '.join(sorted(unknown))}")
    options.out.mkdir(parents=True, exist_ok=True)
    for name in options.names or DEMOS:
        target = make(name, options.out)
        print(f"--- {target}: {target.stat().st_size / 1000:.0f} kB\n")


if __name__ == "__main__":
    main()
