"""The result in four pictures: what should come out, what did, the difference, the flow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sciopt.fluid.result import FluidResult
from sciopt.plotting import style
from sciopt.plotting.paint import smoke_picture, vorticity, with_obstacle

Array = NDArray[np.float64]
Arrows = tuple[Array, Array, Array, Array]
Colours = Literal["density", "signed", "speed", "picture"]

_ARROWS = 26  # along the longer side of the velocity panel
_BRIGHTEST = 0.995  # quantile of the speed shown as white: a few fast cells would dim the rest


@dataclass(frozen=True)
class Panel:
    """One picture.

    Attributes:
        title: above it.
        values: shape (rows, columns), or with red, green and blue as bytes, (rows, columns, 3).
        colours: what the values mean.
        limit: value at which the colours end, above 0.
        quantity: beside the scale of colours; none for pictures.
        arrows: (row, column, down, right) of a thinned velocity, in cells and cells per step.
    """

    title: str
    values: NDArray[Any]
    colours: Colours
    limit: float = 1.0
    quantity: str = ""
    arrows: Arrows | None = None


@dataclass(frozen=True)
class Panels:
    """What the result figure shows.

    Attributes:
        headline: how well it went, in one line.
        panels: four.
    """

    headline: str
    panels: tuple[Panel, Panel, Panel, Panel]


def panels(result: FluidResult) -> Panels:
    """The fields of the result figure with the limits of their colours."""
    if result.targets.shape[0]:
        target = np.asarray(result.targets[-1], np.float64)
        smoke = np.asarray(result.keyframe_smoke[-1], np.float64)
        after = f"smoke after {result.keyframe_steps[-1]} steps"
        first = _smoke_panel("target", target, result)
        second = _smoke_panel(after, smoke, result)
        third = _difference(smoke - target)
    else:
        after = f"smoke after {result.frame_steps[-1]} steps"
        first = _smoke_panel("smoke at the start", result.smoke_initial, result)
        second = _smoke_panel(after, result.smoke_final, result)
        third = _vorticity(result)
    return Panels(_headline(result), (first, second, third, _velocity(result)))


def _headline(result: FluidResult) -> str:
    ended = "" if result.status == "finished" else f", {result.status}"
    names = [str(name) for name in result.part_names]
    loss = "mean square mismatch" if names == ["mean square"] else "loss"
    return (
        f"{loss} {result.loss_initial:.3g} → {result.loss_final:.3g}"
        f" in {result.iterations} iterations{ended}"
    )


def _smoke_panel(title: str, densities: NDArray[Any], result: FluidResult) -> Panel:
    """One dye with a scale of its density; several, or an obstacle, in colours."""
    if densities.shape[0] == 1 and not result.occlusion.size:
        return Panel(title, np.asarray(densities[0], np.float64), "density", 1.0, "density")
    return Panel(title, _in_front(smoke_picture(densities), result), "picture")


def _in_front(picture: NDArray[np.uint8], result: FluidResult) -> NDArray[np.uint8]:
    return with_obstacle(picture, result.occlusion) if result.occlusion.size else picture


def _difference(difference: Array) -> Panel:
    mean = difference.mean(axis=0)
    limit = _limit(np.abs(mean), quantile=1.0)
    return Panel("smoke minus target", mean, "signed", limit, "too little  ·  too much")


def _vorticity(result: FluidResult) -> Panel:
    curl = vorticity(result.velocity_final)
    limit = _limit(np.abs(curl), quantile=_BRIGHTEST)
    return Panel("vorticity at the end", curl, "signed", limit, "clockwise  ·  counter-clockwise")


def _velocity(result: FluidResult) -> Panel:
    """At the start; at the end where it was the same everywhere at the start."""
    start = np.asarray(result.velocity, np.float64)
    is_uniform = not np.any(np.ptp(start, axis=(1, 2)))
    velocity = np.asarray(result.velocity_final, np.float64) if is_uniform else start
    speed = np.hypot(velocity[0], velocity[1])
    title = "velocity at the end" if is_uniform else "initial velocity"
    limit = _limit(speed, quantile=_BRIGHTEST)
    return Panel(title, speed, "speed", limit, "speed, cells per step", _thinned(velocity))


def _limit(sizes: Array, quantile: float) -> float:
    """That quantile of the finite sizes, or 1 if it vanishes: a scale of colours needs a width."""
    finite = sizes[np.isfinite(sizes)]
    limit = float(np.quantile(finite, quantile)) if finite.size else 0.0
    return limit if limit > 0 else 1.0


def _thinned(velocity: Array) -> Arrows:
    """Mean velocity over square blocks, at their middles; cells beyond whole blocks stay out."""
    _, nx, ny = velocity.shape
    side = max(1, min(nx, ny, -(-max(nx, ny) // _ARROWS)))
    rows, columns = nx // side, ny // side
    blocks = velocity[:, : rows * side, : columns * side]
    down, right = blocks.reshape(2, rows, side, columns, side).mean(axis=(2, 4))
    row, column = np.indices((rows, columns)) * float(side) + (side - 1) / 2
    return row, column, down, right


def draw_panels(shown: Panels) -> Figure:
    """The four pictures, two by two."""
    nx, ny = shown.panels[0].values.shape[:2]
    figure = style.new_figure(10.0, float(np.clip(1.6 + 8.0 * nx / ny, 4.0, 22.0)))
    figure.suptitle(shown.headline)
    for axes, panel in zip(figure.subplots(2, 2).ravel(), shown.panels):
        _draw(axes, panel)
    return figure


def _draw(axes: Axes, panel: Panel) -> None:
    """A field as an image with its colour bar, which is as high as the image."""
    style.as_picture(axes, panel.title)
    if panel.colours == "picture":
        axes.imshow(panel.values, interpolation="bicubic")
        return
    low = -panel.limit if panel.colours == "signed" else 0.0
    colours = style.SIGNED if panel.colours == "signed" else style.SMOKE
    image = axes.imshow(
        panel.values, interpolation="bicubic", cmap=colours, vmin=low, vmax=panel.limit
    )
    room = axes.inset_axes((1.03, 0.0, 0.035, 1.0))
    beyond = _limit(panel.values, quantile=1.0) > 1.01 * panel.limit
    bar = axes.figure.colorbar(image, cax=room, extend="max" if beyond else "neither")
    bar.set_label(panel.quantity, color=style.FAINT, fontsize=11)
    bar.outline.set_visible(False)
    if panel.arrows is not None:
        row, column, down, right = panel.arrows
        if np.any(down) or np.any(right):  # arrows are scaled by their mean length
            axes.quiver(column, row, right, down, angles="xy", color=style.ACCENT, width=0.004)
