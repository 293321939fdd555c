"""Rows of small panels: smoke, signed fields and curves, in the project's look."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sciopt.plotting import style
from sciopt.plotting.paint import smoke_picture, vorticity, vorticity_picture, with_obstacle

Draw = Callable[[Axes], None]

_INCHES = 11.0  # across the page
_ARROWS = 12  # along the longer side
_LEAST = 0.08  # of the longest arrow: shorter ones are only dots


@dataclass(frozen=True)
class Panel:
    """One of a row.

    Attributes:
        title: above it, short.
        draw: what is in it.
        is_picture: whether it has no ticks.
    """

    title: str
    draw: Draw
    is_picture: bool = True


def page(panels: Sequence[Panel], columns: int, aspect: float = 1.0) -> Figure:
    """Panels row by row.

    Args:
        aspect: height of a picture by its width.
    """
    rows = -(-len(panels) // columns)
    across = _INCHES / columns - 0.2
    figure = style.new_figure(_INCHES, rows * (aspect * across + 0.6) + 0.1)
    for axes, panel in zip(figure.subplots(rows, columns, squeeze=False).flat, panels):
        if panel.is_picture:
            style.as_picture(axes, panel.title)
        else:
            axes.set_title(panel.title, loc="left")
            axes.set_box_aspect(aspect)
        panel.draw(axes)
    return figure


def smoke(title: str, densities: Any, solid: Any = None, arrows: Any = None) -> Panel:
    """Smoke in its colours, what is solid before it, and a velocity or force as arrows.

    Args:
        densities: shape (dyes, nx, ny).
        solid: occlusion, shape (nx, ny).
        arrows: shape (2, nx, ny); the longest is as long as the space between two of them.
    """
    picture = smoke_picture(densities)
    return image(title, picture if solid is None else with_obstacle(picture, solid), arrows)


def curl(title: str, velocity: Any, limit: float, solid: Any = None) -> Panel:
    """The vorticity of a velocity, (2, nx, ny), in colours that end at `limit`."""
    picture = vorticity_picture(vorticity(velocity), limit)
    return image(title, picture if solid is None else with_obstacle(picture, solid))


def signed(title: str, field: Any, limit: float) -> Panel:
    """A field with a sign, (nx, ny): blue is negative, orange positive."""
    return image(title, vorticity_picture(field, limit))


def image(title: str, picture: Any, arrows: Any = None) -> Panel:
    """Red, green and blue, shape (nx, ny, 3)."""

    def draw(axes: Axes) -> None:
        axes.imshow(picture, interpolation="bicubic")
        if arrows is not None:
            _draw_arrows(axes, np.asarray(arrows))

    return Panel(title, draw)


def _draw_arrows(axes: Axes, vectors: Any) -> None:
    _, nx, ny = vectors.shape
    side = max(1, max(nx, ny) // _ARROWS)
    rows, columns = nx // side, ny // side
    blocks = vectors[:, : rows * side, : columns * side].reshape(2, rows, side, columns, side)
    down, right = blocks.mean(axis=(2, 4))
    x, y = (np.arange(count) * side + (side - 1) / 2 for count in (rows, columns))
    length = np.hypot(down, right)
    longest = length.max() or 1.0
    seen = length > _LEAST * longest
    y, x = np.meshgrid(y, x)
    axes.quiver(
        y[seen], x[seen], right[seen], down[seen], angles="xy", scale_units="xy",
        scale=longest / (1.4 * side), color=style.ACCENT, edgecolor=style.PAPER, linewidth=0.4,
        width=0.01, minlength=0.0,
    )  # fmt: skip


def curves(
    title: str,
    across: str,
    lines: Mapping[str, tuple[Any, Any]],
    *,
    dots: Mapping[str, tuple[float, float]] | None = None,
    log: bool = False,
) -> Panel:
    """Curves by name, each (x, y).

    Args:
        across: what x is.
        dots: single points by name.
        log: whether both scales are logarithmic; with dots that of x always is.
    """

    def draw(axes: Axes) -> None:
        colours = (style.ALARM, style.ACCENT, style.INK, "#5fb4ea")
        for k, ((name, (x, y)), colour) in enumerate(zip(lines.items(), colours)):
            axes.plot(x, y, color=colour, lw=2 if k or len(lines) == 1 else 5, label=name)
        for name, (px, py) in (dots or {}).items():
            axes.plot(
                px, py, "o", color=style.INK if name == "begins" else style.ACCENT, label=name
            )
        axes.set_xlabel(across)
        axes.grid(True)
        if log or dots:
            axes.set_xscale("log")
        if log:
            axes.set_yscale("log")
        if len(lines) > 1 or dots:
            axes.legend(
                fontsize=10, handlelength=1.2, labelspacing=0.3,
                loc="upper right" if log else "best",
                bbox_to_anchor=(1.0, 0.9) if log else None,
            )  # fmt: skip

    return Panel(title, draw, is_picture=False)
