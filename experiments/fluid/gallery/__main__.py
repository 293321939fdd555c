"""Draw the pictures of docs/fluid.md.

Command: ``python -m experiments.fluid.gallery [NAME ...] [--out FOLDER]``, a few minutes; without
FOLDER the pictures replace those in docs/images. Expected: the same pictures again.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from experiments.lecture_page import IMAGES, shrink
from sciopt.plotting import style

from . import controls, flows, searches

FIGURES = {**flows.FIGURES, **controls.FIGURES, **searches.FIGURES}
_WIDTH = 1000  # pixels


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(FIGURES))
    parser.add_argument("--out", type=Path, default=IMAGES, metavar="FOLDER")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(FIGURES):
        parser.error(f"there is no picture {', '.join(sorted(unknown))}")
    options.out.mkdir(parents=True, exist_ok=True)
    for name in options.names or FIGURES:
        path = options.out / f"fluid-{name}.png"
        with style.themed():
            style.save(FIGURES[name](), path)
        shrink(path, path, _WIDTH)
        print(f"{path}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
