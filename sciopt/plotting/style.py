"""The look of all figures: night-blue paper, warm ink, colour maps for smoke and for signs.

Figures are drawn by Agg through their own canvas. Nothing here touches pyplot, the user's backend
or, beyond the `themed` block, the user's settings.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from sciopt.runs import replacing

PAPER = "#0b0d1e"
INK = "#ece7dd"
FAINT = "#8f93ad"
GRID = "#262a47"
ACCENT = "#f2b872"
ALARM = "#ff7a66"

SMOKE = LinearSegmentedColormap.from_list(
    "smoke",
    [
        "#0b0d1e",
        "#23224f",
        "#423b80",
        "#625ba6",
        "#7f81c2",
        "#99a8d2",
        "#b8cedd",
        "#dbe7e2",
        "#fff8ea",
    ],
)
"""Density or speed: night blue through violet to warm white, lightness rising evenly."""

SIGNED = LinearSegmentedColormap.from_list(
    "signed",
    [
        "#b5e4ff",
        "#5fb4ea",
        "#2b72b3",
        "#1c3c6b",
        "#0f1226",
        "#6b3a1c",
        "#b3652b",
        "#ee9d52",
        "#ffdcb0",
    ],
)
"""A signed quantity: blue is negative, orange positive, dark is zero; safe for the colour-blind."""

DOTS_PER_INCH = 150

_THEME = {
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "axes.edgecolor": GRID,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.titlesize": 13,
    "axes.titlepad": 9,
    "axes.labelsize": 12,
    "axes.labelpad": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "text.color": INK,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.labelsize": 10.5,
    "ytick.labelsize": 10.5,
    "font.family": "DejaVu Sans",
    "font.size": 12,
    "figure.titlesize": 15,
    "legend.frameon": False,
}


@contextmanager
def themed() -> Iterator[None]:
    """Draw in the project's look, whatever the user's matplotlibrc says, and restore that after."""
    with style.context(["default", _THEME]):
        yield


def new_figure(width: float, height: float) -> Figure:
    """An empty figure of `width` x `height` inches that keeps its labels from being clipped."""
    layout = ConstrainedLayoutEngine(w_pad=0.16, h_pad=0.16, wspace=0.04, hspace=0.03)
    figure = Figure(figsize=(width, height), dpi=DOTS_PER_INCH, layout=layout)
    FigureCanvasAgg(figure)
    return figure


def save(figure: Figure, path: Path) -> Path:
    """Write `figure` as a PNG that is whole or absent, and return its path."""
    with replacing(path) as partial:
        figure.savefig(partial, format="png")
    return path


def as_picture(axes: Axes, title: str) -> None:
    """Frame an image without ticks under its title."""
    axes.set_title(title, loc="left")
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(True)
