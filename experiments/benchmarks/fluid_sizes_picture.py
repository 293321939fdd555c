"""The picture of `fluid_sizes`: how long a step takes, by the number of cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from sciopt.plotting import style

_COLOURS = (style.INK, style.ACCENT, style.ALARM, "#5fb4ea", "#9d8cf0")


def draw(
    costs: Mapping[str, Sequence[float]], sizes: Sequence[int], bar: float, path: Path
) -> Path:
    """Write the picture: a step's time on the left, by the mean of the scheme on the right.

    Args:
        costs: nanoseconds per cell and step for each size, by scheme.
        sizes: cells along a side.
        bar: how far a cost may be off the mean.
        path: of the PNG.
    """
    cells = np.square(sizes)
    with style.themed():
        figure = style.new_figure(11, 4.8)
        left, right = figure.subplots(1, 2)
        right.axhspan(1 - bar, 1 + bar, color=style.GRID, lw=0)
        for (name, row), colour in zip(costs.items(), _COLOURS):
            look = {"color": colour, "marker": "o", "markersize": 5, "linewidth": 1.8}
            left.loglog(cells, 1e-6 * np.asarray(row) * cells, label=name, **look)
            right.semilogx(cells, np.asarray(row) / np.mean(row), **look)
        guide = 1e-6 * cells * 0.6 * min(min(row) for row in costs.values())
        left.loglog(cells, guide, color=style.FAINT, linestyle=":", label="linear")
        _label(left, sizes, "Value and gradient, ms per step")
        _label(right, sizes, "Cost of a cell, by the mean of its scheme")
        right.set_ylim(0, 2)
        left.legend(loc="upper left", fontsize=10, labelcolor=style.INK)
        right.annotate(
            f"within {bar:.0%}", (cells[-1], 1 - bar), (0, 5), textcoords="offset points",
            ha="right", color=style.FAINT, fontsize=10.5,
        )  # fmt: skip
        return style.save(figure, path)


def _label(axes: Axes, sizes: Sequence[int], title: str) -> None:
    axes.set_title(title, loc="left")
    axes.set_xlabel("cells")
    axes.minorticks_off()
    axes.set_xticks(np.square(sizes), [f"{n}²" for n in sizes])
    axes.grid(axis="y")
    axes.set_axisbelow(True)
