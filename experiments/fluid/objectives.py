"""What three objectives see of a blob that is carried away, and where forces drive smoke to.

Command: ``python -m experiments.fluid.objectives [--out FOLDER]``, seconds; without FOLDER the
picture replaces that in docs/images. Expected: the mean square is flat from a blob's width on, the
blurred one from some widths on, and transport is the square of the distance everywhere.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
from matplotlib.figure import Figure

from experiments.lecture_page import IMAGES, shrink
from sciopt.fluid.drawings import draw
from sciopt.fluid.driving import driving_force
from sciopt.fluid.objectives import blurred_mean_square, mean_square, transport
from sciopt.fluid.smoke import initial_smoke
from sciopt.plotting import style
from sciopt.plotting.paint import smoke_picture

_CELLS, _RADIUS, _BLUR = 64, 3.0, 6.0
_DRIVEN, _WIDTH, _EVERY = 110, 6.0, 5
_OPEN = (False, False)


@dataclass(frozen=True)
class Landscape:
    """Objectives by the distance of a blob from its target.

    Attributes:
        distances: in sides of the box, (K,).
        values: of each objective, by name, divided by the last one, (K,).
    """

    distances: Any
    values: dict[str, Any]


def landscape(count: int = 40) -> Landscape:
    """Carry a blob along the box, away from an equal one."""

    def blob(x: float) -> Any:
        i, j = numpy.indices((_CELLS, _CELLS))
        square = (i - _CELLS / 2) ** 2 + (j - x) ** 2
        return numpy.exp(-square / (2 * _RADIUS**2))[None]

    start = 4 * _RADIUS
    shifts = numpy.linspace(0, _CELLS - 2 * start, count)
    target = blob(start)
    objectives = {
        "mean square": mean_square,
        f"blurred by {_BLUR:g} cells": lambda s, t: blurred_mean_square(s, t, _BLUR, _OPEN),
        "transport": lambda s, t: transport(s, t, periodic=_OPEN),
    }
    values = {
        name: numpy.array([float(f(blob(start + d), target)) for d in shifts])
        for name, f in objectives.items()
    }
    return Landscape(shifts / _CELLS, {name: v / v[-1] for name, v in values.items()})


def draw_page(shown: Landscape) -> Figure:
    """The landscape, and the driving force on the bands."""
    figure = style.new_figure(11.0, 4.6)
    left, right = figure.subplots(1, 2, width_ratios=(1.25, 1))
    left.set_title("a blob and its target, apart", loc="left")
    left.set_xlabel("distance, sides of the box")
    left.set_ylabel("objective, relative")
    for (name, values), colour in zip(shown.values.items(), (style.ALARM, style.INK, style.ACCENT)):
        left.plot(shown.distances, values, color=colour, lw=2, label=name)
    left.legend(loc="lower right")
    shape = (_DRIVEN, _DRIVEN)
    smoke, target = initial_smoke("bands", shape)[None], draw("smile", shape)[None]
    force = driving_force(smoke, target, _WIDTH)
    style.as_picture(right, "where forces drive the bands")
    right.imshow(smoke_picture(0.5 * smoke + 0.5 * target), interpolation="bicubic")
    at = numpy.arange(_EVERY // 2, _DRIVEN, _EVERY)
    down, right_hand = force[:, at[:, None], at]
    right.quiver(at, at, right_hand, down, angles="xy", color=style.ACCENT, width=0.005)
    return figure


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, default=IMAGES)
    out: Path = parser.parse_args(arguments).out
    out.mkdir(parents=True, exist_ok=True)
    shown = landscape()
    half = len(shown.distances) // 2
    for name, values in shown.values.items():
        print(f"{name:22} at half the distance: {values[half]:.3f} of its value at the whole")
    path = out / "fluid-objectives.png"
    with style.themed():
        style.save(draw_page(shown), path)
    shrink(path, path, 1100)
    print(path)


if __name__ == "__main__":
    main()
